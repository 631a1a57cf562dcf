"""The existing resources as they were read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from components.network.added_subnets import DRG, INTERNET, NAT, SERVICE
from report.reach import Network


@dataclass(frozen=True, kw_only=True)
class FoundSubnet:
    """An existing subnet."""

    subnet_id: str
    vcn_id: str
    cidr: str
    forbids_public: bool
    """Whether its network cards cannot have a public address."""

    domain: str = ""
    """Availability domain of a subnet that is not regional."""

    state: str = "AVAILABLE"
    used: int = 0
    """Private addresses in use."""


@dataclass(frozen=True, kw_only=True)
class FoundGateways:
    """OCIDs of the gateways to which new subnets route: the ones that the settings name, else those of the VCN."""

    internet: str | None = None
    nat: str | None = None
    service: str | None = None
    drg: str | None = None

    @property
    def present(self) -> Sequence[str]:
        """The keys of `AddedSubnets` for the gateways that exist."""
        every = {INTERNET: self.internet, NAT: self.nat, SERVICE: self.service, DRG: self.drg}
        return [key for key, ocid in every.items() if ocid is not None]


@dataclass(frozen=True, kw_only=True)
class FoundNetwork:
    """An existing VCN with the subnets that the settings name."""

    vcn_id: str
    cidrs: Sequence[str]
    subnets: Mapping[str, FoundSubnet]
    """By role."""

    compartment_id: str = ""
    """Empty if it is not known."""

    state: str = "AVAILABLE"
    network: Network | None = None
    """Its routes, security lists, groups and gateways, by OCID. None if only the OCIDs are known: without an account,
    and for the placeholders of an example."""

    held: Mapping[str, int] | None = None
    """The most addresses that the environment's own nodes and pods have, by the OCID of the subnet. Empty before the
    first `up`; None if they are not known."""

    added: Mapping[str, str] = field(default_factory=dict[str, str])
    """The CIDRs of the subnets that the program adds, by role."""

    gateways: FoundGateways = field(default_factory=FoundGateways)
    """The gateways for the added subnets."""

    neighbours: Mapping[str, str] = field(default_factory=dict[str, str])
    """The CIDRs of all subnets of others in the VCN, by OCID, as far as they can be read."""

    named: bool = False
    """Whether the VCN has a DNS label. Only then can its subnets have one."""

    @property
    def subnet_cidrs(self) -> Mapping[str, str]:
        """The CIDRs of the subnets by role, existing or added."""
        return {**{role: each.cidr for role, each in self.subnets.items()}, **self.added}


@dataclass(frozen=True, kw_only=True)
class FoundPool:
    """A node pool of an existing cluster: the subnets and the security groups of its nodes and pods."""

    name: str
    subnet_ids: Sequence[str]
    group_ids: Sequence[str]
    pod_subnet_ids: Sequence[str]
    pod_group_ids: Sequence[str]

    @property
    def all_group_ids(self) -> Sequence[str]:
        """The groups of nodes and pods."""
        return [*self.group_ids, *self.pod_group_ids]


@dataclass(frozen=True, kw_only=True)
class FoundCluster:
    """An existing cluster."""

    cluster_id: str
    private_endpoint: str
    """Host and port of the API in the VCN."""

    public_endpoint: str = ""
    known: bool = False
    """Whether it was read. If not, only its OCID is known."""

    compartment_id: str = ""
    state: str = "ACTIVE"
    vcn_id: str = ""
    version: str = ""
    enhanced: bool = True
    network_types: Sequence[str] = ()
    """CNI types."""

    api_subnet_id: str = ""
    api_group_ids: Sequence[str] = ()
    public: bool = False
    """Whether the API endpoint has a public address."""

    addons: Sequence[str] = ()
    pools: Sequence[FoundPool] = ()


@dataclass(frozen=True, kw_only=True)
class FoundVault:
    """An existing vault."""

    vault_id: str
    management_endpoint: str
    known: bool = False
    """Whether it was read. If not, only its OCID is known."""

    state: str = "ACTIVE"
    private: bool = True
    """Whether it is a virtual private vault, whose keys can rotate on a schedule."""


@dataclass(frozen=True, kw_only=True)
class Existing:
    """Everything that exists already. A part is None if the program creates it."""

    network: FoundNetwork | None = None
    cluster: FoundCluster | None = None
    vault: FoundVault | None = None
