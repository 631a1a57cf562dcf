"""The planned network, searched for endpoints that cannot reach each other, before anything is created.

It uses the same plans as the components: CIDRs, port table, routes by role. A test compares it, rule by rule, with the
network that the program registers.
"""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from types import MappingProxyType

from components.network.cidr_plan import BASTION, cidr_problems
from components.network.security_group import PROTOCOLS
from components.network.security_groups import port_table
from facts.oke_pairs import Kind
from facts.ports import ALLOWED, KUBERNETES_API, PortRule
from facts.problem import Problem
from infra.settings.cluster import Cluster
from infra.settings.database import Database
from infra.settings.gpu import Gpu
from infra.settings.network import Network as NetworkSettings
from infra.settings.storage import Storage
from infra.settings.tenancy import Deployer, Tenancy
from report.reach import TCP, Endpoint, Gateway, Network, Packet, PeerKind, Route, Rule, Subnet, reaches
from report.reach_endpoints import INTERNET_ADDRESS, SERVICES, blocked_among, endpoint_in

from .addresses import subnet_plan
from .reach_rules import api_callers

_ANYWHERE = "0.0.0.0/0"
_PUBLIC = ("public", "loadbalancers")
_TO_SERVICES = Route(destination=SERVICES, gateway_id="services")
_TABLES: Mapping[str, Sequence[Route]] = {
    "public": [Route(destination=_ANYWHERE, gateway_id="internet")],
    "private": [Route(destination=_ANYWHERE, gateway_id="nat"), _TO_SERVICES],
    "service": [_TO_SERVICES],
}
_GATEWAYS = {
    "internet": Gateway(kind="internet"),
    "nat": Gateway(kind="nat"),
    "services": Gateway(kind="service", services=[SERVICES]),
    "hub": Gateway(kind="peering"),
}
_PEERS: Mapping[str, PeerKind] = {"group": "group", "service": "service"}
_ENDS: tuple[tuple[Kind, str, tuple[str, ...]], ...] = (
    ("api", "api", ("api",)),
    ("worker", "private", ("worker",)),
    ("worker", "gpu", ("worker", "gpu")),
    ("pod", "pods", ("pod",)),
    ("balancer", "loadbalancers", ("loadbalancer",)),
    ("bastion", BASTION, ()),
)
"""Kinds of endpoints, with their subnets and security groups."""

_DATABASES: Mapping[str, Kind] = {
    "Oracle Database": "oracle",
    "PostgreSQL": "postgresql",
    "Redis": "cache",
    "OpenSearch": "opensearch",
    "Streaming": "streaming",
}
"""The databases of `Database.called`."""


def closed_problems(
    *,
    tenancy: Tenancy,
    network: NetworkSettings,
    cluster: Cluster,
    gpu: Gpu,
    storage: Storage,
    database: Database,
) -> Iterator[Problem]:
    """Pairs of Oracle's table for OKE that cannot connect, and a deployer that cannot reach the API.

    The settings must have passed all other rules. An existing network is searched when it has been read."""
    if network.existing is not None:
        return
    planned = planned_network(
        tenancy=tenancy, network=network, cluster=cluster, gpu=gpu, storage=storage, database=database
    )
    endpoints = planned_endpoints(planned, cluster=cluster, storage=storage, database=database)
    yield from blocked_problems(planned, endpoints, tenancy.deployer, "network")


def blocked_problems(
    planned: Network, endpoints: Mapping[Kind, Sequence[Endpoint]], deployer: Deployer, path: str
) -> Iterator[Problem]:
    """Required connections that are not possible among the endpoints of a network, and a deployer without access."""
    for pair, why in blocked_among(endpoints, planned):
        yield Problem(path, pair.why, f"must be able to connect: {why}")
    for place in _deployer(deployer, planned):
        packet = Packet(protocol=TCP, port=KUBERNETES_API[0])
        closed = reaches(planned, place, endpoints["api"][0], packet).blocked_by
        if closed:
            allowed = f"must reach the Kubernetes API: {closed}"
            yield Problem("tenancy.deployer.access", deployer.access, allowed)


def planned_network(
    *,
    tenancy: Tenancy,
    network: NetworkSettings,
    cluster: Cluster,
    gpu: Gpu,
    storage: Storage,
    database: Database,
    without: str = "",
) -> Network:
    """The network that the sections describe. `without` leaves out the rules with this description."""
    cidrs = subnet_plan(network, cluster, gpu, storage)
    public = (*_PUBLIC, *(["api"] if cluster.endpoint.access == "public" else []))
    return Network(
        subnets={role: _subnet(role, cidr, public) for role, cidr in cidrs.items()},
        tables=_tables(network),
        lists={"none": [], BASTION: [out_of_the_bastion(cidrs["api"])]},
        groups=planned_groups(
            cidrs, tenancy=tenancy, cluster=cluster, storage=storage, database=database, without=without
        ),
        gateways=_GATEWAYS,
    )


def _tables(network: NetworkSettings) -> Mapping[str, Sequence[Route]]:
    """The route tables by kind. Each has a route to the hub's ranges."""
    ranges = network.hub.cidrs if network.hub else ()
    to_hub = [Route(destination=each, gateway_id="hub") for each in ranges]
    return {kind: [*routes, *to_hub] for kind, routes in _TABLES.items()}


def planned_groups(
    cidrs: Mapping[str, str],
    *,
    tenancy: Tenancy,
    cluster: Cluster,
    storage: Storage,
    database: Database,
    without: str = "",
) -> Mapping[str, Sequence[Rule]]:
    """The rules of the program's security groups by name, for subnets with these CIDRs by role."""
    # The bastion's own rule already lets its subnet in.
    allowed = [each for each in _allowed(tenancy, cluster) if each != cidrs.get(BASTION)]
    groups: dict[str, list[Rule]] = {}
    for each in port_table(
        file_storage=storage.file_storage is not None,
        lustre=storage.lustre is not None,
        databases=database.called,
        bastion=BASTION in cidrs,
        subnets=cidrs,
        existing_api=cluster.existing is not None,
    ):
        kept = groups.setdefault(each.group, [])
        if each.description != without:
            kept.extend(_rules(each, cidrs, allowed))
    return groups


def planned_endpoints(
    network: Network,
    *,
    cluster: Cluster,
    storage: Storage,
    database: Database,
    joined: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Mapping[Kind, Sequence[Endpoint]]:
    """One endpoint for each kind and subnet, at the first address that a host can have.

    `joined`: the groups that members join in addition to the program's own, by the name of their own group.
    """
    public_api = cluster.endpoint.access == "public"
    found: dict[Kind, list[Endpoint]] = {
        "services": [Endpoint(name="Oracle's services", service=SERVICES)],
        "internet": [Endpoint(name="the internet", address=INTERNET_ADDRESS)],
        "host": [endpoint_in(network, "a host in the VCN", role, judged=False) for role in network.subnets],
    }
    for kind, role, groups in (*_ENDS, *_services(storage, database)):
        if role in network.subnets:
            seen = INTERNET_ADDRESS if kind == "api" and public_api else None
            own = [each for group in groups for each in (group, *joined.get(group, ()))]
            found.setdefault(kind, []).append(endpoint_in(network, f"the {kind}", role, own, seen=seen))
    return found


def _services(storage: Storage, database: Database) -> Iterator[tuple[Kind, str, tuple[str, ...]]]:
    for name in database.called:
        if name in _DATABASES:
            yield _DATABASES[name], "database", ("database",)
    if storage.file_storage is not None:
        yield "files", "private", ("filestorage",)
    if storage.lustre is not None:
        yield "lustre", "private", ("lustre",)


def _allowed(tenancy: Tenancy, cluster: Cluster) -> list[str]:
    return [each for each in api_callers(tenancy, cluster) if not [*cidr_problems(each, path="")]]


def _deployer(deployer: Deployer, network: Network) -> Iterator[Endpoint]:
    if deployer.cidr is None or deployer.access == "tunnel":
        return
    address = IPv4Network(deployer.cidr)[0]
    roles = (role for role, each in network.subnets.items() if address in each.cidrs[0])
    yield Endpoint(name="the deployer", address=address, subnet_id=next(roles, None), judged=False)


def _subnet(role: str, cidr: str, public: Sequence[str]) -> Subnet:
    table = "public" if role in public else "service" if role == "database" else "private"
    wall = BASTION if role == BASTION else "none"
    return Subnet(name=role, vcn_id="vcn", cidrs=[IPv4Network(cidr)], table_id=table, list_ids=[wall])


def out_of_the_bastion(api_cidr: str) -> Rule:
    """The rule with which a bastion's subnet lets connections out to the Kubernetes API."""
    return Rule(name="Kubernetes API", direction="egress", protocol=TCP, peer=api_cidr, ports=KUBERNETES_API)


def _rules(rule: PortRule, cidrs: Mapping[str, str], allowed: Sequence[str]) -> Iterator[Rule]:
    kind, _, which = rule.peer.partition(":")
    peers = allowed if rule.peer == ALLOWED else [cidrs[which] if kind == "subnet" else which]
    for peer in peers:
        yield Rule(
            name=rule.description,
            direction=rule.direction,
            protocol=PROTOCOLS[rule.protocol],
            peer=SERVICES if kind == "service" else peer,
            peer_kind=_PEERS.get(kind, "cidr"),
            ports=rule.ports,
            source_ports=rule.source_ports,
            icmp=rule.icmp,
        )
