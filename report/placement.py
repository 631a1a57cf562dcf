"""Placement: engines packed onto the nodes of a pool, as a cluster's scheduler would in the worst order.

Pure functions over amounts, without settings or objects. A placement counts as fitting only if the scheduler could
reach it without help. The scheduler places pods in the order in which they arrive, so the small ones come first here.
It prefers to spread the replicas of one model (topology spread) and to put engines of different models together (pod
affinity). A placement that somebody would have to arrange by hand does not count.
Source: Kubernetes' pages on scheduling, topology spread constraints and inter-pod affinity.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from facts.wording import plural

MAX_NODES_NAMED = 4


@dataclass(frozen=True, kw_only=True)
class Amount:
    """What a pod requests, or what a node has: whole GPUs, hardware threads, GiB of memory."""

    gpus: int = 0
    cpus: int = 0
    memory_gib: int = 0

    def holds(self, other: "Amount") -> bool:
        """Whether the other amount fits into this one."""
        return self.gpus >= other.gpus and self.cpus >= other.cpus and self.memory_gib >= other.memory_gib

    def minus(self, other: "Amount") -> "Amount":
        """What is left after the other is taken away."""
        return Amount(
            gpus=self.gpus - other.gpus,
            cpus=self.cpus - other.cpus,
            memory_gib=self.memory_gib - other.memory_gib,
        )

    def plus(self, other: "Amount") -> "Amount":
        """Both together."""
        return Amount(
            gpus=self.gpus + other.gpus,
            cpus=self.cpus + other.cpus,
            memory_gib=self.memory_gib + other.memory_gib,
        )


@dataclass(frozen=True, kw_only=True)
class Engines:
    """Identical engines of one model."""

    name: str
    pod: Amount
    """What one pod requests."""

    replicas: int = 1
    pods: int = 1
    """Pods of one engine, each on a separate node."""


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """Engines that do not fit."""

    name: str
    missing: int
    """How many of the engines do not fit."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Placement:
    """For each node, the names of the engines with a pod on it; and the engines that do not fit."""

    nodes: tuple[tuple[str, ...], ...]
    misfits: tuple[Misfit, ...] = ()

    @property
    def fits(self) -> bool:
        return not self.misfits


@dataclass
class Node:
    """A node while engines are placed on it."""

    free: Amount
    pods: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    """Each pod on it: the name of its engines, and the number of its engine among them."""

    def names(self) -> list[str]:
        """The names of the engines with a pod on it."""
        return [name for name, _ in self.pods]


def place(engines: Sequence[Engines], node: Amount, count: int) -> Placement:
    """Place engines on `count` identical nodes, the smallest first. Each engine that does not fit has a reason."""
    nodes, misfits = fill(smallest_first(engines), node, count)
    return Placement(nodes=tuple(tuple(found.names()) for found in nodes), misfits=misfits)


def fewest_nodes(engines: Sequence[Engines], node: Amount, most: int) -> int:
    """The fewest nodes on which the engines fit; `most` if they do not fit on fewer."""
    return next((count for count in range(most) if place(engines, node, count).fits), most)


def smallest_first(engines: Sequence[Engines]) -> list[Engines]:
    """The engines in the order in which `place` takes them."""
    return sorted(engines, key=_size)


def fill(engines: Sequence[Engines], node: Amount, count: int) -> tuple[list[Node], tuple[Misfit, ...]]:
    """The nodes after engines were placed on them in the given order, and the engines that do not fit."""
    nodes = [Node(free=node) for _ in range(count)]
    misfits: list[Misfit] = []
    for each in engines:
        placed = _put_alone(each, nodes) if each.pods == 1 else _put_groups(each, nodes)
        if placed < each.replicas:
            missing = each.replicas - placed
            misfits.append(Misfit(name=each.name, missing=missing, reason=_reason(each, nodes, node)))
    return nodes, tuple(misfits)


def _put_groups(engines: Engines, nodes: Sequence[Node]) -> int:
    """Place as many of the engines as fit, and return how many."""
    placed = 0
    while placed < engines.replicas and put(engines, nodes, placed):
        placed += 1
    return placed


def _put_alone(engines: Engines, nodes: Sequence[Node]) -> int:
    """As `_put_groups`, for engines of one pod. It does not look at every node for each engine."""
    heap = [
        (_preference(engines, node), index)
        for index, node in enumerate(nodes)
        if node.free.holds(engines.pod)
    ]
    heapq.heapify(heap)
    placed = 0
    while heap and placed < engines.replicas:
        index = heap[0][1]
        _add(engines, nodes[index], placed)
        placed += 1
        if nodes[index].free.holds(engines.pod):
            heapq.heapreplace(heap, (_preference(engines, nodes[index]), index))
        else:
            heapq.heappop(heap)
    return placed


def _preference(engines: Engines, node: Node) -> tuple[int, int, int]:
    """Nodes with a lower one come first."""
    return node.names().count(engines.name), node.free.gpus, node.free.memory_gib


def _add(engines: Engines, node: Node, number: int) -> None:
    node.free = node.free.minus(engines.pod)
    node.pods.append((engines.name, number))


def _size(engines: Engines) -> tuple[int, int, int, int, str]:
    pod = engines.pod
    return engines.pods, pod.gpus, pod.cpus, pod.memory_gib, engines.name


def put(engines: Engines, nodes: Sequence[Node], number: int) -> bool:
    """Place the engine with this number: preferably on nodes without its model, then on the fullest nodes."""
    room = [node for node in nodes if node.free.holds(engines.pod)]
    if len(room) < engines.pods:
        return False
    room.sort(key=lambda node: _preference(engines, node))
    for node in room[: engines.pods]:
        _add(engines, node, number)
    return True


def _reason(engines: Engines, nodes: Sequence[Node], size: Amount) -> str:
    gpus = plural("GPU", engines.pod.gpus)
    if not nodes:
        return "there is no node"
    if not size.holds(engines.pod):
        return f"one of its pods needs {gpus}, and a node has {size.gpus}"
    if engines.pods > len(nodes):
        return f"one of its engines needs {engines.pods} nodes"
    # A pool can have too many nodes to list: show those with the most free GPUs.
    free = sorted((node.free.gpus for node in nodes), reverse=True)
    listed = ", ".join(map(str, free[:MAX_NODES_NAMED])) + (", …" if len(free) > MAX_NODES_NAMED else "")
    wanted = f"{gpus} on one node" if engines.pods == 1 else f"{gpus} on each of {engines.pods} nodes"
    where = "the node" if len(nodes) == 1 else "the nodes"
    return f"it needs {wanted}, and the other engines leave {listed} free on {where}"
