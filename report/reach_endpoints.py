"""The endpoints of a stack, read from its resources: their subnets and their security groups."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Address
from itertools import product

from facts.gateways import BALANCER_GROUPS, BALANCER_SUBNET
from facts.ocids import parse_ocid
from facts.oke_pairs import PAIRS, Kind, Pair
from facts.service_pairs import SERVICE_PAIRS
from report.reach import EPHEMERAL, ICMP, TCP, UDP, Endpoint, Gateway, GatewayKind, Network, Packet, reaches
from report.reach_reading import GATEWAYS, NETWORK_TYPES, ResourceLike, read_network, texts, value
from report.resources import as_mapping, as_number, as_sequence, holds_unknown

CLUSTER = "oci:ContainerEngine/cluster:Cluster"
NODE_POOL = "oci:ContainerEngine/nodePool:NodePool"
BASTION = "oci:Bastion/bastion:Bastion"
BALANCER = "oci:LoadBalancer/loadBalancer:LoadBalancer"
LISTENER = "oci:LoadBalancer/listener:Listener"
BACKEND = "oci:LoadBalancer/backend:Backend"
BACKEND_SET = "oci:LoadBalancer/backendSet:BackendSet"
SERVICE = "kubernetes:core/v1:Service"
_SERVICES: Mapping[str, tuple[Kind, str, str]] = {
    "oci:Psql/dbSystem:DbSystem": ("postgresql", "networkDetails", "PostgreSQL"),
    "oci:Redis/redisCluster:RedisCluster": ("cache", "", "cache"),
    "oci:Opensearch/cluster:Cluster": ("opensearch", "", "OpenSearch"),
    "oci:Database/autonomousDatabase:AutonomousDatabase": ("oracle", "", "database"),
    "oci:Streaming/streamPool:StreamPool": ("streaming", "privateEndpointSettings", "stream pool"),
    "oci:FileStorage/mountTarget:MountTarget": ("files", "", "mount target"),
    "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": ("lustre", "", "Lustre"),
    BALANCER: ("edge", "", "load balancer"),
}
"""Types with an endpoint in a subnet: the kind, the block of inputs that names the subnet, and the noun."""

_GROUP_FIELDS = ("nsgIds", "nsgId", "networkSecurityGroupIds")
_READ_TYPES = (*NETWORK_TYPES, CLUSTER, NODE_POOL, BASTION)
SERVICES = "all-services-of-the-region"
_PROTOCOLS = {"tcp": TCP, "udp": UDP, "icmp": ICMP}
_ALL = (SERVICES,)
_GATEWAYS: Mapping[str, GatewayKind] = {
    type_.rpartition(":")[2].lower(): kind for type_, kind in GATEWAYS.items()
}
"""The kind of a gateway by the resource type in its OCID, which is the provider's class in lower case."""

FRONTS = frozenset(
    {
        "oci:ApiGateway/gateway:Gateway",
        BALANCER,
        "oci:NetworkLoadBalancer/networkLoadBalancer:NetworkLoadBalancer",
        SERVICE,
    }
)
"""What opens a connection of its own to something behind it."""

_CARDS = FRONTS - {SERVICE} | {
    "oci:Core/instance:Instance",
    "oci:Core/vnicAttachment:VnicAttachment",
    "oci:Functions/application:Application",
}
ENDPOINT_TYPES = frozenset({CLUSTER, NODE_POOL, BASTION, SERVICE, *_SERVICES, *_CARDS})
"""Every type with an endpoint."""

_TOO_LARGE = (3, 4)
INTERNET_ADDRESS = IPv4Address("198.51.100.1")
"""An internet address that belongs to nobody: RFC 5737 reserves it for documentation."""


def endpoints_of(resources: Sequence[ResourceLike], network: Network) -> Mapping[Kind, Sequence[Endpoint]]:
    """Every endpoint by its kind. Each has the first usable address of its subnet."""
    ports = _ports_of_balancers(resources)
    found: dict[Kind, list[Endpoint]] = {
        "services": [Endpoint(name="Oracle's services", service=SERVICES)],
        "internet": [Endpoint(name="the internet", address=INTERNET_ADDRESS)],
        "host": [endpoint_in(network, "a host in the VCN", each, judged=False) for each in network.subnets],
    }
    for each in resources:
        for kind, made in ends_of(each, network):
            found.setdefault(kind, []).append(replace(made, ports=ports.get(each.id or "", ())))
    behind = [*_backends(found.get("balancer", ()), resources)]
    return {**found, "backend": behind} if behind else found


def ends_of(resource: ResourceLike, network: Network) -> Iterator[tuple[Kind, Endpoint]]:
    """The endpoints of one resource, each with its kind. None if its subnet is not in the network."""
    seen = INTERNET_ADDRESS if _is_public(resource) else None
    for kind, name, subnet_id, groups in _ends(resource):
        if subnet_id in network.subnets:
            yield kind, endpoint_in(network, name, subnet_id, groups, seen=seen)


def cards_of(resource: ResourceLike, network: Network) -> Iterator[Endpoint]:
    """The endpoints of a resource with a network card of its own that Oracle's tables do not list."""
    if resource.type not in _CARDS:
        return
    own = resource.inputs.get("subnetId") or resource.inputs.get("subnetIds")
    block = resource.inputs if own else first_of(value(resource, "createVnicDetails"))
    groups = next((block[each] for each in _GROUP_FIELDS if block.get(each)), None)
    seen = INTERNET_ADDRESS if block.get("assignPublicIp") in (True, "true") else None
    for subnet_id in (*texts(block.get("subnetId")), *texts(block.get("subnetIds"))):
        if subnet_id in network.subnets:
            name = f"{resource.type.rpartition(':')[2]} {value(resource, 'displayName')}"
            yield endpoint_in(network, name, subnet_id, texts(groups), seen=seen)


def endpoint_in(
    network: Network,
    name: str,
    subnet_id: str,
    groups: Sequence[str] = (),
    *,
    judged: bool = True,
    seen: IPv4Address | None = None,
) -> Endpoint:
    """An endpoint at the first usable address of a subnet. `seen`: its public address."""
    address = network.subnets[subnet_id].cidrs[0][2]
    return Endpoint(
        name=name, address=address, subnet_id=subnet_id, group_ids=groups, judged=judged, public_address=seen
    )


def blocked_pairs(resources: Sequence[ResourceLike], network: Network) -> Iterator[tuple[Pair, str]]:
    """Every connection that Oracle's table requires and that is not possible among the resources, with the reason."""
    yield from blocked_among(endpoints_of(resources, network), network)


def blocked_among(
    endpoints: Mapping[Kind, Sequence[Endpoint]], network: Network
) -> Iterator[tuple[Pair, str]]:
    """The same for given endpoints."""
    yield from blocked_between((*PAIRS, *SERVICE_PAIRS), endpoints, endpoints, network)


def blocked_between(
    pairs: Iterable[Pair],
    sources: Mapping[Kind, Sequence[Endpoint]],
    targets: Mapping[Kind, Sequence[Endpoint]],
    network: Network,
) -> Iterator[tuple[Pair, str]]:
    """The same for some pairs, from some endpoints to others."""
    for pair in pairs:
        for source, target in product(sources.get(pair.source, ()), targets.get(pair.target, ())):
            for packet in _packets(pair, target):
                closed = reaches(network, source, target, packet).blocked_by
                if closed:
                    yield pair, closed


def blocked_connections(resources: Sequence[ResourceLike]) -> list[str]:
    """Required connections that are not possible, one line per reason. Empty if the network is not fully known yet."""
    if any(each.type in _READ_TYPES and holds_unknown(each.inputs) for each in resources):
        return []
    lines = (f"{pair.why}: {why}" for pair, why in blocked_pairs(resources, program_network(resources)))
    return [*dict.fromkeys(lines)]


def program_network(resources: Iterable[ResourceLike]) -> Network:
    """The network of a program's resources. A gateway that its routes name and that is not among them belongs to an
    existing VCN: it is taken as open, because only the account knows more."""
    found = read_network(resources)
    outside: dict[str, GatewayKind] = {
        route.gateway_id: kind
        for routes in found.tables.values()
        for route in routes
        if route.gateway_id not in found.gateways and (kind := _kind_of(route.gateway_id))
    }
    assumed = {
        each: Gateway(kind=kind, services=_ALL if kind == "service" else ()) for each, kind in outside.items()
    }
    return replace(found, gateways={**found.gateways, **assumed})


def _kind_of(gateway_id: str) -> GatewayKind | None:
    parsed = parse_ocid(gateway_id)
    return _GATEWAYS.get(parsed.resource_type) if parsed else None


def _packets(pair: Pair, target: Endpoint) -> Iterable[Packet]:
    if pair.protocol == "icmp":
        return [Packet(protocol=ICMP, icmp=_TOO_LARGE)]
    own = EPHEMERAL if pair.source_port is None else pair.source_port
    ports = pair.ports or target.ports
    return [Packet(protocol=_PROTOCOLS[pair.protocol], port=port, source_port=own) for port in ports]


_End = tuple[Kind, str, str, Sequence[str]]


def _ends(resource: ResourceLike) -> Iterator[_End]:
    if resource.type == CLUSTER:
        config = first_of(value(resource, "endpointConfig"))
        yield "api", "the API endpoint", str(config.get("subnetId")), texts(config.get("nsgIds"))
    elif resource.type == BASTION:
        yield "bastion", f"bastion {value(resource, 'name')}", str(value(resource, "targetSubnetId")), ()
    elif resource.type == NODE_POOL:
        yield from _pool_ends(resource)
    elif resource.type == SERVICE:
        yield from _balancer_ends(resource)
    elif resource.type in _SERVICES:
        yield from _service_ends(resource)


def _service_ends(resource: ResourceLike) -> Iterator[_End]:
    kind, block, name = _SERVICES[resource.type]
    if kind == "edge" and value(resource, "isPrivate") is True:
        return
    inputs = first_of(value(resource, block)) if block else resource.inputs
    groups = next((inputs[each] for each in _GROUP_FIELDS if inputs.get(each)), ())
    places = inputs.get("subnetId") or inputs.get("subnetIds")
    if holds_unknown(places) or holds_unknown(groups):
        return
    for subnet_id in texts(places):
        yield (
            kind,
            f"{name} {value(resource, 'displayName') or value(resource, 'dbName')}",
            subnet_id,
            texts(groups),
        )


def _is_public(resource: ResourceLike) -> bool:
    if resource.type == BALANCER:
        return value(resource, "isPrivate") is not True
    return first_of(value(resource, "endpointConfig")).get("isPublicIpEnabled") is True


def _ports_of_balancers(resources: Iterable[ResourceLike]) -> Mapping[str, Sequence[int]]:
    """The ports of the listeners of each load balancer and of each Service, by id."""
    found: dict[str, list[int]] = {}
    for each in resources:
        port = as_number(value(each, "port"))
        if each.type == LISTENER and port:
            found.setdefault(str(value(each, "loadBalancerId")), []).append(int(port))
        elif each.type == SERVICE:
            spec = map(as_mapping, as_sequence(as_mapping(each.inputs.get("spec")).get("ports")))
            found[each.id or ""] = [int(as_number(every.get("port")) or 0) for every in spec]
    return found


def _backends(balancers: Sequence[Endpoint], resources: Sequence[ResourceLike]) -> Iterator[Endpoint]:
    """The load balancers of Kubernetes behind the public one: those on whose ports it has a backend."""
    wanted = {int(as_number(value(each, "port")) or 0) for each in resources if each.type == BACKEND}
    checks = (first_of(value(each, "healthChecker")) for each in resources if each.type == BACKEND_SET)
    wanted |= {int(as_number(each.get("port")) or 0) for each in checks}
    for each in balancers:
        if wanted & set(each.ports):
            yield replace(each, ports=[port for port in each.ports if port in wanted])


def _pool_ends(resource: ResourceLike) -> Iterator[_End]:
    name, details = value(resource, "name"), first_of(value(resource, "nodeConfigDetails"))
    for placement in map(as_mapping, as_sequence(details.get("placementConfigs"))):
        yield "worker", f"nodes of {name}", str(placement.get("subnetId")), texts(details.get("nsgIds"))
    pods = first_of(details.get("nodePoolPodNetworkOptionDetails"))
    for subnet_id in texts(pods.get("podSubnetIds")):
        yield "pod", f"pods of {name}", subnet_id, texts(pods.get("podNsgIds"))


def _balancer_ends(resource: ResourceLike) -> Iterator[_End]:
    notes = as_mapping(as_mapping(resource.inputs.get("metadata")).get("annotations"))
    groups = [each.strip() for each in str(notes.get(BALANCER_GROUPS) or "").split(",") if each.strip()]
    if notes.get(BALANCER_SUBNET):
        yield "balancer", "a balancer of Kubernetes", str(notes[BALANCER_SUBNET]), groups


def first_of(found: object) -> Mapping[str, object]:
    """An object, or the first of a list of objects: the provider uses both forms."""
    return as_mapping(next(iter(as_sequence(found)), found))
