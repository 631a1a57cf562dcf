"""The OKE cluster and its CPU pools."""

from typing import Any, Literal

from pydantic import Field

from facts.kubernetes import DEFAULT_VERSION
from infra.settings.base import Name, Section


class Endpoint(Section):
    """Where the Kubernetes API answers."""

    access: Literal["private", "public"] = "private"
    """`private`: an address of the VCN only. `public`: an internet address too, for `allowedCidrs`."""

    allowed_cidrs: tuple[str, ...] = ()
    """Who may reach the endpoint, beside nodes, pods and the deployer. Required when `access` is `public`."""


class Addon(Section):
    """An OKE add-on."""

    version: str | None = None
    """Pinned version. Default: the cluster keeps the add-on current."""

    configurations: dict[str, str] = Field(default_factory=dict[str, str])
    """Configuration keys and values of the add-on, as Oracle documents them."""


class CpuPool(Section):
    """A node pool without GPUs, for the system's own pods and for gateways and routers."""

    name: Name
    """Name of the pool, unique among the pools of the cluster."""

    shape: str = "VM.Standard.E5.Flex"
    """Shape of a node."""

    ocpus: int = 4
    """OCPUs a node, of a flexible shape."""

    memory_gib: int = 16
    """Memory a node in GiB, of a flexible shape."""

    nodes: int = 3
    """Nodes in the pool, spread over the region's availability or fault domains."""

    size_owner: Literal["fixed", "external"] = "fixed"
    """Who says how many nodes there are. `fixed`: `nodes` does, always. `external`: `nodes` does as the pool is made;
    from then on the program leaves the size to an autoscaler of yours."""

    min_nodes: int | None = None
    """Fewest nodes that an external owner may leave. Required with `sizeOwner: external`, and refused otherwise."""

    max_nodes: int | None = None
    """Most nodes that an external owner may reach. Required with `sizeOwner: external`, and refused otherwise."""

    max_pods: int | None = None
    """Pods a node, 110 at most; flexible shapes allow 31 a network card. Default: what the shape allows."""

    image_id: str
    """OCID of the OKE node image in the region, which must match the cluster's version."""

    boot_volume_gib: int = 100
    """Size of a node's boot volume in GiB."""

    preemptible: bool = False
    """Whether nodes are preemptible capacity, which OCI may take back."""

    @property
    def component_args(self) -> dict[str, Any]:
        """The fields that the component's args have under the same names: all but the pool's own name."""
        return self.model_dump(exclude={"name"})


class Cluster(Section):
    """The OKE cluster of one environment."""

    kubernetes_version: str = DEFAULT_VERSION
    """Kubernetes version of the control plane and of new nodes. It goes up one minor at a time."""

    endpoint: Endpoint = Field(default_factory=Endpoint)
    """Where the Kubernetes API answers."""

    secrets_key_id: str | None = None
    """OCID of the vault key that encrypts Kubernetes secrets, which the cluster's principal must be allowed to use.
    Changing it later replaces the cluster. Default: the key of the environment's own vault."""

    services_cidr: str = "10.96.0.0/16"
    """Addresses of Kubernetes services, outside the VCN."""

    image_signing_key_ids: tuple[str, ...] = ()
    """OCIDs of the keys that images must be signed with. Empty: unsigned images may run."""

    addons: dict[str, Addon] = Field(default_factory=dict[str, Addon])
    """Add-ons by their OKE name, beside those that the GPU pools need."""

    pools: tuple[CpuPool, ...] = ()
    """CPU pools. A cluster with GPU pools needs one: system pods cannot run on GPU nodes."""
