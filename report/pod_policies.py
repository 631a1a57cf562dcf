"""Network policies of Kubernetes: which of them lets a pod's connection pass.

Pure functions over the objects as the API server has them. Source: Kubernetes' page "Network Policies" and the API
reference of networking.k8s.io/v1, read in November 2026:

- A pod that no policy selects for a direction accepts every connection in it. One that is selected accepts only what a
  rule of some policy allows. The answer to an allowed connection passes.
- A peer with only a pod selector means pods of the policy's own namespace. An address block means hosts outside of the
  cluster: pods are named by selectors.
- A policy without `policyTypes` is for ingress, and for egress too if it has egress rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from report.resources import as_mapping, as_number, as_sequence

Direction = Literal["egress", "ingress"]
_PEERS: Mapping[Direction, str] = {"egress": "to", "ingress": "from"}


@dataclass(frozen=True, kw_only=True)
class Pod:
    """A pod, as policies select it."""

    namespace: str
    labels: Mapping[str, object] = field(default_factory=dict[str, object])
    namespace_labels: Mapping[str, object] = field(default_factory=dict[str, object])
    ports: Mapping[str, int] = field(default_factory=dict[str, int])
    """Its named ports."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A connection: the protocol as Kubernetes writes it (TCP, UDP) and the port of the target."""

    protocol: str
    port: int
    target: Pod | None = None
    """The pod that is called, whose named ports count."""


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What the policies say about one direction of a pod."""

    selecting: Sequence[str] = ()
    """Policies that select the pod, as namespace/name. If there are none, everything passes."""
    allowed_by: str = ""
    """The first policy that allows the connection."""

    @property
    def open(self) -> bool:
        return not self.selecting or bool(self.allowed_by)


def ruling(
    policies: Iterable[Mapping[str, object]],
    pod: Pod,
    peer: Pod | IPv4Address | None,
    direction: Direction,
    call: Call,
) -> Ruling:
    """Which policies of a cluster hold for a pod and a peer.

    `peer` is a pod, or the address of a host; None if its address is unknown.
    """
    found = [*rules_about(policies, pod, peer, direction)]
    allowed = (
        name
        for name, rules in found
        if any(not ports or any(_is_port(p, call) for p in ports) for ports in rules)
    )
    return Ruling(selecting=[name for name, _ in found], allowed_by=next(allowed, ""))


_Ports = Sequence[Mapping[str, object]]


def rules_about(
    policies: Iterable[Mapping[str, object]], pod: Pod, peer: Pod | IPv4Address | None, direction: Direction
) -> Iterator[tuple[str, Sequence[_Ports]]]:
    """Each policy that selects the pod, as namespace/name, with the ports of each rule that names the peer. A rule with
    no ports allows every one."""
    for each in policies:
        if selects(each, pod, direction):
            rules = map(as_mapping, as_sequence(as_mapping(each.get("spec")).get(direction)))
            named = [rule for rule in rules if names_peer(rule, pod.namespace, peer, direction)]
            yield (
                f"{pod.namespace}/{as_mapping(each.get('metadata')).get('name')}",
                [[as_mapping(port) for port in as_sequence(rule.get("ports"))] for rule in named],
            )


def selects(policy: Mapping[str, object], pod: Pod, direction: Direction) -> bool:
    """Whether a policy holds for a direction of a pod."""
    spec = as_mapping(policy.get("spec"))
    here = as_mapping(policy.get("metadata")).get("namespace") == pod.namespace
    return here and direction in _types(spec) and matches(as_mapping(spec.get("podSelector")), pod.labels)


def port_range(wanted: Mapping[str, object], target: Pod | None) -> tuple[str, int, int] | None:
    """The protocol and the ports of an entry of a rule; None if its name is no port of the target."""
    protocol, port = str(wanted.get("protocol") or "TCP"), wanted.get("port")
    if port is None:
        return protocol, 1, 65_535
    if isinstance(port, str):
        named = target.ports.get(port) if target else None
        return (protocol, named, named) if named else None
    first = int(as_number(port) or 0)
    return protocol, first, int(as_number(wanted.get("endPort")) or first)


def matches(selector: Mapping[str, object], labels: Mapping[str, object]) -> bool:
    """Whether a label selector selects labels. An empty selector selects all."""
    wanted = as_mapping(selector.get("matchLabels"))
    expressions = map(as_mapping, as_sequence(selector.get("matchExpressions")))
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _expression(each, labels) for each in expressions
    )


def _expression(expression: Mapping[str, object], labels: Mapping[str, object]) -> bool:
    key, values = str(expression.get("key")), as_sequence(expression.get("values"))
    match expression.get("operator"):
        case "In":
            return key in labels and labels[key] in values
        case "NotIn":
            return key not in labels or labels[key] not in values
        case "Exists":
            return key in labels
        case _:
            return key not in labels


def _types(spec: Mapping[str, object]) -> set[str]:
    given = {str(each).lower() for each in as_sequence(spec.get("policyTypes"))}
    return given or ({"ingress", "egress"} if spec.get("egress") else {"ingress"})


def names_peer(
    rule: Mapping[str, object], namespace: str, peer: Pod | IPv4Address | None, direction: Direction
) -> bool:
    """Whether a rule of a policy in a namespace is about a peer."""
    peers = peers_of(rule, direction)
    return not peers or any(_is_peer(each, namespace, peer) for each in peers)


def peers_of(rule: Mapping[str, object], direction: Direction) -> list[Mapping[str, object]]:
    """The peers of a rule. None: it is about every one."""
    return [as_mapping(each) for each in as_sequence(rule.get(_PEERS[direction]))]


def _is_peer(wanted: Mapping[str, object], namespace: str, peer: Pod | IPv4Address | None) -> bool:
    block = as_mapping(wanted.get("ipBlock"))
    if block:
        return isinstance(peer, IPv4Address) and _in_block(block, peer)
    if not isinstance(peer, Pod):
        return False
    spaces = wanted.get("namespaceSelector")
    in_space = (
        peer.namespace == namespace if spaces is None else matches(as_mapping(spaces), peer.namespace_labels)
    )
    return in_space and matches(as_mapping(wanted.get("podSelector")), peer.labels)


def _in_block(block: Mapping[str, object], address: IPv4Address) -> bool:
    def inside(cidr: object) -> bool:
        return ":" not in str(cidr) and address in IPv4Network(str(cidr), strict=False)

    return inside(block.get("cidr")) and not any(map(inside, as_sequence(block.get("except"))))


def _is_port(wanted: Mapping[str, object], call: Call) -> bool:
    found = port_range(wanted, call.target)
    return found is not None and found[0] == call.protocol and found[1] <= call.port <= found[2]
