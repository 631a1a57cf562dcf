"""Amounts of service limits and quotas that parts of a stack use, and their sums in each availability domain.

The settings and the resources of a stack are both counted with these functions. GPUs are counted, not nodes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from facts.quotas import scope_of
from facts.shapes import find_shape

SPARE_NODES = 1
"""Nodes that the renewal of a CPU pool adds before it removes one. GPU pools are renewed without a spare node."""

SERIES = {
    "VM.Standard3.Flex": "standard3",
    "VM.Standard.E4.Flex": "standard-e4",
    "VM.Standard.E5.Flex": "standard-e5",
}
"""Series of the shapes whose quotas are known."""

WORKLOADS = {"OLTP": "atp", "DW": "adw", "LH": "adw", "AJD": "ajd"}
"""Prefixes of an Autonomous Database's quotas (facts/data/quotas.yaml) by its `dbWorkload`. Source of the words: the
provider's documentation, where DW and LH are both a lakehouse. APEX has no quota that a source names."""

MOST_AUTOSCALED = 3
"""How many times its ECPUs a database with autoscaling may use. Source: Oracle's page "Use Auto Scaling" of Autonomous
Database."""

Place = int | str
"""An availability domain: its number or its name."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """What one part of a stack uses of one limit."""

    name: str
    value: int
    where: Place | None
    """The availability domain. None: in each of them, because it is not known in which; and for a limit of the
    region."""

    what: str


@dataclass(frozen=True, kw_only=True)
class Need:
    """What is needed of one limit in one place."""

    value: int
    why: str


def needs_by_place(
    uses: Iterable[Use], domains: Sequence[Place]
) -> Mapping[str, Mapping[Place | None, Need]]:
    """The sums of each limit, by availability domain. The domain of a limit of the region is None."""
    by_name: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        by_name[use.name].append(use)
    return {
        name: {
            place: _sum(found, place)
            for place in (domains if scope_of(name) == "ad" else (None,))
            if any(use.where in (None, place) for use in found)
        }
        for name, found in by_name.items()
    }


def largest(uses: Iterable[Use], domains: Sequence[Place]) -> Mapping[str, Need]:
    """The sum of each limit in the domain that needs most."""
    found = needs_by_place(uses, domains)
    return {name: max(each.values(), key=lambda need: need.value) for name, each in found.items() if each}


def _sum(uses: Sequence[Use], place: Place | None) -> Need:
    there = [use for use in uses if place is None or use.where in (None, place)]
    why = ", ".join(f"{use.what} {use.value:,}" for use in there)
    return Need(value=sum(use.value for use in there), why=why)


def spread_nodes(nodes: int, domains: int) -> int:
    """Nodes of a CPU pool in each of the domains over which it is spread. The spare node may be in any of them."""
    return -(-nodes // domains) + SPARE_NODES


def gpu_nodes(shape_name: str, nodes: int, where: Place | None, what: str) -> Iterator[Use]:
    """GPUs of nodes; nothing for a shape whose limit no source names."""
    shape = find_shape(shape_name)
    if shape and shape.gpu_limit_name:
        yield Use(name=shape.gpu_limit_name, value=nodes * shape.gpus, where=where, what=what)


def flexible_nodes(
    shape: str, nodes: int, where: Place | None, what: str, *, ocpus: float, memory_gib: float
) -> Iterator[Use]:
    """OCPUs and GB of memory of nodes; nothing for a series whose limits no source names."""
    if series := SERIES.get(shape):
        yield Use(name=f"{series}-core-count", value=int(nodes * ocpus), where=where, what=what)
        yield Use(name=f"{series}-memory-count", value=int(nodes * memory_gib), where=where, what=what)


OF_VOLUMES = ("total-storage-gb", "volume-count")


def volumes(count: int, size_gib: float, where: Place | None, what: str) -> Iterator[Use]:
    """Block and boot volumes of one size."""
    for name, value in zip(OF_VOLUMES, (int(count * size_gib), count), strict=True):
        yield Use(name=name, value=value, where=where, what=what)


def databases(
    workload: str, count: int, ecpus: float, storage_tb: float, *, autoscaling: bool, what: str
) -> Iterator[Use]:
    """Autonomous Databases of one size. Quotas of PostgreSQL, Cache and OpenSearch have no source."""
    prefix = WORKLOADS.get(workload)
    if prefix is None:
        return
    most = ecpus * (MOST_AUTOSCALED if autoscaling else 1)
    yield Use(name=f"{prefix}-ecpu-count", value=int(count * most), where=None, what=what)
    yield Use(name=f"{prefix}-total-storage-tb", value=int(count * storage_tb), where=None, what=what)
