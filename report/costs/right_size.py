"""What a smaller size of a resource would save, from how busy it was.

A proposal keeps the peak at `ROOM` of the smaller size, never goes below what the service or the engines need, and has
a price: what the price list does not have is left out.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from facts.databases import AUTONOMOUS_ECPUS_LEAST, CACHE_MEMORY_GIB, POSTGRESQL_PREFIX, POSTGRESQL_SHAPES
from facts.prices import PriceList
from facts.wording import plural
from report.cluster_networks import NODE_POOL, as_node_pools
from report.cost import estimate
from report.costs.usage_file import Busy
from report.gpu_pools import GpuPoolUse, gpu_pools
from report.placement import fewest_nodes
from report.resources import Resource, as_mapping, as_number

ROOM = 0.7
"""The share of the smaller size that the peak may fill. This project's choice: the rest is for a peak not yet seen."""

AUTONOMOUS = "oci:Database/autonomousDatabase:AutonomousDatabase"
POSTGRESQL = "oci:Psql/dbSystem:DbSystem"
CACHE = "oci:Redis/redisCluster:RedisCluster"
SIZED = (NODE_POOL, AUTONOMOUS, POSTGRESQL, CACHE)

Smaller = tuple[Resource, str]
"""The resource in its smaller size, and the change in words."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A smaller size."""

    urn: str
    name: str
    mean: float
    peak: float
    change: str
    saves: float
    """A month."""


def sized_names(resources: Sequence[Resource]) -> list[str]:
    """The names of the resources that a usage file may call busy."""
    return [each.name for each in as_node_pools(resources) if each.custom and each.type in SIZED]


def proposals(resources: Sequence[Resource], prices: PriceList, busy: Mapping[str, Busy]) -> list[Proposal]:
    """Smaller sizes for the resources whose peak leaves room, the largest saving first."""
    pools = {each.urn: each for each in gpu_pools(resources)}
    found: list[Proposal] = []
    for resource in as_node_pools(resources):
        used = busy.get(resource.name)
        if used is None or resource.type not in SIZED:
            continue
        smaller = _smaller(resource, used.peak / ROOM, pools.get(resource.urn))
        if smaller is None:
            continue
        now, then = (estimate([each], prices).monthly_total for each in (resource, smaller[0]))
        if now - then > 0:
            found.append(
                Proposal(
                    urn=resource.urn,
                    name=resource.name,
                    mean=used.mean,
                    peak=used.peak,
                    change=smaller[1],
                    saves=now - then,
                )
            )
    return sorted(found, key=lambda each: -each.saves)


def _smaller(resource: Resource, share: float, pool: GpuPoolUse | None) -> Smaller | None:
    """The resource with `share` of its size, or None if it cannot be smaller."""
    if resource.type == NODE_POOL:
        return _fewer_nodes(resource, share, pool)
    sizes: Mapping[str, Callable[[Resource, float], Smaller | None]] = {
        AUTONOMOUS: _fewer_ecpus,
        POSTGRESQL: _fewer_ocpus,
        CACHE: _less_memory,
    }
    return sizes[resource.type](resource, share)


def _fewer_nodes(resource: Resource, share: float, pool: GpuPoolUse | None) -> Smaller | None:
    details = as_mapping(resource.inputs.get("nodeConfigDetails"))
    nodes = int(as_number(details.get("size")) or 0)
    wanted = max(1, _rounded(nodes * share))
    if wanted >= nodes:
        return None
    change = f"{plural('node', wanted)} instead of {nodes}"
    if pool and (engines := fewest_nodes(pool.engines, pool.node, pool.nodes)) > wanted:
        change += f", with fewer engines: those of now need {plural('node', engines)}"
    return _with(resource, {"nodeConfigDetails": {**details, "size": wanted}}), change


def _fewer_ecpus(database: Resource, share: float) -> Smaller | None:
    return _reduced(database, "computeCount", share, AUTONOMOUS_ECPUS_LEAST, "ECPUs")


def _less_memory(cache: Resource, share: float) -> Smaller | None:
    return _reduced(cache, "nodeMemoryInGbs", share, CACHE_MEMORY_GIB[0], "GB of memory a node")


def _fewer_ocpus(system: Resource, share: float) -> Smaller | None:
    """Fewer OCPUs; the memory stays, because nothing here says how much of it is used."""
    shape = POSTGRESQL_SHAPES.get(
        POSTGRESQL_PREFIX + str(system.inputs.get("shape")).removeprefix(POSTGRESQL_PREFIX)
    )
    if shape is None:
        return None
    return _reduced(system, "instanceOcpuCount", share, shape.min_ocpus, "OCPUs a node")


def _reduced(resource: Resource, key: str, share: float, least: int, unit: str) -> Smaller | None:
    size = as_number(resource.inputs.get(key))
    wanted = max(least, _rounded((size or 0) * share))
    if size is None or wanted >= size:
        return None
    return _with(resource, {key: wanted}), f"{wanted} {unit} instead of {size:g}"


def _rounded(size: float) -> int:
    """Rounded up. A share such as 0.7 / 0.7 must not become a whole unit more."""
    return math.ceil(round(size, 6))


def _with(resource: Resource, inputs: Mapping[str, object]) -> Resource:
    return replace(resource, inputs={**resource.inputs, **inputs})
