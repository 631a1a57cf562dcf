"""Reachability in a virtual network: packets checked against routes, security lists and security groups.

Pure functions: plain data in, a verdict out. `report.reach_reading` reads the data from OCI resources. The rules are
Oracle's, from the pages "Security Rules", "Network Security Groups" and "VCN Route Tables" of its networking
documentation, read in November 2026:

- A packet passes an endpoint if any rule of its subnet's lists or of its own groups allows it. Without such a rule it
  is dropped. An empty list allows nothing. For an endpoint without groups, only the subnet's lists count.
- The answer to a packet that a stateful rule allowed passes too. If a stateless rule matches, it takes precedence, and
  the answer needs another rule.
- Within a VCN, packets need no route. Out of it, the route with the longest prefix decides. A NAT gateway accepts no
  connections from outside. An internet gateway serves only public addresses. A service gateway reaches only its
  configured services.
- A rule that names a group applies to the endpoints of the same VCN in that group.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from facts.private_networks import is_private

TCP, UDP, ICMP, ALL = "6", "17", "1", "all"
"""Protocols as rules write them: IANA's numbers, or `all`."""

EPHEMERAL = 50_000
"""An example of a port that a client chooses."""

Direction = Literal["ingress", "egress"]
PeerKind = Literal["cidr", "group", "service"]
GatewayKind = Literal["internet", "nat", "service", "peering"]
Ports = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One security rule of a list or of a group."""

    name: str
    direction: Direction
    protocol: str
    peer: str
    peer_kind: PeerKind = "cidr"
    stateless: bool = False
    ports: Ports | None = None
    """Destination ports, both ends included. None: all ports."""
    source_ports: Ports | None = None
    icmp: tuple[int, int | None] | None = None
    """ICMP type and code. A code of None: every code."""


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """A subnet. `list_ids` are its security lists. `public`: what is in it can have a public address."""

    name: str
    vcn_id: str
    cidrs: Sequence[IPv4Network]
    table_id: str
    list_ids: Sequence[str] = ()
    public: bool = False


@dataclass(frozen=True, kw_only=True)
class Route:
    """The gateway for packets to `destination`: a CIDR, or the label of Oracle's services."""

    destination: str
    gateway_id: str


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """A gateway of a VCN. `services` are the labels that a service gateway reaches."""

    kind: GatewayKind
    enabled: bool = True
    services: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Network:
    """The existing network. All keys are OCIDs."""

    subnets: Mapping[str, Subnet] = field(default_factory=dict[str, Subnet])
    tables: Mapping[str, Sequence[Route]] = field(default_factory=dict[str, Sequence[Route]])
    lists: Mapping[str, Sequence[Rule]] = field(default_factory=dict[str, Sequence[Rule]])
    groups: Mapping[str, Sequence[Rule]] = field(default_factory=dict[str, Sequence[Rule]])
    gateways: Mapping[str, Gateway] = field(default_factory=dict[str, Gateway])


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One end of a connection: an endpoint in a subnet, a host outside (no subnet), or Oracle's services."""

    name: str
    address: IPv4Address | None = None
    """In a subnet: the private address. Outside: the address that packets come from. Oracle's services: None."""
    subnet_id: str | None = None
    group_ids: Sequence[str] = ()
    public_address: IPv4Address | None = None
    judged: bool = True
    """Whether its own rules are checked. False for a host of which only the address is known."""
    service: str | None = None
    """Label of Oracle's services, for example `all-iad-services-in-oracle-services-network`."""
    ports: Sequence[int] = ()
    """The TCP ports on which it listens, if the resources name them."""


@dataclass(frozen=True, kw_only=True)
class Packet:
    """The first packet of a connection."""

    protocol: str
    port: int = 0
    source_port: int = EPHEMERAL
    icmp: tuple[int, int] | None = None

    @property
    def answered(self) -> bool:
        """Whether the packet gets an answer. ICMP errors do not."""
        return self.protocol != ICMP

    def answer(self) -> "Packet":
        """The answer packet."""
        return Packet(protocol=self.protocol, port=self.source_port, source_port=self.port)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether the packet and its answer arrive, and if not, what blocks them."""

    blocked_by: str = ""

    @property
    def open(self) -> bool:
        return not self.blocked_by


def reaches(network: Network, source: Endpoint, target: Endpoint, packet: Packet) -> Verdict:
    """Whether `source` can open a connection to `target`."""
    closed = _route_problem(network, source, target)
    if closed:
        return Verdict(blocked_by=closed)
    ends: tuple[tuple[Endpoint, Endpoint, Direction], ...] = (
        (source, target, "egress"),
        (target, source, "ingress"),
    )
    for endpoint, other, direction in ends:
        if endpoint.subnet_id is None or not endpoint.judged:
            continue
        found = allowing_rules(network, endpoint, other, direction, packet)
        if not found:
            return Verdict(blocked_by=_no_rule_allows(network, endpoint, other, direction, packet))
        # A stateless rule takes precedence over a stateful one, and the connection is then not tracked.
        untracked = any(rule.stateless for rule in found)
        if packet.answered and untracked:
            back: Direction = "ingress" if direction == "egress" else "egress"
            if not allowing_rules(network, endpoint, other, back, packet.answer()):
                said = _no_rule_allows(network, endpoint, other, back, packet.answer())
                return Verdict(
                    blocked_by=f"{found[0].name} is stateless, so the answer needs a rule too; {said}"
                )
    return Verdict()


def allowing_rules(
    network: Network, endpoint: Endpoint, other: Endpoint, direction: Direction, packet: Packet | None
) -> list[Rule]:
    """The rules of an endpoint that let a packet to or from the other one pass. None: that let any packet pass."""
    same_vcn = vcn_of(network, endpoint) == vcn_of(network, other) is not None
    return [
        rule
        for rule in _rules(network, endpoint)
        if rule.direction == direction and _names(rule, other, same_vcn=same_vcn) and _covers(rule, packet)
    ]


def _rules(network: Network, endpoint: Endpoint) -> Iterable[Rule]:
    subnet = network.subnets[endpoint.subnet_id or ""]
    for list_id in subnet.list_ids:
        yield from network.lists.get(list_id, ())
    for group_id in endpoint.group_ids:
        yield from network.groups.get(group_id, ())


def _names(rule: Rule, other: Endpoint, *, same_vcn: bool) -> bool:
    if rule.peer_kind == "group":
        return same_vcn and rule.peer in other.group_ids
    if rule.peer_kind == "service":
        return other.service is not None and _covers_service(rule.peer, other.service)
    if other.service is not None:
        return rule.peer == "0.0.0.0/0"
    # Another VCN sees the private address; the internet sees the public one.
    address = other.address if same_vcn or other.subnet_id is None else other.public_address or other.address
    return address is not None and ":" not in rule.peer and address in IPv4Network(rule.peer)


def _covers_service(label: str, service: str) -> bool:
    return label == service or label.startswith("all-")


def _covers(rule: Rule, packet: Packet | None) -> bool:
    if packet is None or rule.protocol == ALL:
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


def vcn_of(network: Network, endpoint: Endpoint) -> str | None:
    """The VCN of an endpoint; None outside."""
    return network.subnets[endpoint.subnet_id].vcn_id if endpoint.subnet_id else None


def _route_problem(network: Network, source: Endpoint, target: Endpoint) -> str:
    """Why the packet or its answer has no route; empty if both have one."""
    here, there = vcn_of(network, source), vcn_of(network, target)
    if here is None and there is None:
        return f"neither {source.name} nor {target.name} is in the network"
    if here == there:
        return ""
    if here and there:
        ways = {gateway_kind(network, source, target), gateway_kind(network, target, source)}
        lacking = f"no peering connects {source.name} and {target.name} in both directions"
        return "" if ways == {"peering"} else lacking
    return _outward_problem(network, source, target) if here else _inward_problem(network, source, target)


def _inward_problem(network: Network, source: Endpoint, target: Endpoint) -> str:
    back = gateway_kind(network, target, source)
    if back == "peering":
        return ""
    if target.public_address is None:
        return f"{target.name} has no public address, and no route of its subnet leads to {source.name}"
    if back != "internet":
        how = f"its answers use the {back} gateway" if back else "there is no route back"
        return f"{target.name} cannot be reached from the internet: {how}"
    return ""


def _outward_problem(network: Network, source: Endpoint, target: Endpoint) -> str:
    kind = gateway_kind(network, source, target)
    if kind is None:
        return f"no route of {source.name}'s subnet leads to {target.name}"
    if kind == "internet" and source.public_address is None:
        return f"{source.name} has no public address, and its subnet uses the internet gateway"
    return ""


def gateway_kind(network: Network, source: Endpoint, target: Endpoint) -> GatewayKind | None:
    """The kind of gateway for packets to `target`; None if no route works."""
    routes = network.tables.get(network.subnets[source.subnet_id or ""].table_id, ())
    if target.service is not None:
        for route in routes:
            gateway = network.gateways.get(route.gateway_id)
            if gateway is None or gateway.kind != "service" or not gateway.enabled:
                continue
            if _serves(route, gateway, target.service):
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
    private = target.address is not None and is_private(IPv4Network(target.address))
    if gateway is None or not gateway.enabled or (private and gateway.kind in ("nat", "internet")):
        return None
    return gateway.kind


def _serves(route: Route, gateway: Gateway, service: str) -> bool:
    return _covers_service(route.destination, service) and any(
        _covers_service(each, service) for each in gateway.services
    )


def _no_rule_allows(
    network: Network, endpoint: Endpoint, other: Endpoint, direction: Direction, packet: Packet
) -> str:
    what = {TCP: f"TCP {packet.port}", UDP: f"UDP {packet.port}", ICMP: f"ICMP {packet.icmp}"}
    way = f"out to {other.name}" if direction == "egress" else f"in from {other.name}"
    subnet = network.subnets[endpoint.subnet_id or ""].name
    groups = "or in its security groups" if endpoint.group_ids else "(it has no security group)"
    said = what.get(packet.protocol, f"protocol {packet.protocol}")
    return f"{endpoint.name}: no rule in the lists of subnet {subnet} {groups} allows {said} {way}"
