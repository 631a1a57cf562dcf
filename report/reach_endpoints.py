"""The endpoints of a stack, read from its resources: their subnets and their security groups."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address
from itertools import product

from facts.gateways import BALANCER_GROUPS, BALANCER_SUBNET
from facts.oke_pairs import PAIRS, Kind, Pair
from report.reach import ICMP, TCP, UDP, Endpoint, Network, Packet, reaches
from report.reach_reading import NETWORK_TYPES, ResourceLike, read_network, texts, value
from report.resources import as_mapping, as_sequence, holds_unknown

CLUSTER = "oci:ContainerEngine/cluster:Cluster"
NODE_POOL = "oci:ContainerEngine/nodePool:NodePool"
BASTION = "oci:Bastion/bastion:Bastion"
SERVICE = "kubernetes:core/v1:Service"
_READ_TYPES = (*NETWORK_TYPES, CLUSTER, NODE_POOL, BASTION)
SERVICES = "all-services-of-the-region"
_PROTOCOLS = {"tcp": TCP, "udp": UDP, "icmp": ICMP}
_TOO_LARGE = (3, 4)
INTERNET_ADDRESS = IPv4Address("198.51.100.1")
"""An internet address that belongs to nobody: RFC 5737 reserves it for documentation."""


def endpoints_of(resources: Sequence[ResourceLike], network: Network) -> Mapping[Kind, Sequence[Endpoint]]:
    """Every endpoint by its kind. Each has the first usable address of its subnet."""
    found: dict[Kind, list[Endpoint]] = {
        "services": [Endpoint(name="Oracle's services", service=SERVICES)],
        "internet": [Endpoint(name="the internet", address=INTERNET_ADDRESS)],
        "host": [endpoint_in(network, "a host in the VCN", each, judged=False) for each in network.subnets],
    }
    for each in resources:
        for kind, name, subnet_id, groups in _ends(each):
            if subnet_id in network.subnets:
                seen = INTERNET_ADDRESS if kind == "api" and _is_public(each) else None
                found.setdefault(kind, []).append(endpoint_in(network, name, subnet_id, groups, seen=seen))
    return found


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
    for pair in PAIRS:
        for source, target in product(endpoints.get(pair.source, ()), endpoints.get(pair.target, ())):
            for packet in _packets(pair):
                closed = reaches(network, source, target, packet).blocked_by
                if closed:
                    yield pair, closed


def blocked_connections(resources: Sequence[ResourceLike]) -> list[str]:
    """Required connections that are not possible, one line per reason. Empty if the network is not fully known yet."""
    if any(each.type in _READ_TYPES and holds_unknown(each.inputs) for each in resources):
        return []
    lines = (f"{pair.why}: {why}" for pair, why in blocked_pairs(resources, read_network(resources)))
    return [*dict.fromkeys(lines)]


def _packets(pair: Pair) -> Iterable[Packet]:
    if pair.protocol == "icmp":
        return [Packet(protocol=ICMP, icmp=_TOO_LARGE)]
    return [Packet(protocol=_PROTOCOLS[pair.protocol], port=port) for port in pair.ports]


_End = tuple[Kind, str, str, Sequence[str]]


def _ends(resource: ResourceLike) -> Iterator[_End]:
    if resource.type == CLUSTER:
        config = _first(value(resource, "endpointConfig"))
        yield "api", "the API endpoint", str(config.get("subnetId")), texts(config.get("nsgIds"))
    elif resource.type == BASTION:
        yield "bastion", f"bastion {value(resource, 'name')}", str(value(resource, "targetSubnetId")), ()
    elif resource.type == NODE_POOL:
        yield from _pool_ends(resource)
    elif resource.type == SERVICE:
        yield from _balancer_ends(resource)


def _is_public(cluster: ResourceLike) -> bool:
    return _first(value(cluster, "endpointConfig")).get("isPublicIpEnabled") is True


def _pool_ends(resource: ResourceLike) -> Iterator[_End]:
    name, details = value(resource, "name"), _first(value(resource, "nodeConfigDetails"))
    for placement in map(as_mapping, as_sequence(details.get("placementConfigs"))):
        yield "worker", f"nodes of {name}", str(placement.get("subnetId")), texts(details.get("nsgIds"))
    pods = _first(details.get("nodePoolPodNetworkOptionDetails"))
    for subnet_id in texts(pods.get("podSubnetIds")):
        yield "pod", f"pods of {name}", subnet_id, texts(pods.get("podNsgIds"))


def _balancer_ends(resource: ResourceLike) -> Iterator[_End]:
    notes = as_mapping(as_mapping(resource.inputs.get("metadata")).get("annotations"))
    groups = [each.strip() for each in str(notes.get(BALANCER_GROUPS) or "").split(",") if each.strip()]
    if notes.get(BALANCER_SUBNET):
        yield "balancer", "a balancer of Kubernetes", str(notes[BALANCER_SUBNET]), groups


def _first(found: object) -> Mapping[str, object]:
    """An object, or the first of a list of objects: the provider uses both forms."""
    return as_mapping(next(iter(as_sequence(found)), found))
