"""What network policies let pass. Answers are kept: many pods have the same policies, and each is asked for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from report.openings import ANY, ANY_PORT, EVERYTHING, Open, Span, joined
from report.pod_policies import Direction, Pod, names_peer, port_range, selects
from report.resources import as_mapping, as_sequence

Policies = Sequence[Mapping[str, object]]

Rules = tuple[int, ...] | None
"""The numbers of rules that hold for a direction of a pod. None: no policy selects it, so everything passes."""

_DIRECTIONS: tuple[Direction, Direction] = ("egress", "ingress")


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """A rule of a policy."""

    namespace: str
    direction: Direction
    body: Mapping[str, object]

    @property
    def ports(self) -> list[Mapping[str, object]]:
        return [as_mapping(each) for each in as_sequence(self.body.get("ports"))]


class PolicyRules:
    """The rules of a cluster's policies, each of which has a namespace."""

    def __init__(self, policies: Policies) -> None:
        self._rules: list[_Rule] = []
        self._policies: dict[str, list[tuple[Mapping[str, object], Mapping[Direction, Sequence[int]]]]] = {}
        for policy in policies:
            numbers: dict[Direction, Sequence[int]] = {each: self._read(policy, each) for each in _DIRECTIONS}
            self._policies.setdefault(_namespace(policy), []).append((policy, numbers))
        self._named: dict[tuple[int, int], bool] = {}
        self._opened: dict[tuple[object, ...], Open] = {}

    def of(self, pod: Pod) -> tuple[Rules, Rules]:
        """The rules for what leaves a pod, and for what arrives."""
        egress, ingress = (self._selecting(pod, each) for each in _DIRECTIONS)
        return egress, ingress

    def opening(self, rules: Rules, peer: Pod | IPv4Address, target: Pod | None) -> Open:
        """What rules let pass from or to a peer, which must live as long as this object. `target`: the pod that is
        called; its named ports count."""
        if rules is None:
            return EVERYTHING
        named = tuple(number for number in rules if self._names(number, peer))
        key = (named, *(target.ports.items() if target else ()))
        if key not in self._opened:
            self._opened[key] = _opened([self._rules[number].ports for number in named], target)
        return self._opened[key]

    def _read(self, policy: Mapping[str, object], direction: Direction) -> list[int]:
        space = _namespace(policy)
        bodies = map(as_mapping, as_sequence(as_mapping(policy.get("spec")).get(direction)))
        start = len(self._rules)
        self._rules += [_Rule(namespace=space, direction=direction, body=each) for each in bodies]
        return [*range(start, len(self._rules))]

    def _selecting(self, pod: Pod, direction: Direction) -> Rules:
        found = [
            numbers[direction]
            for policy, numbers in self._policies.get(pod.namespace, ())
            if selects(policy, pod, direction)
        ]
        return tuple(number for numbers in found for number in numbers) if found else None

    def _names(self, number: int, peer: Pod | IPv4Address) -> bool:
        key = (number, id(peer))
        if key not in self._named:
            rule = self._rules[number]
            self._named[key] = names_peer(rule.body, rule.namespace, peer, rule.direction)
        return self._named[key]


def _namespace(policy: Mapping[str, object]) -> str:
    return str(as_mapping(policy.get("metadata")).get("namespace"))


def _opened(rules: Sequence[Sequence[Mapping[str, object]]], target: Pod | None) -> Open:
    """What passes by the ports of rules. A rule without ports allows every one."""
    ranges = [("TCP", *ANY_PORT), ("UDP", *ANY_PORT)] if any(not ports for ports in rules) else []
    ranges += [each for ports in rules for entry in ports if (each := port_range(entry, target))]
    spans = {"TCP": list[Span](), "UDP": list[Span]()}
    for protocol, first, last in ranges:
        spans.get(protocol, []).append(Span(first=first, last=last))
    opened = [Open(tcp=(each,)) for each in spans["TCP"]] + [Open(udp=(each,)) for each in spans["UDP"]]
    return replace(joined(opened), icmp=(ANY,), other=True)
