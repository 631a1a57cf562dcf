"""Who can talk to whom in a virtual network: packets walked through routes, security lists and security groups.

Pure: plain data in, a verdict out. `report.reach_reading` makes the data of OCI resources. The rules of the walk are
Oracle's, from the pages "Security Rules", "Network Security Groups" and "VCN Route Tables" of its networking
documentation, read in November 2026:

- A packet passes an endpoint if any rule of its subnet's lists or of its own groups allows it. Without a rule
  nothing passes: an empty list allows nothing, and an endpoint without groups has its subnet's lists alone.
- An answer to what a stateful rule let pass passes too. Where a stateless rule matches, it wins, and the answer needs
  a rule of its own.
- Within a VCN packets need no route. Out of it the route with the longest prefix decides. A NAT gateway lets nobody
  in, an internet gateway serves public addresses only, a service gateway reaches the services it was given.
- A rule that names a group means the endpoints of the same VCN that carry it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

TCP, UDP, ICMP, ALL = "6", "17", "1", "all"
"""Protocols as rules write them: IANA's numbers, or all of them."""

EPHEMERAL = 50_000
"""A port as clients choose them."""

Direction = Literal["ingress", "egress"]
PeerKind = Literal["cidr", "group", "service"]
GatewayKind = Literal["internet", "nat", "service", "peering"]
Ports = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One security rule, of a list or of a group."""

    name: str
    direction: Direction
    protocol: str
    peer: str
    peer_kind: PeerKind = "cidr"
    stateless: bool = False
    ports: Ports | None = None
    """Destination ports, both ends included; None is all of them."""
    source_ports: Ports | None = None
    icmp: tuple[int, int | None] | None = None
    """ICMP type and code; no code is every code."""


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """Where endpoints stand; `list_ids` are its security lists."""

    name: str
    vcn_id: str
    cidrs: Sequence[IPv4Network]
    table_id: str
    list_ids: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where packets to `destination` go: a CIDR, or the label of Oracle's services."""

    destination: str
    gateway_id: str


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """One way out of a VCN. `services` are the labels that a service gateway reaches."""

    kind: GatewayKind
    enabled: bool = True
    services: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Network:
    """What stands. Everything by OCID."""

    subnets: Mapping[str, Subnet] = field(default_factory=dict[str, Subnet])
    tables: Mapping[str, Sequence[Route]] = field(default_factory=dict[str, Sequence[Route]])
    lists: Mapping[str, Sequence[Rule]] = field(default_factory=dict[str, Sequence[Rule]])
    groups: Mapping[str, Sequence[Rule]] = field(default_factory=dict[str, Sequence[Rule]])
    gateways: Mapping[str, Gateway] = field(default_factory=dict[str, Gateway])


@dataclass(frozen=True, kw_only=True)
class Place:
    """One end of a conversation: an endpoint in a subnet, a host outside (no subnet), or Oracle's services."""

    name: str
    address: IPv4Address | None = None
    """In a subnet the private address, outside the one that packets come from. None for Oracle's services."""
    subnet_id: str | None = None
    group_ids: Sequence[str] = ()
    public_address: IPv4Address | None = None
    judged: bool = True
    """Whether its own rules count; not those of a host of which only the address is known."""
    service: str | None = None
    """Label of Oracle's services, e.g. `all-iad-services-in-oracle-services-network`."""


@dataclass(frozen=True, kw_only=True)
class Packet:
    """The first packet of a conversation."""

    protocol: str
    port: int = 0
    source_port: int = EPHEMERAL
    icmp: tuple[int, int] | None = None

    @property
    def answered(self) -> bool:
        """Whether an answer belongs to it; errors of ICMP get none."""
        return self.protocol != ICMP

    def answer(self) -> "Packet":
        """The packet that comes back."""
        return Packet(protocol=self.protocol, port=self.source_port, source_port=self.port)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether the packet and its answer arrive: which rules open the way, or what closes it."""

    opened_by: Sequence[str] = ()
    closed_by: str = ""

    @property
    def open(self) -> bool:
        return not self.closed_by


def reaches(network: Network, source: Place, target: Place, packet: Packet) -> Verdict:
    """Whether `source` can begin a conversation with `target`."""
    closed = _route_problem(network, source, target)
    if closed:
        return Verdict(closed_by=closed)
    passed: list[str] = []
    ends: tuple[tuple[Place, Place, Direction], ...] = (
        (source, target, "egress"),
        (target, source, "ingress"),
    )
    for place, other, direction in ends:
        if place.subnet_id is None or not place.judged:
            continue
        found = _let_pass(network, place, other, direction, packet)
        if not found:
            return Verdict(closed_by=_nothing_lets(network, place, other, direction, packet))
        passed.append(found[0].name)
        # A stateless rule wins over a stateful one, and nothing remembers the conversation.
        untracked = any(rule.stateless for rule in found)
        if packet.answered and untracked:
            back: Direction = "ingress" if direction == "egress" else "egress"
            if not _let_pass(network, place, other, back, packet.answer()):
                said = _nothing_lets(network, place, other, back, packet.answer())
                return Verdict(closed_by=f"{found[0].name} is stateless, and for the answer {said}")
    return Verdict(opened_by=passed)


def _let_pass(
    network: Network, place: Place, other: Place, direction: Direction, packet: Packet
) -> list[Rule]:
    same_vcn = _vcn(network, place) == _vcn(network, other) is not None
    return [
        rule
        for rule in _rules(network, place)
        if rule.direction == direction and _names(rule, other, same_vcn=same_vcn) and _covers(rule, packet)
    ]


def _rules(network: Network, place: Place) -> Iterable[Rule]:
    subnet = network.subnets[place.subnet_id or ""]
    for list_id in subnet.list_ids:
        yield from network.lists.get(list_id, ())
    for group_id in place.group_ids:
        yield from network.groups.get(group_id, ())


def _names(rule: Rule, other: Place, *, same_vcn: bool) -> bool:
    if rule.peer_kind == "group":
        return same_vcn and rule.peer in other.group_ids
    if rule.peer_kind == "service":
        return other.service is not None and _covers_service(rule.peer, other.service)
    if other.service is not None:
        return rule.peer == "0.0.0.0/0"
    # Between two networks the private address shows; from and to the internet the public one.
    address = other.address if same_vcn or other.subnet_id is None else other.public_address or other.address
    return address is not None and ":" not in rule.peer and address in IPv4Network(rule.peer)


def _covers_service(label: str, service: str) -> bool:
    return label == service or label.startswith("all-")


def _covers(rule: Rule, packet: Packet) -> bool:
    if rule.protocol == ALL:
        return True
    if rule.protocol != packet.protocol:
        return False
    if rule.protocol == ICMP:
        kind, code = rule.icmp or (None, None)
        sent = packet.icmp or (None, None)
        return kind is None or (kind == sent[0] and code in (None, sent[1]))
    return _in(packet.port, rule.ports) and _in(packet.source_port, rule.source_ports)


def _in(port: int, ports: Ports | None) -> bool:
    return ports is None or ports[0] <= port <= ports[1]


def _vcn(network: Network, place: Place) -> str | None:
    return network.subnets[place.subnet_id].vcn_id if place.subnet_id else None


def _route_problem(network: Network, source: Place, target: Place) -> str:
    """What keeps the packet or its answer from finding the way; empty if nothing does."""
    here, there = _vcn(network, source), _vcn(network, target)
    if here is None and there is None:
        return f"neither {source.name} nor {target.name} stands in the network"
    if here == there:
        return ""
    if here and there:
        ways = {_leaves(network, source, target), _leaves(network, target, source)}
        return "" if ways == {"peering"} else f"no peering leads from {source.name} to {target.name} and back"
    return _outward_problem(network, source, target) if here else _inward_problem(network, source, target)


def _inward_problem(network: Network, source: Place, target: Place) -> str:
    back = _leaves(network, target, source)
    if back == "peering":
        return ""
    if target.public_address is None:
        return f"{target.name} has no public address, and no route of its subnet leads to {source.name}"
    if back != "internet":
        how = f"its answers leave by the {back} gateway" if back else "no route leads back"
        return f"{target.name} cannot be reached from the internet: {how}"
    return ""


def _outward_problem(network: Network, source: Place, target: Place) -> str:
    kind = _leaves(network, source, target)
    if kind is None:
        return f"no route of {source.name}'s subnet leads to {target.name}"
    if kind == "internet" and source.public_address is None:
        return f"{source.name} has no public address, and its subnet leads out by the internet gateway"
    return ""


def _leaves(network: Network, source: Place, target: Place) -> GatewayKind | None:
    """The kind of gateway by which packets to `target` leave; None without a route that works."""
    routes = network.tables.get(network.subnets[source.subnet_id or ""].table_id, ())
    if target.service is not None:
        for route in routes:
            gateway = network.gateways.get(route.gateway_id)
            if (
                gateway
                and gateway.kind == "service"
                and gateway.enabled
                and _serves(route, gateway, target.service)
            ):
                return "service"
    best: tuple[int, Route] | None = None
    for route in routes:
        if "/" not in route.destination or ":" in route.destination:
            continue
        wide = IPv4Network(route.destination)
        fits = wide.prefixlen == 0 if target.address is None else target.address in wide
        if fits and (best is None or wide.prefixlen > best[0]):
            best = wide.prefixlen, route
    gateway = network.gateways.get(best[1].gateway_id) if best else None
    return gateway.kind if gateway and gateway.enabled else None


def _serves(route: Route, gateway: Gateway, service: str) -> bool:
    return _covers_service(route.destination, service) and any(
        _covers_service(each, service) for each in gateway.services
    )


def _nothing_lets(network: Network, place: Place, other: Place, direction: Direction, packet: Packet) -> str:
    what = {TCP: f"TCP {packet.port}", UDP: f"UDP {packet.port}", ICMP: f"ICMP {packet.icmp}"}
    way = f"out to {other.name}" if direction == "egress" else f"in from {other.name}"
    subnet = network.subnets[place.subnet_id or ""].name
    groups = "or of its security groups" if place.group_ids else "(it carries no security group)"
    said = what.get(packet.protocol, f"protocol {packet.protocol}")
    return f"{place.name}: no rule of the lists of subnet {subnet} {groups} lets {said} {way}"
