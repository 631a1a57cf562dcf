"""A packet walk by brute force: a firewall with a table of conversations, and rules as sets of what they admit.

It shares nothing with `report.reach` but the data: every rule becomes the set of all (protocol, peer, ports) of a small
universe, and packets are walked one after the other, the answer too.
"""

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from itertools import product

from report.reach import Network, Packet, Place, Rule

PROTOCOLS = ("1", "6", "17")
PORTS = (22, 80, 443, 50_000)
Sight = tuple[str, int, int]
"""Protocol, destination port, source port."""


def admitted(rule: Rule) -> set[Sight]:
    """Everything in the universe that the rule admits."""
    found: set[Sight] = set()
    for protocol, port, source_port in product(PROTOCOLS, PORTS, PORTS):
        if rule.protocol not in ("all", protocol):
            continue
        narrow = rule.protocol != "all" and protocol != "1"
        first, last = rule.ports if narrow and rule.ports else (0, 65_535)
        first_source, last_source = rule.source_ports if narrow and rule.source_ports else (0, 65_535)
        if port in range(first, last + 1) and source_port in range(first_source, last_source + 1):
            found.add((protocol, port, source_port))
    return found


@dataclass
class Door:
    """One endpoint's firewall, which remembers the conversations that a stateful rule let begin."""

    network: Network
    place: Place
    remembered: set[tuple[str, Sight]] = field(default_factory=set[tuple[str, Sight]])

    def passes(self, direction: str, other: Place, sight: Sight) -> bool:
        """Whether the packet passes, and what is kept of it."""
        protocol, port, source_port = sight
        if (other.name, (protocol, source_port, port)) in self.remembered:
            return True
        hits = [
            rule for rule in self._rules() if rule.direction == direction and self._hit(rule, other, sight)
        ]
        if hits and all(not rule.stateless for rule in hits):
            self.remembered.add((other.name, sight))
        return bool(hits)

    def _rules(self) -> list[Rule]:
        subnet = self.network.subnets[self.place.subnet_id or ""]
        walls = [self.network.lists.get(each, ()) for each in subnet.list_ids]
        walls += [self.network.groups.get(each, ()) for each in self.place.group_ids]
        return [rule for wall in walls for rule in wall]

    def _hit(self, rule: Rule, other: Place, sight: Sight) -> bool:
        if sight not in admitted(rule):
            return False
        if rule.peer_kind == "group":
            return rule.peer in other.group_ids
        wanted = IPv4Network(rule.peer)
        return any(
            IPv4Address(int(wanted[0]) + step) == other.address for step in range(wanted.num_addresses)
        )


def walked(network: Network, source: Place, target: Place, packet: Packet) -> bool:
    """Whether a packet and its answer arrive, both ends in one VCN."""
    ends = {source.name: Door(network, source), target.name: Door(network, target)}
    there: Sight = (packet.protocol, packet.port, packet.source_port)
    back: Sight = (packet.protocol, packet.source_port, packet.port)
    steps = [(source, target, "egress", there), (target, source, "ingress", there)]
    if packet.protocol != "1":
        steps += [(target, source, "egress", back), (source, target, "ingress", back)]
    return all(ends[here.name].passes(way, other, sight) for here, other, way, sight in steps)
