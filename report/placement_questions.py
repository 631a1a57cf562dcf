"""What a placement depends on: the order in which pods arrive, and every node being there. Pure functions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from report.placement import Amount, Engines, Node, fill, put, smallest_first

MOST_ORDERED = 6
"""Models up to which every order is tried: 720 orders. Of more, the orders by size and the rotations of these."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order of the models, and what it leaves over."""

    models: tuple[str, ...]
    waiting: Mapping[str, int]
    """Engines without a place, by model."""

    gpus: int
    """GPUs that the waiting engines request."""


@dataclass(frozen=True, kw_only=True)
class OrderEffect:
    """How the order in which models arrive changes what fits."""

    tried: int
    every: bool
    """Whether every order of the models was tried. False: there are too many."""

    best: Order
    worst: Order

    @property
    def matters(self) -> bool:
        """Whether an order leaves more GPUs' worth of engines waiting than another."""
        return self.best.gpus != self.worst.gpus


def order_effect(engines: Sequence[Engines], node: Amount, count: int) -> OrderEffect:
    """Place the models in each order, all engines of a model one after the other."""
    every = len(engines) <= MOST_ORDERED
    found = [_order(each, node, count) for each in _orders(engines, every=every)]
    return OrderEffect(
        tried=len(found),
        every=every,
        best=min(found, key=lambda each: each.gpus),
        worst=max(found, key=lambda each: each.gpus),
    )


def _orders(engines: Sequence[Engines], *, every: bool) -> Iterator[Sequence[Engines]]:
    ordered = smallest_first(engines)
    if every:
        yield from permutations(ordered)
        return
    for each in (ordered, ordered[::-1]):
        yield from (each[start:] + each[:start] for start in range(len(each)))


def _order(engines: Sequence[Engines], node: Amount, count: int) -> Order:
    _, misfits = fill(engines, node, count)
    waiting = {each.name: each.missing for each in misfits}
    return Order(models=tuple(each.name for each in engines), waiting=waiting, gpus=_gpus(engines, waiting))


def _gpus(engines: Sequence[Engines], waiting: Mapping[str, int]) -> int:
    return sum(waiting.get(each.name, 0) * each.pod.gpus * each.pods for each in engines)


def waiting_after_a_failure(engines: Sequence[Engines], node: Amount, count: int) -> Mapping[str, int]:
    """Engines by model that have a place now and would wait if the worst of the nodes failed.

    The other engines stay where they are. An engine over several nodes starts again as a whole if one of them fails
    (LeaderWorkerSet, RecreateGroupOnPodRestart), so it gives its other nodes back first.
    """
    kinds = {each.name: each for each in engines}
    worst: Mapping[str, int] = {}
    nodes, _ = fill(smallest_first(engines), node, count)
    for failed in _different(nodes, kinds):
        there = [Node(free=each.free, pods=[*each.pods]) for each in nodes]
        found = _waiting_without(there, failed, kinds)
        if _gpus(engines, found) > _gpus(engines, worst):
            worst = found
    return worst


def _different(nodes: Sequence[Node], kinds: Mapping[str, Engines]) -> Iterator[int]:
    """The nodes whose failures differ: none without engines, and one of those with equal engines.

    What else an engine over several nodes gives back depends on which one it is, so each of its nodes counts.
    """
    seen = set[tuple[str, ...]]()
    for index, each in enumerate(nodes):
        names = tuple(sorted(each.names()))
        if names and (names not in seen or any(kinds[name].pods > 1 for name in names)):
            seen.add(names)
            yield index


def _waiting_without(nodes: Sequence[Node], failed: int, kinds: Mapping[str, Engines]) -> Mapping[str, int]:
    lost = set(nodes[failed].pods)
    others = [each for index, each in enumerate(nodes) if index != failed]
    for each in others:
        for pod in lost & set(each.pods):
            each.pods.remove(pod)
            each.free = each.free.plus(kinds[pod[0]].pod)
    ordered = smallest_first([kinds[name] for name in {name for name, _ in lost}])
    again = [(each, number) for each in ordered for name, number in sorted(lost) if name == each.name]
    return Counter(each.name for each, number in again if not put(each, others, number))


def free_gpus(engines: Sequence[Engines], node: Amount, count: int) -> list[int]:
    """Free GPUs of each node, the most first."""
    nodes, _ = fill(smallest_first(engines), node, count)
    return sorted((each.free.gpus for each in nodes), reverse=True)
