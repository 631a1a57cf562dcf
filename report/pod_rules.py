"""What network policies let pass. Answers are kept: many pods have the same policies, and each is asked for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import IPv4Address

from report.openings import ANY, ANY_PORT, EVERYTHING, Open, Span, joined
from report.pod_policies import Direction, Pod, names_peer, peers_of, port_range, selects
from report.pod_templates import NAMESPACE_LABEL
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

    @cached_property
    def namespaces(self) -> frozenset[object] | None:
        """Where all pods are that it names. None: anywhere."""
        found = {_only_namespace(each, self.namespace) for each in peers_of(self.body, self.direction)}
        return frozenset(found) if found and None not in found else None

    def names(self, peer: Pod | IPv4Address) -> bool:
        """Whether it is about a peer. Most pods are in another namespace, which is quick to see."""
        if isinstance(peer, Pod) and self.namespaces is not None:
            own = {peer.namespace, peer.namespace_labels.get(NAMESPACE_LABEL)}
            if not own & self.namespaces:
                return False
        return names_peer(self.body, self.namespace, peer, self.direction)

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
            self._named[key] = self._rules[number].names(peer)
        return self._named[key]


def _only_namespace(peer: Mapping[str, object], own: str) -> object:
    """The namespace of the pods that a peer of a rule in the namespace `own` can be. None: any."""
    selector = peer.get("namespaceSelector")
    return (
        own if selector is None else as_mapping(as_mapping(selector).get("matchLabels")).get(NAMESPACE_LABEL)
    )


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
