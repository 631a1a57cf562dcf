"""A network that exists already: its VCN, its subnets by role, its gateways, and security groups to join."""

from collections.abc import Mapping
from typing import Self, cast

from pydantic import ConfigDict, Field, model_validator

from infra.settings.base import Section

_SUBNET = "must be the OCID of a subnet, or `{cidr: …}` for a new one"


class ExistingSubnet(Section):
    """The OCID of an existing subnet, or `{cidr: …}`: the program creates the subnet in the existing VCN."""

    model_config = ConfigDict(
        json_schema_extra={"type": ["string", "object"], "pattern": r"^ocid1\.subnet\..+$"}
    )

    id: str | None = None
    """OCID of an existing subnet. The OCID alone, without a key, means the same."""

    cidr: str | None = None
    """IPv4 CIDR of a new subnet, in the VCN's ranges and beside its other subnets. A change may replace the subnet."""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        if isinstance(value, str):
            return {"id": value}
        if not isinstance(value, Mapping):
            raise ValueError(_SUBNET)  # pydantic shows only this class
        return cast(object, value)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.id is None) == (self.cidr is None):
            raise ValueError(_SUBNET)
        return self


class ExistingSubnets(Section):
    """Subnets by role, each an OCID or `{cidr: …}`. Only the roles that the environment uses are required."""

    public: ExistingSubnet | None = None
    """The load balancer of `network.edge`."""

    private: ExistingSubnet | None = None
    """CPU nodes and file systems."""

    gpu: ExistingSubnet | None = None
    """GPU nodes."""

    database: ExistingSubnet | None = None
    """Databases and caches."""

    api: ExistingSubnet | None = None
    """The Kubernetes API endpoint. An existing cluster has its own."""

    bastion: ExistingSubnet | None = None
    """The bastion's endpoint. A security list of the subnet must let it call the API endpoint."""

    loadbalancers: ExistingSubnet | None = None
    """Load balancers of Kubernetes services."""

    pods: ExistingSubnet | None = None
    """Pods."""

    @property
    def given(self) -> dict[str, str]:
        """The OCIDs of existing subnets by role."""
        return {role: each.id for role, each in self._set.items() if each.id is not None}

    @property
    def added(self) -> dict[str, str]:
        """The CIDRs of subnets to create by role."""
        return {role: each.cidr for role, each in self._set.items() if each.cidr is not None}

    @property
    def _set(self) -> dict[str, ExistingSubnet]:
        found: dict[str, ExistingSubnet | None] = {
            role: getattr(self, role) for role in type(self).model_fields
        }
        return {role: each for role, each in found.items() if each is not None}


class ExistingGateways(Section):
    """Gateways of the existing VCN, to which new subnets route. Default: the ones that the VCN has."""

    internet_id: str | None = None
    """OCID of the internet gateway, for public roles."""

    nat_id: str | None = None
    """OCID of the NAT gateway, for nodes and pods."""

    service_id: str | None = None
    """OCID of the service gateway, for all of Oracle's services."""

    drg_id: str | None = None
    """OCID of the DRG that the VCN is attached to. It is used only with `drgCidrs`."""

    drg_cidrs: tuple[str, ...] = ()
    """IPv4 ranges behind the DRG, which new subnets route to it. With 0.0.0.0/0, nodes and pods reach the internet
    through the DRG."""


class ExistingNetwork(Section):
    """An existing network. The program reads and checks it, and never changes or deletes any part of it. It adds the
    subnets that have a CIDR."""

    vcn_id: str
    """OCID of the VCN."""

    subnets: ExistingSubnets = Field(default_factory=ExistingSubnets)
    """Its subnets by role."""

    gateways: ExistingGateways = Field(default_factory=ExistingGateways)
    """Its gateways. Only with a subnet that has a CIDR."""

    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """OCIDs of existing network security groups that members join in addition to the program's own groups, by the kind
    of member: `api`, `worker`, `gpu`, `pod`, `loadbalancer`, `frontend`, `backend`, `database`, `filestorage`,
    `lustre`."""
