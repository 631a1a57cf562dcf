"""The OKE cluster and its CPU pools."""

from typing import Any, Literal

from pydantic import Field

from facts.kubernetes import DEFAULT_VERSION
from infra.settings.base import Name, Section


class Endpoint(Section):
    """The endpoint of the Kubernetes API."""

    access: Literal["private", "public"] = "private"
    """`private`: only an address in the VCN. `public`: also an internet address, open to `allowedCidrs`."""

    allowed_cidrs: tuple[str, ...] = ()
    """Networks that may reach the endpoint, in addition to nodes, pods and the deployer. Required when `access` is
    `public`."""


class Addon(Section):
    """An OKE add-on."""

    version: str | None = None
    """Pinned version. Default: OKE keeps the add-on current."""

    configurations: dict[str, str] = Field(default_factory=dict[str, str])
    """Configuration keys and values of the add-on, as Oracle documents them."""


class CpuPool(Section):
    """A node pool without GPUs, for system pods, gateways and routers."""

    name: Name
    """Name of the pool, unique among the pools of the cluster."""

    shape: str = "VM.Standard.E5.Flex"
    """Shape of a node."""

    ocpus: int = 4
    """OCPUs per node of a flexible shape."""

    memory_gib: int = 16
    """Memory per node of a flexible shape, in GiB."""

    nodes: int = 3
    """Number of nodes, spread over the region's availability domains or fault domains."""

    size_owner: Literal["fixed", "external"] = "fixed"
    """Who sets the number of nodes. `fixed`: always `nodes`. `external`: `nodes` sets it when the pool is created;
    after that your own autoscaler does, and the program leaves the size as it is."""

    min_nodes: int | None = None
    """Fewest nodes that the external owner may set. Required with `sizeOwner: external`, refused otherwise."""

    max_nodes: int | None = None
    """Most nodes that the external owner may set. Required with `sizeOwner: external`, refused otherwise."""

    max_pods: int | None = None
    """Pods per node, 110 at most. Flexible shapes allow 31 per network card. Default: as many as the shape allows."""

    image_id: str
    """OCID of the OKE node image in the region, which must match the cluster's version."""

    boot_volume_gib: int = 100
    """Size of a node's boot volume in GiB."""

    preemptible: bool = False
    """Whether nodes use preemptible capacity, which OCI may reclaim."""

    @property
    def component_args(self) -> dict[str, Any]:
        """The fields that the component's args have under the same names: all except the pool's name."""
        return self.model_dump(exclude={"name"})


class Cluster(Section):
    """The OKE cluster of one environment."""

    kubernetes_version: str = DEFAULT_VERSION
    """Kubernetes version of the control plane and of new nodes. Upgrade it one minor version at a time."""

    endpoint: Endpoint = Field(default_factory=Endpoint)
    """The endpoint of the Kubernetes API."""

    secrets_key_id: str | None = None
    """OCID of the vault key that encrypts Kubernetes secrets. The cluster's principal must be allowed to use it. A
    later change replaces the cluster. Default: the key of the environment's own vault."""

    services_cidr: str = "10.96.0.0/16"
    """Address range of Kubernetes services, outside the VCN."""

    image_signing_key_ids: tuple[str, ...] = ()
    """OCIDs of the keys that must sign images. Empty: unsigned images may run."""

    addons: dict[str, Addon] = Field(default_factory=dict[str, Addon])
    """Add-ons by their OKE name, in addition to those that GPU pools need."""

    pools: tuple[CpuPool, ...] = ()
    """CPU pools. A cluster with GPU pools needs a CPU pool, because system pods cannot run on GPU nodes."""
