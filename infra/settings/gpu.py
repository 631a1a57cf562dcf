"""The GPU pools."""

from typing import Any, Literal

from pydantic import Field

from components.gpu.pool_modes import CLUSTER_NETWORK
from facts.kubernetes import MAX_EVICTION_MINUTES

from .base import ENCRYPTION_MARK, Name, Section


class ImageImport(Section):
    """A node image to import into the region. The import takes 30 to 60 minutes, once."""

    name: str
    """Name of the image file. A new name imports a new image. A new address with the same name does not."""

    url: str = Field(json_schema_extra={ENCRYPTION_MARK: "maybe"})
    """Address in Object Storage, usually a pre-authenticated request. It is read once."""


class WarmNodes(Section):
    """Nodes of an autoscaled pool that stay free, so that an engine starts at once. They cost as much as others."""

    nodes: int = 1
    """Nodes that stay free."""

    priority_class: str
    """Class in `serving.priorities` of the pods that hold them, with a value from -10 to -1: engines preempt them, and
    the autoscaler adds a node for them."""

    image: str = "registry.k8s.io/pause"
    """Repository of an image with a program that only waits."""

    image_digest: str
    """Digest of that image, `sha256:…`."""


_OWN = {
    "name", "mode", "warm", "nearby", "kubernetes_version", "availability_domain", "image_import", "boot_volume_key_id"
}  # fmt: skip
"""The fields that the layer passes to the component."""

_MANAGED = {
    "size_owner", "min_nodes", "max_nodes", "rdma", "preemptible", "node_cycling", "eviction_minutes"
}  # fmt: skip
"""The fields that only a managed pool has."""


class GpuPool(Section):
    """A pool of GPU nodes in one availability domain. One compute cluster connects them with RDMA."""

    name: Name
    """Name of the pool, unique among the pools of the cluster. Models refer to it."""

    mode: str = "managed"
    """How nodes are run. `managed`: a node pool of OKE in a compute cluster. `cluster-network`: self-managed nodes in a
    cluster network, with the RDMA plugins switched on. There, the cluster autoscaler, an own autoscaler, a schedule,
    node cycling and upgrades in place are not available: you replace nodes by hand (docs/pools.md)."""

    shape: str = "BM.GPU.MI300X.8"
    """Shape of a node."""

    nodes: int
    """Number of nodes. A node has as many GPUs as its shape. OCI's service limits count GPUs."""

    kubernetes_version: str | None = None
    """Kubernetes version of the nodes: not above the control plane, and at most three minor versions below it. Default:
    `cluster.kubernetesVersion`."""

    size_owner: Literal["fixed", "external", "autoscaler"] = "fixed"
    """Who sets the number of nodes. `fixed`: always `nodes`. `autoscaler`: OKE's cluster autoscaler, which the program
    installs. `external`: your own autoscaler. With both, `nodes` sets the number when the pool is created; after that
    the program leaves the size as it is."""

    min_nodes: int | None = None
    """Fewest nodes that the autoscaler may set. Required with `sizeOwner: autoscaler` or `external`, else refused."""

    max_nodes: int | None = None
    """Most nodes that the autoscaler may set. Required with `sizeOwner: autoscaler` or `external`, else refused."""

    availability_domain: int = Field(default=1, ge=1, le=3)
    """Number of the availability domain. All nodes of an RDMA network are in one."""

    image_id: str | None = None
    """OCID of the imported node image in the region (Ubuntu with amdgpu and OFED drivers). Set this or
    `imageImport`."""

    image_import: ImageImport | None = None
    """An image to import, instead of `imageId`."""

    max_pods: int | None = None
    """Pods per node, 110 at most. Default: 64."""

    boot_volume_gib: int = 512
    """Size of a node's boot volume in GiB."""

    boot_volume_key_id: str | None = None
    """OCID of the vault key for boot volumes. Default: Oracle's key."""

    nvme_raid: Literal[0, 10] = 10
    """RAID level of the local NVMe drives: 10 survives the loss of a drive, 0 has twice the space."""

    rdma: bool = True
    """Whether nodes join a compute cluster. Without it there is no RDMA network between them. A cluster network always
    has RDMA."""

    placement_constraint: str | None = None
    """SINGLE_TIER, SINGLE_BLOCK or PACKED_DISTRIBUTION_MULTI_BLOCK of the RDMA network. Default: none."""

    nearby: Literal["network-block", "local-block", "anywhere"] = "network-block"
    """Part of the RDMA network that the pods of one engine over nodes, or of `serving.jobs.allReduce`, prefer to share.
    It has no effect on nodes without OKE's labels for it (docs/platform.md)."""

    capacity_reservation_id: str | None = None
    """OCID of the capacity reservation for the nodes. Unused capacity in it is billed at 85 %."""

    preemptible: bool = False
    """Whether nodes use preemptible capacity. OCI does not offer it for bare-metal shapes."""

    node_packages_url: str | None = None
    """Address of an apt repository with OKE's node packages. Default: only the packages in the image are used."""

    node_cycling: bool | None = None
    """Whether a change of image, version or boot script renews existing nodes, one at a time and without a spare
    node. Not with `mode: cluster-network`. Default: true."""

    eviction_minutes: int | None = None
    """Longest time to drain a node, 0 to 60 minutes. Not with `mode: cluster-network`. Default: 60."""

    ssh_public_key: str | None = None
    """SSH public key of the nodes. Default: none."""

    warm: WarmNodes | None = None
    """Nodes that stay free for engines. Only with `sizeOwner: autoscaler`. Default: none."""

    labels: dict[str, str] = Field(default_factory=dict[str, str])
    """Kubernetes labels of the nodes, in addition to those that the pool sets."""

    taints: tuple[str, ...] = ()
    """More taints of the nodes, as `key=value:Effect`. OKE itself sets `amd.com/gpu`."""

    @property
    def self_managed(self) -> bool:
        """Whether the nodes join the cluster by themselves, in a cluster network."""
        return self.mode == CLUSTER_NETWORK

    @property
    def drain_minutes(self) -> int:
        """Longest time to drain a node."""
        return MAX_EVICTION_MINUTES if self.eviction_minutes is None else self.eviction_minutes

    @property
    def component_args(self) -> dict[str, Any]:
        """The fields that the component's args have under the same names."""
        return self.model_dump(exclude=_OWN | (_MANAGED if self.self_managed else set()))


class Gpu(Section):
    """The GPU pools of one environment."""

    pools: tuple[GpuPool, ...] = ()
    """GPU pools."""
