"""A network that exists already: its VCN, its subnets by role, and security groups to join."""

from pydantic import Field

from infra.settings.base import Section


class ExistingSubnets(Section):
    """OCIDs of existing subnets by role. Only the roles that the environment uses are required."""

    public: str | None = None
    """The load balancer of `network.edge`."""

    private: str | None = None
    """CPU nodes and file systems."""

    gpu: str | None = None
    """GPU nodes."""

    database: str | None = None
    """Databases and caches."""

    api: str | None = None
    """The Kubernetes API endpoint. An existing cluster has its own."""

    bastion: str | None = None
    """The bastion's endpoint. A security list of the subnet must let it call the API endpoint."""

    loadbalancers: str | None = None
    """Load balancers of Kubernetes services."""

    pods: str | None = None
    """Pods."""

    @property
    def given(self) -> dict[str, str]:
        """The OCIDs that are set, by role."""
        found: dict[str, str | None] = self.model_dump()
        return {role: ocid for role, ocid in found.items() if ocid is not None}


class ExistingNetwork(Section):
    """An existing network. The program reads and checks it, and never changes or deletes any part of it."""

    vcn_id: str
    """OCID of the VCN."""

    subnets: ExistingSubnets = Field(default_factory=ExistingSubnets)
    """OCIDs of its subnets by role."""

    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """OCIDs of existing network security groups that members join in addition to the program's own groups, by the kind
    of member: `api`, `worker`, `gpu`, `pod`, `loadbalancer`, `frontend`, `backend`, `database`, `filestorage`,
    `lustre`."""
