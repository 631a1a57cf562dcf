"""Problems of the all-reduce over two nodes, and its defaults."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Protocol

from facts.problem import Problem
from facts.rccl import ALL_REDUCE_FLOORS, rccl_variables
from facts.shapes import GPU_SHAPES, find_shape

from .job_rules import prefix_problems, run_time_problems

NODES = 2
"""A figure of more nodes does not say which of them is slow."""

SIZES_GIB = (1, 2, 4, 8, 16)
PUBLISHED_GIB = 16
"""The largest message of the published floors."""

MOST_GBS = max(len(shape.rdma_nics) * (shape.rdma_gbps or 0) // 8 for shape in GPU_SHAPES.values())
"""The RDMA cards of a node together, in GB/s."""

MOST_ERRORS = 1_000_000
MOST_WAIT_MINUTES = 1440


class AllReduceChoices(Protocol):
    """The plain values of the test, which the component's args and the settings share."""

    @property
    def bus_gbs(self) -> int | None: ...
    @property
    def link_errors(self) -> int | None: ...
    @property
    def message_gib(self) -> int | None: ...
    @property
    def wait_minutes(self) -> int | None: ...
    @property
    def schedule(self) -> str | None: ...
    @property
    def prefix(self) -> str | None: ...


@dataclass(frozen=True, kw_only=True)
class AllReduce:
    """The test with its defaults."""

    bus_gbs: int | None = None
    link_errors: int = 0
    message_gib: int = PUBLISHED_GIB
    wait_minutes: int = 30
    schedule: str | None = None
    prefix: str = "all-reduce"


def all_reduce_of(choices: AllReduceChoices) -> AllReduce:
    """The test, with defaults for values that are not set."""
    given = {field.name: getattr(choices, field.name) for field in fields(AllReduce)}
    return AllReduce(**{name: value for name, value in given.items() if value is not None})


def all_reduce_problems(choices: AllReduceChoices, *, path: str) -> Iterator[Problem]:
    """Problems at `path`.<key as in the stack config>."""
    test = all_reduce_of(choices)
    if test.bus_gbs is not None and not 1 <= test.bus_gbs <= MOST_GBS:
        allowed = f"must be 1 to {MOST_GBS} GB/s, which the RDMA cards of a node have together"
        yield Problem(f"{path}.busGbs", test.bus_gbs, allowed)
    if not 0 <= test.link_errors <= MOST_ERRORS:
        yield Problem(
            f"{path}.linkErrors", test.link_errors, f"must be 0 to {MOST_ERRORS:,} errors of a link"
        )
    if test.message_gib not in SIZES_GIB:
        allowed = f"must be one of {', '.join(map(str, SIZES_GIB))} GiB"
        yield Problem(f"{path}.messageGib", test.message_gib, allowed)
    if not 1 <= test.wait_minutes <= MOST_WAIT_MINUTES:
        allowed = f"must be 1 to {MOST_WAIT_MINUTES:,} minutes"
        yield Problem(f"{path}.waitMinutes", test.wait_minutes, allowed)
    yield from prefix_problems(test.prefix, path=path)
    yield from run_time_problems(test.schedule, path=path)


def measured_shape_problems(
    shape: str, bus_gbs: int | None, *, shape_path: str, path: str
) -> Iterator[Problem]:
    """A shape whose network cannot be measured, at `shape_path`, or that has no published floor, at `path`.busGbs."""
    known = find_shape(shape)
    if known is None or not known.gpus or rccl_variables(known) is None:
        allowed = "must be a shape whose RDMA cards have published RCCL settings"
        yield Problem(shape_path, shape, allowed, f"For example {', '.join(_measurable())}")
    elif bus_gbs is None and shape not in ALL_REDUCE_FLOORS:
        yield Problem(f"{path}.busGbs", None, f"must be set: no floor of {shape} is published")


def _measurable() -> list[str]:
    return [name for name, shape in GPU_SHAPES.items() if rccl_variables(shape)]
