"""Which addresses of the internet reach an endpoint, on which ports, and which rules open it.

The verdict changes only where an address range of a rule or of a route begins or ends, so one address stands for all
between two such ends.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, collapse_addresses, summarize_address_range
from itertools import pairwise

from facts.private_networks import PRIVATE
from report.openings import ANY, ANY_PORT, Open, Span, open_ports, range_words
from report.reach import EPHEMERAL, ICMP, TCP, UDP, Endpoint, Network, Packet, gateway_kind
from report.reach_path import path_of

ANYONE = "any address"
WIDEST_HOLDER = 8
"""The shortest prefix that one holder has. Source: IANA's registry of the IPv4 address space, whose blocks are /8."""

_NOT_ON_INTERNET = (
    *PRIVATE,
    *map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")),
)
"""Private ranges, and those that RFC 6890 and RFC 5771 keep from being sources on the internet. Ranges for
documentation are not among them: examples use them as public addresses."""

_LABELS = {TCP: "TCP", UDP: "UDP", ICMP: "ICMP", "": "other protocols"}
_Places = tuple[tuple[IPv4Address, IPv4Address], ...]


@dataclass(frozen=True, kw_only=True)
class InternetPath:
    """Ports of an endpoint that some part of the internet reaches."""

    protocol: str
    """TCP, UDP, ICMP or `other protocols`."""

    ports: tuple[int, int] | None
    """None for protocols without ports."""

    what: str
    """Ports, or types of ICMP, in words."""

    sources: tuple[str, ...]
    """CIDRs, or `any address`."""

    anyone: bool
    """Whether the sources are more than one holder can have."""

    rules: tuple[str, ...]
    """The descriptions of the rules that let the packets in."""

    @property
    def label(self) -> str:
        """`TCP 443`."""
        return f"{self.protocol} {self.what}".strip()


def is_anyone(cidrs: Iterable[str]) -> bool:
    """Whether IPv4 ranges together contain one that no single holder has."""
    ranges = [IPv4Network(each, strict=False) for each in cidrs if ":" not in each]
    return any(each.prefixlen < WIDEST_HOLDER for each in collapse_addresses(ranges))


def internet_paths(network: Network, target: Endpoint) -> list[InternetPath]:
    """Every way from the internet to an endpoint with a public address."""
    if target.public_address is None or target.subnet_id is None:
        return []
    parts: list[tuple[tuple[IPv4Address, IPv4Address], Open]] = []
    for first, last in _pieces(network, target):
        source = Endpoint(name="the internet", address=first)
        if gateway_kind(network, target, source) == "internet":
            parts.append(((first, last), open_ports(network, source, target)))
    every = tuple(piece for piece in _pieces(network, target))
    found = [
        *_with_ports(network, target, every, TCP, [(place, each.tcp) for place, each in parts]),
        *_with_ports(network, target, every, UDP, [(place, each.udp) for place, each in parts]),
        *_icmp(network, target, every, parts),
    ]
    other = tuple(place for place, each in parts if each.other)
    if other:
        packet = Packet(protocol="253")
        found.append(_path((network, target), every, other, ("", None, ""), packet))
    return found


def _pieces(network: Network, target: Endpoint) -> Iterator[tuple[IPv4Address, IPv4Address]]:
    """The addresses of the internet, cut where a range of a rule or a route begins or ends."""
    subnet = network.subnets[target.subnet_id or ""]
    rules = [rule for each in subnet.list_ids for rule in network.lists.get(each, ())]
    rules += [rule for each in target.group_ids for rule in network.groups.get(each, ())]
    named = [each.peer for each in rules if each.peer_kind == "cidr"]
    named += [each.destination for each in network.tables.get(subnet.table_id, ())]
    ranges = [IPv4Network(each, strict=False) for each in named if "/" in each and ":" not in each]
    cuts = {0, 2**32}
    for each in (*ranges, *_NOT_ON_INTERNET):
        cuts |= {int(each[0]), int(each[-1]) + 1}
    for low, high in pairwise(sorted(cuts)):
        if not any(IPv4Address(low) in each for each in _NOT_ON_INTERNET):
            yield IPv4Address(low), IPv4Address(high - 1)


def _with_ports(
    network: Network,
    target: Endpoint,
    every: _Places,
    protocol: str,
    parts: Sequence[tuple[tuple[IPv4Address, IPv4Address], Sequence[Span]]],
) -> Iterator[InternetPath]:
    """Neighbouring ports that the same addresses reach are one path."""
    cuts = sorted({end for _, spans in parts for each in spans for end in (each.first, each.last + 1)})
    found: list[tuple[int, int, _Places, int]] = []
    for low, high in pairwise(cuts):
        covering = [
            (place, each)
            for place, spans in parts
            for each in spans
            if each.first <= low and high - 1 <= each.last
        ]
        places = tuple(place for place, _ in covering)
        if not places:
            continue
        client = covering[0][1].client_ports[0][0] if covering[0][1].client_ports else EPHEMERAL
        if found and found[-1][1] == low - 1 and found[-1][2:] == (places, client):
            found[-1] = (found[-1][0], high - 1, places, client)
        else:
            found.append((low, high - 1, places, client))
    for first, last, places, client in found:
        packet = Packet(protocol=protocol, port=first, source_port=client)
        said = "all ports" if (first, last) == ANY_PORT else range_words((first, last))
        yield _path((network, target), every, places, (protocol, (first, last), said), packet)


def _icmp(
    network: Network,
    target: Endpoint,
    every: _Places,
    parts: Sequence[tuple[tuple[IPv4Address, IPv4Address], Open]],
) -> Iterator[InternetPath]:
    for kind in dict.fromkeys(kind for _, each in parts for kind in each.icmp):
        places = tuple(place for place, each in parts if kind in each.icmp)
        number, _, code = kind.partition("/")
        sent = (255, 255) if kind == ANY else (int(number), int(code or 255))
        said = "" if kind == ANY else kind
        yield _path((network, target), every, places, (ICMP, None, said), Packet(protocol=ICMP, icmp=sent))


def _path(
    ends: tuple[Network, Endpoint],
    every: _Places,
    places: _Places,
    what: tuple[str, tuple[int, int] | None, str],
    packet: Packet,
) -> InternetPath:
    """A path; a rule is named once, however many ranges of addresses it lets in."""
    (network, target), (protocol, ports, said) = ends, what
    rules: dict[str, None] = {}
    for first, _ in places:
        steps = path_of(network, Endpoint(name="the internet", address=first), target, packet).steps
        rules |= {each.by: None for each in steps if each.kind == "ingress rule" and not each.answer}
    ranges = [*collapse_addresses(one for place in places for one in summarize_address_range(*place))]
    whole = places == every
    return InternetPath(
        protocol=_LABELS[protocol],
        ports=ports,
        what=said,
        sources=(ANYONE,) if whole else tuple(map(str, ranges)),
        anyone=whole or any(each.prefixlen < WIDEST_HOLDER for each in ranges),
        rules=tuple(rules),
    )
