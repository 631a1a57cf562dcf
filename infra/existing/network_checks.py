"""Whether an existing network fits the environment: a pure function of the settings and of what was read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network

from components.network.added_subnets import OUTWARD, TO_SERVICES
from components.network.cidr_plan import within
from components.network.gateways import ANYWHERE
from facts.kubernetes import usable_addresses
from facts.oke_pairs import PAIRS, Kind
from facts.problem import Problem
from infra.settings import Settings
from infra.settings.network.addresses import address_needs, backend_problems
from infra.settings.network.existing_rules import PATH, used_roles
from infra.settings.network.reach_plan import blocked_problems, planned_endpoints, planned_groups
from infra.settings.tenancy import Deployer
from report.reach import Endpoint, Gateway, GatewayKind, Network, Subnet
from report.reach_endpoints import blocked_between, endpoint_in

from .added import added_findings, with_added
from .found import FoundCluster, FoundNetwork, FoundSubnet
from .own_addresses import own_pool_names


def existing_network_findings(
    settings: Settings, found: FoundNetwork, cluster: FoundCluster | None = None
) -> Iterator[Problem]:
    """Everything that does not fit. Connections are searched only in a network without another problem."""
    if found.network is None:
        return
    problems = [*_vcn_problems(settings, found)]
    used = used_roles(settings.network, settings.cluster, settings.gpu, settings.storage, settings.database)
    for role, subnet in found.subnets.items():
        path = f"{PATH}.subnets.{role}"
        mine = [*_place_problems(subnet, found, path)]
        if role in used and not mine:
            mine += _public_problems(settings, role, subnet, path)
            mine += _route_problems(settings, role, subnet, found.network, path)
        problems += mine
    problems += added_findings(settings, found, found.network)
    problems += _size_problems(settings, found)
    problems += backend_problems(settings.network.edge, found.subnet_cidrs, found.cidrs)
    yield from problems
    if not problems and used.keys() <= found.subnet_cidrs.keys():
        yield from _reach_problems(settings, found, found.network, cluster)


def _vcn_problems(settings: Settings, found: FoundNetwork) -> Iterator[Problem]:
    if found.state != "AVAILABLE":
        yield Problem(f"{PATH}.vcnId", found.vcn_id, f"must be AVAILABLE, not {found.state}")
    for cidr in found.cidrs if settings.cluster.existing is None else ():
        services = settings.cluster.services_cidr
        if IPv4Network(services).overlaps(IPv4Network(cidr)):
            yield Problem("cluster.servicesCidr", services, f"must not overlap the existing VCN, {cidr}")
    deployer = settings.tenancy.deployer
    if deployer.access == "inside" and deployer.cidr and not within(deployer.cidr, found.cidrs):
        ranges = ", ".join(found.cidrs)
        yield Problem("tenancy.deployer.cidr", deployer.cidr, f"must be inside the existing VCN, {ranges}")


def _place_problems(subnet: FoundSubnet, found: FoundNetwork, path: str) -> Iterator[Problem]:
    if subnet.vcn_id != found.vcn_id:
        yield Problem(path, subnet.subnet_id, f"must be in the VCN {found.vcn_id}, not in {subnet.vcn_id}")
    if subnet.state != "AVAILABLE":
        yield Problem(path, subnet.subnet_id, f"must be AVAILABLE, not {subnet.state}")
    if subnet.domain:
        allowed = f"must be a regional subnet, not one of the availability domain {subnet.domain}"
        yield Problem(path, subnet.subnet_id, allowed)
    known = found.network.subnets[subnet.subnet_id] if found.network else None
    if known and found.network:
        if known.table_id not in found.network.tables:
            allowed = f"must have a route table that can be read: {known.table_id} cannot"
            yield Problem(path, subnet.subnet_id, allowed)
        for each in known.list_ids:
            if each not in found.network.lists:
                allowed = f"must have security lists that can be read: {each} cannot"
                yield Problem(path, subnet.subnet_id, allowed)


def _public_problems(settings: Settings, role: str, subnet: FoundSubnet, path: str) -> Iterator[Problem]:
    if _is_private(settings, role) and not subnet.forbids_public:
        allowed = f"must forbid public addresses ({subnet.cidr} allows them): {_WHY_PRIVATE[role]}"
        fix = "Use a subnet with `prohibitPublicIpOnVnic`"
        if role == "api":
            fix += ", or set cluster.endpoint.access to `public`"
        yield Problem(path, subnet.subnet_id, allowed, fix)
    if _is_public(settings, role) and subnet.forbids_public:
        what = "the API endpoint" if role == "api" else "the load balancer"
        yield Problem(path, subnet.subnet_id, f"must allow public addresses, because {what} is public")


_WHY_PRIVATE: Mapping[str, str] = {
    "private": "CPU nodes are never public",
    "gpu": "GPU nodes are never public",
    "pods": "pods are never public",
    "database": "databases are never public",
    "bastion": "the bastion's endpoint is private",
    "api": "cluster.endpoint.access is `private`",
}
"""Why roles never have public addresses; `api` only with a private endpoint."""


def _is_private(settings: Settings, role: str) -> bool:
    return role in _WHY_PRIVATE and not _is_public(settings, role)


def _is_public(settings: Settings, role: str) -> bool:
    """Whether addresses in a subnet of the role must be public."""
    balancer = settings.network.edge.load_balancer
    if role == "api":
        return settings.cluster.endpoint.access == "public"
    return role == "public" and balancer is not None and not balancer.private


def _route_problems(
    settings: Settings, role: str, subnet: FoundSubnet, network: Network, path: str
) -> Iterator[Problem]:
    """Gateways that the role needs and that no route leads to, and an internet gateway where the role is private."""
    to_anywhere = _gateway(network, subnet, services=False)
    to_services = _gateway(network, subnet, services=True) or to_anywhere
    if _is_private(settings, role) and to_anywhere == "internet":
        allowed = "must not have a route to an internet gateway: nothing in it has a public address"
        yield Problem(path, subnet.subnet_id, allowed, "Use a NAT gateway for 0.0.0.0/0")
        return
    if _is_public(settings, role) and to_anywhere != "internet":
        allowed = "must have a route for 0.0.0.0/0 to an internet gateway that is enabled"
        yield Problem(path, subnet.subnet_id, allowed)
    if role in OUTWARD and to_anywhere is None:
        allowed = "must have a route for 0.0.0.0/0 to a NAT gateway, a DRG or a firewall"
        yield Problem(path, subnet.subnet_id, allowed, "Images and weights come from the internet")
    if role in TO_SERVICES and to_services is None:
        allowed = "must have a route for Oracle's services to a service gateway"
        yield Problem(path, subnet.subnet_id, allowed, "Nodes cannot join the cluster without it")


def _gateway(network: Network, subnet: FoundSubnet, *, services: bool) -> GatewayKind | None:
    """The kind of gateway of the route for the internet or for all of Oracle's services; None if no route works."""
    for route in network.tables.get(network.subnets[subnet.subnet_id].table_id, ()):
        gateway = network.gateways.get(route.gateway_id)
        if gateway is None or not gateway.enabled:
            continue
        if services and _reaches_services(route.destination, gateway):
            return gateway.kind
        if not services and route.destination == ANYWHERE:
            return gateway.kind
    return None


def _reaches_services(destination: str, gateway: Gateway) -> bool:
    every = any(label.startswith("all-") for label in gateway.services)
    return gateway.kind == "service" and destination.startswith("all-") and every


def _size_problems(settings: Settings, found: FoundNetwork) -> Iterator[Problem]:
    """Subnets with fewer addresses than the pools at their largest, or with fewer that are free."""
    needs = address_needs(settings.network, settings.cluster, settings.gpu, settings.storage)
    used = used_roles(settings.network, settings.cluster, settings.gpu, settings.storage, settings.database)
    for role, subnet in found.subnets.items():
        if role not in used:
            continue
        sharing = [each for each in used if _id_of(found, each) == subnet.subnet_id]
        need = sum(max(needs.get(each, 0), 1) for each in sharing)
        room = usable_addresses(IPv4Network(subnet.cidr).prefixlen)
        path, shown = f"{PATH}.subnets.{role}", f"{subnet.subnet_id} ({subnet.cidr})"
        if room < need:
            yield Problem(path, shown, f"must have {need} usable addresses for {used[role]}: it has {room}")
            continue
        others = _of_others(settings, found, role, subnet)
        if room - others < need:
            allowed = (
                f"must have {need} free addresses for {used[role]}: {others} of {room} are in use by others"
            )
            yield Problem(path, shown, allowed)


def _id_of(found: FoundNetwork, role: str) -> str:
    return found.subnets[role].subnet_id if role in found.subnets else ""


def _of_others(settings: Settings, found: FoundNetwork, role: str, subnet: FoundSubnet) -> int:
    """Addresses that others use in a subnet, as far as they can be told from the environment's own."""
    if found.held is None:
        return 0
    if not found.held:
        return subnet.used
    if role not in OUTWARD:
        # Only nodes and pods can be told apart. Balancers, databases and endpoints of the environment exist by now.
        return 0
    own = found.held.get(subnet.subnet_id, 0) + (settings.storage.addresses if role == "private" else 0)
    return max(subnet.used - own, 0)


def _reach_problems(
    settings: Settings, found: FoundNetwork, network: Network, cluster: FoundCluster | None
) -> Iterator[Problem]:
    """Connections that Oracle's table requires and that routes, lists and groups do not allow."""
    whole = _with_our_groups(settings, found, network)
    existing = settings.network.existing
    joined: Mapping[str, Sequence[str]] = existing.groups if existing else {}
    endpoints = planned_endpoints(
        whole,
        cluster=settings.cluster,
        storage=settings.storage,
        database=settings.database,
        joined={**joined, "api": cluster.api_group_ids} if cluster else joined,
    )
    deployer = settings.tenancy.deployer
    yield from blocked_problems(_with_deployer(whole, found, deployer), endpoints, deployer, PATH)
    ours: Mapping[Kind, Sequence[Endpoint]] = {
        kind: endpoints[kind] for kind in _OF_THE_CLUSTER if kind in endpoints
    }
    theirs = _their_ends(settings, whole, cluster)
    for ends in ((ours, theirs), (theirs, ours)):
        for pair, why in blocked_between(PAIRS, *ends, whole):
            yield Problem(PATH, pair.why, f"must be able to connect: {why}", _JOIN)


def _with_deployer(network: Network, found: FoundNetwork, deployer: Deployer) -> Network:
    """The network with the deployer's host. It may be in a subnet of the VCN that the settings do not name."""
    if deployer.cidr is None or not within(deployer.cidr, found.cidrs):
        return network
    host = Subnet(name="the deployer's", vcn_id=found.vcn_id, cidrs=[IPv4Network(deployer.cidr)], table_id="")
    return replace(network, subnets={**network.subnets, host.name: host})


def _with_our_groups(settings: Settings, found: FoundNetwork, network: Network) -> Network:
    """The network as it was read, with its subnets by role too, and with the program's own groups."""
    by_role = {
        role: Subnet(
            name=role,
            vcn_id=found.vcn_id,
            cidrs=[IPv4Network(each.cidr)],
            table_id=network.subnets[each.subnet_id].table_id,
            list_ids=network.subnets[each.subnet_id].list_ids,
        )
        for role, each in found.subnets.items()
    }
    planned = planned_groups(
        found.subnet_cidrs,
        tenancy=settings.tenancy,
        cluster=settings.cluster,
        storage=settings.storage,
        database=settings.database,
    )
    whole = with_added(settings, found, network)
    return replace(whole, subnets={**whole.subnets, **by_role}, groups={**whole.groups, **planned})


_OF_THE_CLUSTER: Sequence[Kind] = ("worker", "pod", "balancer")
_JOIN = "Name the groups of the cluster's own nodes and pods in network.existing.groups"


def _their_ends(
    settings: Settings, network: Network, cluster: FoundCluster | None
) -> Mapping[Kind, Sequence[Endpoint]]:
    """The nodes and pods that an existing cluster has: the name service runs on them."""
    found: dict[Kind, list[Endpoint]] = {}
    own = own_pool_names(settings)
    for pool in [each for each in cluster.pools if each.name not in own] if cluster else ():
        ends: tuple[tuple[Kind, str, Sequence[str], Sequence[str]], ...] = (
            ("worker", "nodes", pool.subnet_ids, pool.group_ids),
            ("pod", "pods", pool.pod_subnet_ids, pool.pod_group_ids),
        )
        for kind, noun, subnet_ids, group_ids in ends:
            for each in subnet_ids:
                if each in network.subnets:
                    made = endpoint_in(network, f"the {noun} of {pool.name}", each, group_ids)
                    found.setdefault(kind, []).append(made)
    return found
