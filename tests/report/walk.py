"""A brute-force check of reachability: a firewall with a table of connections, and rules as sets of packet headers.

It shares only the data types with `report.reach`. Every rule becomes the set of all matching headers (protocol and
ports) of a small universe. The packet and then its answer pass each firewall in turn.
"""

from dataclasses import dataclass, field
from functools import cache
from itertools import product

from report.reach import Endpoint, Network, Packet, Rule

PROTOCOLS = ("1", "6", "17")
PORTS = (22, 80, 443, 50_000)
Header = tuple[str, int, int]
"""Protocol, destination port, source port."""


@cache
def headers_of(rule: Rule, ports: tuple[int, ...]) -> set[Header]:
    """All headers in a universe of ports that the rule allows."""
    found: set[Header] = set()
    for protocol, port, source_port in product(PROTOCOLS, ports, ports):
        if rule.protocol not in ("all", protocol):
            continue
        narrow = rule.protocol != "all" and protocol != "1"
        first, last = rule.ports if narrow and rule.ports else (0, 65_535)
        first_source, last_source = rule.source_ports if narrow and rule.source_ports else (0, 65_535)
        if first <= port <= last and first_source <= source_port <= last_source:
            found.add((protocol, port, source_port))
    return found


@dataclass
class Firewall:
    """One endpoint's firewall. It tracks the connections that stateful rules allowed."""

    network: Network
    endpoint: Endpoint
    ports: tuple[int, ...] = PORTS
    tracked: set[tuple[str, Header]] = field(default_factory=set[tuple[str, Header]])

    def passes(self, direction: str, other: Endpoint, header: Header) -> bool:
        """Whether the packet passes. A connection that stateful rules allow is tracked."""
        protocol, port, source_port = header
        if (other.name, (protocol, source_port, port)) in self.tracked:
            return True
        hits = [
            rule for rule in self._rules() if rule.direction == direction and self._hit(rule, other, header)
        ]
        if hits and all(not rule.stateless for rule in hits):
            self.tracked.add((other.name, header))
        return bool(hits)

    def _rules(self) -> list[Rule]:
        subnet = self.network.subnets[self.endpoint.subnet_id or ""]
        lists = [self.network.lists.get(each, ()) for each in subnet.list_ids]
        lists += [self.network.groups.get(each, ()) for each in self.endpoint.group_ids]
        return [rule for rules in lists for rule in rules]

    def _hit(self, rule: Rule, other: Endpoint, header: Header) -> bool:
        if header not in headers_of(rule, self.ports):
            return False
        if rule.peer_kind == "group":
            return rule.peer in other.group_ids
        network, _, length = rule.peer.partition("/")
        return _bits(network)[: int(length)] == _bits(str(other.address))[: int(length)]


def _bits(address: str) -> str:
    return "".join(f"{int(part):08b}" for part in address.split("."))


def arrives(
    network: Network, source: Endpoint, target: Endpoint, packet: Packet, ports: tuple[int, ...] = PORTS
) -> bool:
    """Whether a packet and its answer arrive. Both ends are in one VCN, or one is outside, where no firewall is."""
    ends = {each.name: Firewall(network, each, ports) for each in (source, target) if each.subnet_id}
    there: Header = (packet.protocol, packet.port, packet.source_port)
    back: Header = (packet.protocol, packet.source_port, packet.port)
    steps = [(source, target, "egress", there), (target, source, "ingress", there)]
    if packet.protocol != "1":
        steps += [(target, source, "egress", back), (source, target, "ingress", back)]
    return all(
        ends[here.name].passes(way, other, header) for here, other, way, header in steps if here.name in ends
    )
