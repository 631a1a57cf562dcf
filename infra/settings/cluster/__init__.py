"""The OKE cluster and its CPU pools."""

from typing import Any, Literal

from pydantic import Field

from components.cluster.autoscaler_rules import IDLE_MINUTES, PROVISION_MINUTES
from facts.kubernetes import DEFAULT_VERSION
from infra.settings.base import Name, Section

from .existing import ExistingCluster


class Endpoint(Section):
    """The endpoint of the Kubernetes API."""

    access: Literal["private", "public"] = "private"
    """`private`: only an address in the VCN. `public`: also an internet address, open to `allowedCidrs`. It cannot be
    changed later: the endpoint's subnet would have to be replaced by one with the same range."""

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

    availability_domain: int | None = Field(default=None, ge=1, le=3)
    """Number of the availability domain of the nodes. Required with `sizeOwner: autoscaler`, which needs one pool for
    each domain. Default: all domains of the region."""

    max_pods: int | None = None
    """Pods per node, 110 at most. Flexible shapes allow 31 per network card. Default: as many as the shape allows."""

    image_id: str
    """OCID of the OKE node image in the region, which must match the cluster's version."""

    boot_volume_gib: int = 100
    """Size of a node's boot volume in GiB."""

    boot_volume_key_id: str | None = None
    """OCID of the vault key for boot volumes. Default: the vault's key for volumes, or Oracle's key without a vault."""

    preemptible: bool = False
    """Whether nodes use preemptible capacity, which OCI may reclaim."""

    encrypt_in_transit: bool = True
    """Whether data is encrypted on its way between nodes and their boot volumes. The image must support paravirtualized
    volumes. A change concerns new nodes."""

    eviction_minutes: int | None = None
    """Longest time to drain a node, 0 to 60 minutes. With `traffic.router` it must be enough for the longest stream.
    Default: 15."""

    @property
    def component_args(self) -> dict[str, Any]:
        """The fields that the component's args have under the same names: all except name, version, place and key."""
        return self.model_dump(
            exclude={"name", "kubernetes_version", "availability_domain", "boot_volume_key_id"}
        )


class Autoscaler(Section):
    """OKE's cluster autoscaler. It is installed if a pool has `sizeOwner: autoscaler`."""

    provision_minutes: int = PROVISION_MINUTES
    """How long it waits for a new node before it tries another pool. Oracle recommends 25 minutes and gives no figure
    for bare metal, which takes longer: the default of 60 is an assumption."""

    idle_minutes: int = IDLE_MINUTES
    """How long a node must be idle before it is removed, and how long after the last new node."""

    version: str | None = None
    """Pinned version of the add-on. Default: OKE keeps it current."""

    configurations: dict[str, str] = Field(default_factory=dict[str, str])
    """Further configuration keys and values of the add-on, as Oracle documents them."""

    @property
    def component_args(self) -> dict[str, Any]:
        """The fields that the component's args have under the same names."""
        return self.model_dump()


class CredentialProvider(Section):
    """The program with which nodes log in to OCI's registry (`*.ocir.io`) as themselves, without a pull secret."""

    url: str
    """Https address of one release for linux-amd64 of oracle-devrel/oke-credential-provider-for-ocir. Nodes download it
    when they boot. `latest` is refused: it can change."""

    sha256: str
    """SHA-256 of that file. A node that downloads another file does not join."""


class PoolHours(Section):
    """Node pools that go to size 0 out of hours. OCI's Resource Scheduler invokes a function that sets their sizes."""

    pools: tuple[str, ...]
    """Names of the pools, of `cluster.pools` and `gpu.pools`. The program then sets their size only when it creates
    them."""

    stop: str
    """When the pools go to size 0, as a cron expression of five fields in UTC, e.g. `30 19 * * 1-5`."""

    start: str
    """When the pools get their `nodes` back, in the same form. Changed `nodes` apply from the next start."""

    image: str
    """Image of the function in the region's own registry, e.g. `iad.ocir.io/NAMESPACE/pool-hours:1.0.0`. Its source is
    `components/cluster/pool_hours`."""

    image_digest: str
    """Digest of the image: `sha256:` and 64 hexadecimal digits."""


class Cluster(Section):
    """The OKE cluster of one environment."""

    existing: ExistingCluster | None = None
    """A cluster that exists already, instead of a new one. Needs `network.existing`. Default: the program creates the
    cluster."""

    kubernetes_version: str = DEFAULT_VERSION
    """Kubernetes version of the control plane and of new nodes. Upgrade it one minor version at a time. With an
    existing cluster: the version of new nodes, at most its own."""

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

    autoscaler: Autoscaler = Field(default_factory=Autoscaler)
    """OKE's cluster autoscaler, for pools with `sizeOwner: autoscaler`."""

    pools: tuple[CpuPool, ...] = ()
    """CPU pools. A cluster with GPU pools needs a CPU pool, because system pods cannot run on GPU nodes."""

    credential_provider: CredentialProvider | None = None
    """The program with which the nodes of all pools pull private images from OCI's registry. Default: none; then pods
    need a pull secret."""

    schedule: PoolHours | None = None
    """Pools that stop out of hours. Not allowed where resources are protected, as in `prod`. Default: none."""

    @property
    def scheduled(self) -> tuple[str, ...]:
        """Names of the pools that stop out of hours."""
        return self.schedule.pools if self.schedule else ()
