"""Which pods fit on which nodes, and why others do not, in the words of the Kubernetes scheduler.

Not modelled: topology spread, preemption (except that pods of negative priority come last), host ports, volume zones
and preferred (soft) rules.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.nodes import Node, Taint
from sandbox.kubernetes.scheduling.pods import PodSet, matches, selects


@dataclass
class NodeCapacity:
    """The free resources of one node, and the pods on it."""

    node: Node
    free: dict[str, float]
    pods: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    """Namespace, owner and labels of each pod."""

    @classmethod
    def of(cls, node: Node) -> "NodeCapacity":
        return cls(node, dict(node.allocatable))


@dataclass(frozen=True)
class Placement:
    """How many pods of a set have a node, and why the next pod has none."""

    placed: int
    wanted: int
    why: str = ""
    detail: str = ""


def place(pods: PodSet, capacities: Sequence[NodeCapacity]) -> Placement:
    """Put pods on nodes and reduce the free resources there. Stops at the first pod that fits on no node."""
    if pods.every_node:
        return _place_everywhere(pods, capacities)
    for index in range(pods.count):
        for capacity in capacities:
            if refusal(pods, capacity, capacities) is None:
                _take(pods, capacity)
                break
        else:
            return Placement(index, pods.count, *_explain(pods, capacities))
    return Placement(pods.count, pods.count)


def _place_everywhere(pods: PodSet, capacities: Sequence[NodeCapacity]) -> Placement:
    wanted, placed = 0, 0
    short: list[NodeCapacity] = []
    for capacity in capacities:
        if _unsuitable(pods.spec, capacity.node):
            continue
        wanted += 1
        if refusal(pods, capacity, capacities) is None:
            _take(pods, capacity)
            placed += 1
        else:
            short.append(capacity)
    return Placement(placed, wanted, *(_explain(pods, short) if short else ("", "")))


def _take(pods: PodSet, capacity: NodeCapacity) -> None:
    for name, amount in pods.needs.items():
        capacity.free[name] = capacity.free.get(name, 0.0) - amount
    capacity.pods.append((pods.namespace, pods.owner, pods.labels))


def refusal(pods: PodSet, capacity: NodeCapacity, capacities: Sequence[NodeCapacity]) -> str | None:
    """Why one more of these pods does not fit on the node; None if it does."""
    unsuitable = _unsuitable(pods.spec, capacity.node)
    if unsuitable:
        return unsuitable
    for name, amount in pods.needs.items():
        if amount > capacity.free.get(name, 0.0) + 1e-9 and amount > 0:
            return "Too many pods" if name == "pods" else f"Insufficient {name}"
    if _repelled(pods, capacity, capacities):
        return "node(s) didn't match pod anti-affinity rules"
    return None


def _unsuitable(spec: Json, node: Node) -> str | None:
    taint = next((each for each in node.taints if not _tolerated(each, spec)), None)
    if taint is not None:
        return f"node(s) had untolerated taint {{{taint.key}: {taint.value}}}"
    if not _selected(spec, node):
        return "node(s) didn't match Pod's node affinity/selector"
    return None


def _tolerated(taint: Taint, spec: Json) -> bool:
    if taint.effect == "PreferNoSchedule":
        return True
    for each in spec.get("tolerations") or ():
        if each.get("effect") not in (None, "", taint.effect):
            continue
        if each.get("operator", "Equal") == "Exists":
            if each.get("key") in (None, "", taint.key):
                return True
        elif each.get("key") == taint.key and each.get("value", "") == taint.value:
            return True
    return False


def _selected(spec: Json, node: Node) -> bool:
    if spec.get("nodeName") not in (None, "", node.name):
        return False
    wanted = spec.get("nodeSelector") or {}
    if any(node.labels.get(key) != value for key, value in wanted.items()):
        return False
    required = at(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    if not required:
        return True
    return any(
        all(matches(each, node.labels) for each in term.get("matchExpressions") or ())
        and all(matches(each, {"metadata.name": node.name}) for each in term.get("matchFields") or ())
        for term in required.get("nodeSelectorTerms") or ()
    )


def _repelled(pods: PodSet, capacity: NodeCapacity, capacities: Sequence[NodeCapacity]) -> bool:
    rules: Any = at(
        pods.spec, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"
    )
    for rule in rules or ():
        topology = str(rule.get("topologyKey"))
        here = capacity.node.labels.get(topology)
        spaces = rule.get("namespaces") or [pods.namespace]
        for other in capacities:
            if other.node.labels.get(topology) != here:
                continue
            if any(
                ns in spaces and selects(rule.get("labelSelector"), labels) for ns, _, labels in other.pods
            ):
                return True
    return False


def _explain(pods: PodSet, capacities: Sequence[NodeCapacity]) -> tuple[str, str]:
    if not capacities:
        return "no nodes available to schedule pods", "no node pool of the cluster has nodes"
    refusals = [(capacity.node, refusal(pods, capacity, capacities) or "") for capacity in capacities]
    counts = Counter(why for _, why in refusals)
    reasons = ", ".join(f"{count} {why}" for why, count in sorted(counts.items()))
    total = len(capacities)
    message = (
        f"0/{total} nodes are available: {reasons}. preemption: 0/{total} nodes are available: "
        f"{total} Preemption is not helpful for scheduling."
    )
    return message, "; ".join(
        _by_pool(pods, refusals, {capacity.node.name: capacity for capacity in capacities})
    )


def _by_pool(
    pods: PodSet, refusals: Sequence[tuple[Node, str]], capacities: Mapping[str, NodeCapacity]
) -> list[str]:
    """The same reasons for each node pool, with figures that the real scheduler does not print."""
    seen: dict[tuple[str, str], int] = Counter((node.pool, why) for node, why in refusals)
    first = {(node.pool, why): node for node, why in reversed(refusals)}
    lines: list[str] = []
    for (pool, why), count in seen.items():
        node = first[pool, why]
        lines.append(
            f'pool "{pool}" ({count} x {node.shape}): {_figures(pods, node, why, capacities[node.name])}'
        )
    return lines


def _figures(pods: PodSet, node: Node, why: str, capacity: NodeCapacity) -> str:
    if why.startswith("Insufficient "):
        name = why.removeprefix("Insufficient ")
        have, free = node.allocatable.get(name, 0.0), capacity.free.get(name, 0.0)
        return f"{name}: a pod requests {pods.needs[name]:g}; a node has {have:g}, of which {free:g} are free"
    if "untolerated" in why:
        return (
            f"taint {next(each for each in node.taints if not _tolerated(each, pods.spec))} is not tolerated"
        )
    if "affinity/selector" in why:
        wanted = pods.spec.get("nodeSelector") or {}
        missed = [f"{key}={value}" for key, value in wanted.items() if node.labels.get(key) != value]
        return f"no match for node selector {', '.join(missed)}" if missed else "no match for node affinity"
    return why
