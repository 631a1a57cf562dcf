"""The rules by which a connection passes, step by step: `report.reach` says whether it does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from report.reach import (
    Direction,
    Endpoint,
    Network,
    Packet,
    Rule,
    allowing_rules,
    gateway_kind,
    reaches,
    vcn_of,
)

Kind = Literal["route", "egress rule", "ingress rule", "network policy"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that lets the packet, or its answer, pass."""

    kind: Kind
    at: str
    """The name of the endpoint whose route or rule it is."""
    by: str
    """The route, or the rule's description."""
    holder: str = ""
    """OCID of the security list or group, or the name of the network policy."""
    answer: bool = False
    """Whether it lets the answer pass. Stateful rules need no step for it."""


@dataclass(frozen=True, kw_only=True)
class Path:
    """The steps that pass, in order. If one is missing, its kind and the reason."""

    steps: Sequence[Step]
    missing: Kind | None = None
    blocked_by: str = ""

    @property
    def open(self) -> bool:
        return self.missing is None


def path_of(network: Network, source: Endpoint, target: Endpoint, packet: Packet) -> Path:
    """How `source` opens a connection to `target`. It is open exactly if `report.reach.reaches` says so."""
    blocked = reaches(network, source, target, packet).blocked_by
    routes = [*_routes(network, source, target)]
    if not _passes_routes(network, source, target, packet):
        return Path(steps=[], missing="route", blocked_by=blocked)
    steps: list[Step] = routes
    ends: tuple[tuple[Endpoint, Endpoint, Direction], ...] = (
        (source, target, "egress"),
        (target, source, "ingress"),
    )
    for endpoint, other, direction in ends:
        if endpoint.subnet_id is None or not endpoint.judged:
            continue
        found = allowing_rules(network, endpoint, other, direction, packet)
        if not found:
            return Path(steps=steps, missing=_kind(direction), blocked_by=blocked)
        steps += [_step(network, endpoint, each) for each in found[:1]]
        if packet.answered and any(each.stateless for each in found):
            back: Direction = "ingress" if direction == "egress" else "egress"
            answering = allowing_rules(network, endpoint, other, back, packet.answer())
            if not answering:
                return Path(steps=steps, missing=_kind(back), blocked_by=blocked)
            steps += [_step(network, endpoint, each, answer=True) for each in answering[:1]]
    return Path(steps=steps)


def _passes_routes(network: Network, source: Endpoint, target: Endpoint, packet: Packet) -> bool:
    """Whether routes alone let the packet pass: with ends whose own rules do not count."""
    unjudged = [
        Endpoint(
            name=each.name,
            address=each.address,
            subnet_id=each.subnet_id,
            public_address=each.public_address,
            service=each.service,
            judged=False,
        )
        for each in (source, target)
    ]
    return reaches(network, unjudged[0], unjudged[1], packet).open


def _routes(network: Network, source: Endpoint, target: Endpoint) -> Iterator[Step]:
    here, there = vcn_of(network, source), vcn_of(network, target)
    if here is not None and here == there:
        yield Step(kind="route", at=source.name, by="within the VCN")
        return
    if here is not None:
        yield Step(
            kind="route", at=source.name, by=f"through the {gateway_kind(network, source, target)} gateway"
        )
    if there is not None:
        kind = gateway_kind(network, target, source)
        yield Step(kind="route", at=target.name, by=f"back through the {kind} gateway", answer=True)


def _kind(direction: Direction) -> Kind:
    return "egress rule" if direction == "egress" else "ingress rule"


def _step(network: Network, endpoint: Endpoint, rule: Rule, *, answer: bool = False) -> Step:
    return Step(
        kind=_kind(rule.direction),
        at=endpoint.name,
        by=rule.name,
        holder=_holder(network, endpoint, rule),
        answer=answer,
    )


def _holder(network: Network, endpoint: Endpoint, rule: Rule) -> str:
    """The list or group of the endpoint that has the rule."""
    lists = network.subnets[endpoint.subnet_id or ""].list_ids
    places: Mapping[str, Sequence[Rule]] = {
        **{each: network.groups.get(each, ()) for each in endpoint.group_ids},
        **{each: network.lists.get(each, ()) for each in lists},
    }
    return next((place for place, rules in places.items() if any(each is rule for each in rules)), "")
