"""Which ports are open from one endpoint to another: every port, not one.

The verdict of `report.reach.reaches` changes only where a range of a rule begins or ends. So it is asked once between
two such ends, and the answer holds for all ports between them. A range is open if some port of the client gets through.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from report.reach import (
    ALL,
    EPHEMERAL,
    ICMP,
    TCP,
    UDP,
    Direction,
    Endpoint,
    Network,
    Packet,
    Ports,
    Rule,
    allowing_rules,
    reaches,
)

FIRST, LAST = 1, 65_535
ANY_PORT: Ports = (FIRST, LAST)
ANY = "all"

_UNNAMED_TYPE, _UNNAMED_CODE = 255, 255
"""A type and a code of ICMP that IANA reserves: what lets them pass lets every one pass that no rule names."""

_UNNAMED_PROTOCOL = "253"
"""A protocol that IANA keeps for experiments, for those that no rule names."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """Ports of the target that are open, both ends included."""

    first: int
    last: int
    client_ports: tuple[Ports, ...] = ()
    """The ports from which the client must call. Empty: those that clients choose."""


@dataclass(frozen=True, kw_only=True)
class Open:
    """What passes from one endpoint to another."""

    tcp: tuple[Span, ...] = ()
    udp: tuple[Span, ...] = ()
    icmp: tuple[str, ...] = ()
    """Types, or types with a code (`3/4`); `all`."""

    other: bool = False
    """Whether protocols other than these pass."""

    def __bool__(self) -> bool:
        return bool(self.tcp or self.udp or self.icmp or self.other)


EVERYTHING = Open(
    tcp=(Span(first=FIRST, last=LAST),), udp=(Span(first=FIRST, last=LAST),), icmp=(ANY,), other=True
)


def open_ports(network: Network, source: Endpoint, target: Endpoint) -> Open:
    """What can pass from `source` to `target`, with its answer."""
    forward = [*_naming(network, source, target, "egress"), *_naming(network, target, source, "ingress")]
    back: Sequence[Rule] = ()
    if any(each.stateless for each in forward):
        back = [*_naming(network, source, target, "ingress"), *_naming(network, target, source, "egress")]
    if not _can_pass(network, source, target):
        return Open()
    return Open(
        tcp=tuple(_spans(network, source, target, TCP, (forward, back))),
        udp=tuple(_spans(network, source, target, UDP, (forward, back))),
        icmp=tuple(_types(network, source, target, forward)),
        other=reaches(network, source, target, Packet(protocol=_UNNAMED_PROTOCOL)).open,
    )


def joined(openings: Iterable[Open]) -> Open:
    """What passes in at least one of several cases."""
    found = [*dict.fromkeys(openings)]
    if len(found) == 1:
        return found[0]
    return Open(
        tcp=_union(span for each in found for span in each.tcp),
        udp=_union(span for each in found for span in each.udp),
        icmp=_least(dict.fromkeys(kind for each in found for kind in each.icmp)),
        other=any(each.other for each in found),
    )


def common(one: Open, other: Open) -> Open:
    """What passes in both cases."""
    if EVERYTHING in (one, other):
        return other if one == EVERYTHING else one
    return Open(
        tcp=_intersection(one.tcp, other.tcp),
        udp=_intersection(one.udp, other.udp),
        icmp=one.icmp if other.icmp == (ANY,) else tuple(each for each in other.icmp if each in one.icmp),
        other=one.other and other.other,
    )


def words(found: Open) -> str:
    """`TCP 443, 8000-9000; UDP 53; ICMP 3/4`, or `everything`."""
    if found == EVERYTHING:
        return "everything"
    parts = [f"{name} {_spelled(spans)}" for name, spans in (("TCP", found.tcp), ("UDP", found.udp)) if spans]
    if found.icmp:
        parts.append("ICMP" if found.icmp == (ANY,) else f"ICMP {', '.join(found.icmp)}")
    return "; ".join([*parts, *(["other protocols"] if found.other else [])])


def range_words(ports: Ports) -> str:
    """`443`, `8000-9000` or `all`."""
    if ports == ANY_PORT:
        return ANY
    return str(ports[0]) if ports[0] == ports[1] else f"{ports[0]}-{ports[1]}"


def _spelled(spans: Sequence[Span]) -> str:
    said: list[str] = []
    for each in spans:
        clients = ", ".join(map(range_words, each.client_ports))
        said.append(range_words((each.first, each.last)) + (f" (from ports {clients})" if clients else ""))
    return ", ".join(said)


def _naming(network: Network, endpoint: Endpoint, other: Endpoint, direction: Direction) -> list[Rule]:
    if endpoint.subnet_id is None or not endpoint.judged:
        return []
    return allowing_rules(network, endpoint, other, direction, None)


def _can_pass(network: Network, source: Endpoint, target: Endpoint) -> bool:
    """False if no packet can, because an end has no rule about the other one."""
    ends: tuple[tuple[Endpoint, Endpoint, Direction], ...] = (
        (source, target, "egress"),
        (target, source, "ingress"),
    )
    return all(
        each.subnet_id is None or not each.judged or _naming(network, each, other, direction)
        for each, other, direction in ends
    )


def _spans(
    network: Network,
    source: Endpoint,
    target: Endpoint,
    protocol: str,
    rules: tuple[Sequence[Rule], Sequence[Rule]],
) -> Iterator[Span]:
    forward, back = ([each for each in some if each.protocol in (protocol, ALL)] for some in rules)
    if not forward:
        forward_ends = [(source, "egress"), (target, "ingress")]
        if any(each.subnet_id is not None and each.judged for each, _ in forward_ends):
            return
    servers = _pieces([*(each.ports for each in forward), *(each.source_ports for each in back)])
    clients = _pieces([*(each.source_ports for each in forward), *(each.ports for each in back)])

    def passes(port: int, client: int) -> bool:
        return reaches(network, source, target, Packet(protocol=protocol, port=port, source_port=client)).open

    found: list[Span] = []
    for first, last in servers:
        if passes(first, EPHEMERAL):
            found.append(Span(first=first, last=last))
        elif len(clients) > 1:
            callers = [each for each in clients if passes(first, each[0])]
            if callers:
                found.append(Span(first=first, last=last, client_ports=_together(callers)))
    yield from _merged(found)


def _pieces(ranges: Iterable[Ports | None]) -> list[Ports]:
    """All ports, cut where one of the ranges begins or ends."""
    cuts = {FIRST, LAST + 1}
    for first, last in filter(None, ranges):
        cuts |= {max(first, FIRST), min(last, LAST) + 1}
    return [(low, high - 1) for low, high in pairwise(sorted(cuts))]


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that follow each other as one, if the same clients can use them."""
    before: Span | None = None
    for each in spans:
        if before and before.last + 1 == each.first and before.client_ports == each.client_ports:
            before = Span(first=before.first, last=each.last, client_ports=each.client_ports)
            continue
        if before:
            yield before
        before = each
    if before:
        yield before


def _together(ranges: Iterable[Ports]) -> tuple[Ports, ...]:
    return tuple(
        (each.first, each.last) for each in _merged(Span(first=low, last=high) for low, high in ranges)
    )


def _union(spans: Iterable[Span]) -> tuple[Span, ...]:
    found = [*spans]
    return tuple(_merged(each for piece in _cut(found) for each in _widest(piece, found)))


def _intersection(ones: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    pieces = _cut([*ones, *others])
    return tuple(
        _merged(
            Span(first=low, last=high, client_ports=one.client_ports or other.client_ports)
            for low, high in pieces
            for one in _widest((low, high), ones)
            for other in _widest((low, high), others)
        )
    )


def _cut(spans: Iterable[Span]) -> list[Ports]:
    return _pieces((each.first, each.last) for each in spans)


def _widest(piece: Ports, spans: Iterable[Span]) -> list[Span]:
    """The piece as a span, if spans cover it: with the clients of the one that limits them least."""
    covering = [each for each in spans if each.first <= piece[0] and piece[1] <= each.last]
    covering.sort(key=lambda each: bool(each.client_ports))
    return [Span(first=piece[0], last=piece[1], client_ports=each.client_ports) for each in covering[:1]]


def _types(network: Network, source: Endpoint, target: Endpoint, rules: Sequence[Rule]) -> Iterator[str]:
    def passes(kind: int, code: int) -> bool:
        return reaches(network, source, target, Packet(protocol=ICMP, icmp=(kind, code))).open

    if passes(_UNNAMED_TYPE, _UNNAMED_CODE):
        yield ANY
        return
    named = sorted({each.icmp for each in rules if each.icmp}, key=str)
    whole = {kind for kind, _ in named if passes(kind, _UNNAMED_CODE)}
    yield from map(str, sorted(whole))
    for kind, code in named:
        if code is not None and kind not in whole and passes(kind, code):
            yield f"{kind}/{code}"


def _least(kinds: Iterable[str]) -> tuple[str, ...]:
    found = [*kinds]
    return (ANY,) if ANY in found else tuple(found)
