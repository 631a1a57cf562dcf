"""Checks of a CPU pool before anything is created."""

from collections.abc import Iterator
from typing import Protocol

from facts.kubernetes import MAX_PODS, flexible_max_pods
from facts.problem import Problem
from facts.shapes import SHAPES, find_shape

from .pool_rules import eviction_problems, node_problems, size_problems, version_problems

SHAPE, OCPUS, MEMORY_GIB = "VM.Standard.E5.Flex", 4, 16
"""The default size of a node."""

EVICTION_MINUTES = 15
"""The default of the time to drain a node."""


class CpuPoolChoices(Protocol):
    """The plain values of a pool, which the component's args and the settings both have."""

    @property
    def shape(self) -> str | None: ...
    @property
    def ocpus(self) -> int | None: ...
    @property
    def memory_gib(self) -> int | None: ...
    @property
    def nodes(self) -> int: ...
    @property
    def min_nodes(self) -> int | None: ...
    @property
    def max_nodes(self) -> int | None: ...
    @property
    def size_owner(self) -> str | None: ...
    @property
    def max_pods(self) -> int | None: ...
    @property
    def boot_volume_gib(self) -> int | None: ...
    @property
    def preemptible(self) -> bool | None: ...
    @property
    def eviction_minutes(self) -> int | None: ...


def system_pool_problems(pool: CpuPoolChoices, *, kubernetes_version: str, path: str) -> Iterator[Problem]:
    """All problems of a pool. Its settings and its component use the same messages."""
    shape, ocpus, memory_gib = pool.shape or SHAPE, ocpus_of(pool), memory_gib_of(pool)
    yield from version_problems(kubernetes_version, path=path)
    yield from size_problems(
        pool.nodes, pool.min_nodes, pool.max_nodes, size_owner=pool.size_owner, path=path
    )
    yield from shape_problems(shape, ocpus, memory_gib, path=path)
    found = find_shape(shape)
    if found and found.bare_metal and pool.preemptible:
        yield Problem(
            f"{path}.preemptible", True, "must be false: OCI has no preemptible bare-metal instances"
        )
    most_pods = flexible_max_pods(ocpus) if found and found.flexible else MAX_PODS
    yield from node_problems(
        boot_volume_gib=pool.boot_volume_gib, max_pods=pool.max_pods, most_pods=most_pods, path=path
    )
    yield from eviction_problems(pool.eviction_minutes, path=path)


def drain_minutes_of(pool: CpuPoolChoices) -> int:
    """Longest time to drain a node."""
    return EVICTION_MINUTES if pool.eviction_minutes is None else pool.eviction_minutes


def ocpus_of(pool: CpuPoolChoices) -> int:
    """OCPUs of a node."""
    return OCPUS if pool.ocpus is None else pool.ocpus


def memory_gib_of(pool: CpuPoolChoices) -> int:
    """Memory of a node in GiB."""
    return MEMORY_GIB if pool.memory_gib is None else pool.memory_gib


def shape_problems(shape: str, ocpus: int, memory_gib: int, *, path: str) -> Iterator[Problem]:
    """An unknown shape, a shape with GPUs, and sizes that a flexible shape does not support."""
    found = find_shape(shape)
    offered = [name for name, each in SHAPES.items() if each.flexible]
    if not found or not found.flexible:
        allowed = f"must be a flexible shape without GPUs: {', '.join(offered)}"
        yield Problem.not_one_of(f"{path}.shape", shape, offered, allowed)
        return
    low, high = found.min_ocpus or 1, found.max_ocpus or ocpus
    if not low <= ocpus <= high:
        yield Problem(f"{path}.ocpus", ocpus, f"must be {low} to {high} for {shape}")
        return
    least = ocpus * (found.min_memory_gib_per_ocpu or 0)
    most = min(ocpus * (found.max_memory_gib_per_ocpu or memory_gib), found.max_memory_gib or memory_gib)
    if not least <= memory_gib <= most:
        yield Problem(f"{path}.memoryGib", memory_gib, f"must be {least} to {most} GiB with {ocpus} OCPUs")
