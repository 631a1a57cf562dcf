"""The least and the most that a stack can cost, where its settings bound it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from facts.prices import PriceList
from report.cluster_networks import NODE_POOL, as_node_pools
from report.cost import CostLine, CostReport, Unpriced, estimate
from report.costs.shares import sums
from report.gpu_pools import pool_name
from report.resources import Resource, as_mapping, as_number, as_sequence

ADDON = "oci:ContainerEngine/addon:Addon"
FUNCTION = "oci:Functions/function:Function"

_NODES = re.compile(r"(\d+):(\d+):(\S+)", re.ASCII)
"""A pool in the configuration of the autoscaler: `min:max:ocid`."""


@dataclass(frozen=True, kw_only=True)
class PoolRange:
    """How many nodes a pool may have."""

    least: int
    most: int
    because: str


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why the cost of a resource is not one amount. The amounts are a month, of the whole resource."""

    urn: str
    name: str
    least: float
    most: float
    because: str


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The least and the most a month, without the parts in `unbounded`."""

    least: float
    most: float
    by_resource: Mapping[str, tuple[float, float]]
    """By URN."""

    reasons: Sequence[Reason]
    """The largest difference first."""

    unbounded: Sequence[Unpriced]
    """Parts that can cost any amount: nothing in the program bounds their use, or the price is unknown."""


def bounds_of(
    resources: Sequence[Resource], prices: PriceList, limits: Mapping[str, tuple[int, int]]
) -> Bounds:
    """The bounds of a stack. `limits`: the fewest and most nodes by the name of a pool, from the settings."""
    listed = as_node_pools(resources)
    ranges = pool_ranges(listed, limits)
    least = estimate((_resized(each, ranges, "least") for each in listed), prices)
    most = estimate((_resized(each, ranges, "most") for each in listed), prices)
    low = sums(least, _urn)
    high = sums(most, _urn, lambda line: line.most)
    return Bounds(
        least=sum(low.values()),
        most=sum(high.values()),
        by_resource={urn: (low.get(urn, 0.0), amount) for urn, amount in high.items()},
        reasons=sorted(_reasons(most, ranges, low, high), key=lambda each: each.least - each.most),
        unbounded=(*most.unpriced, *most.by_use),
    )


def pool_ranges(
    resources: Sequence[Resource], limits: Mapping[str, tuple[int, int]]
) -> Mapping[str, PoolRange]:
    """The ranges of pools that something resizes, by URN.

    The autoscaler's own configuration comes first, then the schedule that stops pools, then the settings. In a preview
    of a new stack, the first two contain OCIDs that are not known yet.
    """
    return {pool.urn: _widened(found, pool) for pool, found in _ranges(resources, limits)}


def _ranges(
    resources: Sequence[Resource], limits: Mapping[str, tuple[int, int]]
) -> Iterator[tuple[Resource, PoolRange]]:
    autoscaled, scheduled = dict(_autoscaled(resources)), _scheduled(resources)
    for pool in resources:
        if pool.type != NODE_POOL:
            continue
        if pool.id in autoscaled:
            least, most = autoscaled[pool.id]
            yield pool, PoolRange(least=least, most=most, because="the autoscaler sets its size")
        elif pool.id in scheduled:
            most, because = scheduled[pool.id], "a schedule stops it out of hours"
            yield pool, PoolRange(least=0, most=most, because=because)
        elif given := limits.get(pool_name(pool)):
            yield pool, PoolRange(least=given[0], most=given[1], because="an autoscaler sets its size")


def _widened(found: PoolRange, pool: Resource) -> PoolRange:
    """The range with the size of now: a size outside the range is what the pool costs now."""
    size = as_number(as_mapping(pool.inputs.get("nodeConfigDetails")).get("size"))
    if size is None:
        return found
    return replace(found, least=min(found.least, int(size)), most=max(found.most, int(size)))


def _autoscaled(resources: Iterable[Resource]) -> Iterator[tuple[str, tuple[int, int]]]:
    for addon in resources:
        if addon.type != ADDON or addon.inputs.get("addonName") != "ClusterAutoscaler":
            continue
        for each in map(as_mapping, as_sequence(addon.inputs.get("configurations"))):
            if each.get("key") == "nodes":
                for least, most, pool in _NODES.findall(str(each.get("value")).replace(",", " ")):
                    yield pool, (int(least), int(most))


def _scheduled(resources: Iterable[Resource]) -> dict[str, int]:
    """The most nodes that scheduled functions give each pool, by OCID."""
    found: dict[str, int] = {}
    for function in resources:
        sizes = as_mapping(function.inputs.get("config")).get("SIZES") if function.type == FUNCTION else None
        if not isinstance(sizes, str):
            continue
        try:
            given = as_mapping(json.loads(sizes))
        except ValueError:
            continue
        for pool, size in given.items():
            found[pool] = max(found.get(pool, 0), int(as_number(size) or 0))
    return found


def _resized(resource: Resource, ranges: Mapping[str, PoolRange], end: str) -> Resource:
    found = ranges.get(resource.urn)
    if found is None:
        return resource
    details = as_mapping(resource.inputs.get("nodeConfigDetails"))
    nodes = found.least if end == "least" else found.most
    return replace(resource, inputs={**resource.inputs, "nodeConfigDetails": {**details, "size": nodes}})


def _urn(line: CostLine) -> str:
    return line.urn


def _reasons(
    most: CostReport, ranges: Mapping[str, PoolRange], low: Mapping[str, float], high: Mapping[str, float]
) -> Iterator[Reason]:
    said: set[str] = set()
    for line in most.lines:
        found = ranges.get(line.urn)
        because = f"{found.because}: {found.least} to {found.most} nodes" if found else line.most_because
        if line.urn in said or not (found or line.most > line.monthly):
            continue
        said.add(line.urn)
        yield Reason(
            urn=line.urn,
            name=line.name,
            least=low.get(line.urn, 0.0),
            most=high[line.urn],
            because=because,
        )
