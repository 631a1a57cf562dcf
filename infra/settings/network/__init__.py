"""The virtual network of an environment: its addresses, its names, and access from outside."""

from pydantic import Field

from infra.settings.base import Section
from infra.settings.edge import Edge, FlowLogs

from .existing import ExistingNetwork
from .hub import Hub


class Subnets(Section):
    """Explicit CIDRs of subnets. The other subnets are planned in the rest of the VCN's CIDR."""

    public: str | None = None
    """Front ends and the public load balancer; 10.0.1.0/24 in the default VCN."""

    private: str | None = None
    """CPU nodes; 10.0.2.0/24 in the default VCN."""

    gpu: str | None = None
    """GPU nodes; 10.0.3.0/24 in the default VCN."""

    database: str | None = None
    """Databases and caches; 10.0.4.0/24 in the default VCN."""

    api: str | None = None
    """The Kubernetes API endpoint; 10.0.0.0/28 in the default VCN."""

    bastion: str | None = None
    """The bastion's endpoint; 10.0.0.16/28 in the default VCN. Default: a range that the other subnets leave free."""

    loadbalancers: str | None = None
    """Load balancers of Kubernetes services."""

    pods: str | None = None
    """Pods. They use addresses of the VCN: nodes times pods per node must fit."""


class Network(Section):
    """The virtual network of one environment."""

    existing: ExistingNetwork | None = None
    """A VCN and subnets that exist already, instead of new ones. Default: the program creates the network."""

    cidr: str = "10.0.0.0/16"
    """The VCN's CIDR, /16 at most. It must not overlap the pod or service addresses of peered networks."""

    dns_label: str = "genaiplayground"
    """DNS label of the VCN: a letter, then letters and digits, 15 characters at most. A change replaces the VCN and
    everything in it: the cluster, its GPU nodes and the databases."""

    subnets: Subnets = Field(default_factory=Subnets)
    """Explicit CIDRs of subnets."""

    hub: Hub | None = None
    """A DRG that joins the network to others. Default: the network is alone."""

    bastion_client_cidrs: tuple[str, ...] = ()
    """Networks that may open a bastion session to the API endpoint. Empty: no bastion."""

    edge: Edge = Field(default_factory=Edge)
    """Access from outside: load balancer, certificate, firewall, DNS. Default: none of them."""

    flow_logs: FlowLogs | None = None
    """The log of connections in the VCN. Default: none."""
