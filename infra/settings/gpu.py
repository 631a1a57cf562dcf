"""The GPU pools."""

from typing import Any, Literal

from pydantic import Field

from facts.kubernetes import MAX_EVICTION_MINUTES

from .base import ENCRYPTION_MARK, Name, Section


class ImageImport(Section):
    """A node image to import into the region, which takes 30 to 60 minutes once."""

    name: str
    """Name of the image file. Another name imports another image; another address of the same name does not."""

    url: str = Field(json_schema_extra={ENCRYPTION_MARK: "maybe"})
    """Address in Object Storage, as a rule a pre-authenticated request. Read once."""


class GpuPool(Section):
    """A pool of GPU nodes joined by RDMA in one compute cluster, in one availability domain."""

    name: Name
    """Name of the pool, unique among the pools of the cluster. Models name it."""

    shape: str = "BM.GPU.MI300X.8"
    """Shape of a node."""

    nodes: int
    """Nodes. One node has as many GPUs as its shape; limits count GPUs."""

    size_owner: Literal["fixed", "external"] = "fixed"
    """Who says how many nodes there are. `fixed`: `nodes` does, always. `external`: `nodes` does as the pool is made;
    from then on the program leaves the size to an autoscaler of yours."""

    min_nodes: int | None = None
    """Fewest nodes that an external owner may leave. Required with `sizeOwner: external`, and refused otherwise."""

    max_nodes: int | None = None
    """Most nodes that an external owner may reach. Required with `sizeOwner: external`, and refused otherwise."""

    availability_domain: int = Field(default=1, ge=1, le=3)
    """Number of the availability domain. Instances of a compute cluster share one."""

    image_id: str | None = None
    """OCID of the imported node image in the region (Ubuntu with amdgpu and OFED drivers). This or `imageImport`."""

    image_import: ImageImport | None = None
    """An image to import in place of `imageId`."""

    max_pods: int | None = None
    """Pods a node, 110 at most. Default: 64."""

    boot_volume_gib: int = 512
    """Size of a node's boot volume in GiB."""

    boot_volume_key_id: str | None = None
    """OCID of the vault key of boot volumes. Default: Oracle's own key."""

    nvme_raid: Literal[0, 10] = 10
    """RAID level of the local NVMe drives: 10 survives a drive, 0 has twice the space."""

    rdma: bool = True
    """Whether nodes join a compute cluster. Without it they have no RDMA network between them."""

    placement_constraint: str | None = None
    """SINGLE_TIER, SINGLE_BLOCK or PACKED_DISTRIBUTION_MULTI_BLOCK of the compute cluster. Default: none."""

    capacity_reservation_id: str | None = None
    """OCID of a capacity reservation that nodes come from. Unused capacity in it is billed at 85 %."""

    preemptible: bool = False
    """Whether nodes are preemptible capacity. OCI has none of bare-metal shapes."""

    node_packages_url: str | None = None
    """Address of an apt repository with OKE's node packages. Default: those in the image, and none else."""

    node_cycling: bool = True
    """Whether a change of image, version or boot script renews nodes that are there, one at a time, without a spare."""

    eviction_minutes: int = MAX_EVICTION_MINUTES
    """How long a node is drained, 0 to 60 minutes."""

    ssh_public_key: str | None = None
    """SSH public key of the nodes. Default: none."""

    labels: dict[str, str] = Field(default_factory=dict[str, str])
    """Kubernetes labels of the nodes, beside those that the pool sets itself."""

    taints: tuple[str, ...] = ()
    """Further taints of the nodes, as `key=value:Effect`; OKE itself sets `amd.com/gpu`."""

    @property
    def component_args(self) -> dict[str, Any]:
        """The fields that the component's args take as they stand here."""
        return self.model_dump(exclude={"name", "availability_domain", "image_import", "boot_volume_key_id"})


class Gpu(Section):
    """The GPU pools of one environment."""

    pools: tuple[GpuPool, ...] = ()
    """GPU pools."""
