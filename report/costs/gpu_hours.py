"""GPU-hours a month of each pool."""

from collections.abc import Mapping, Sequence

from facts.prices import PriceList
from report.cluster_networks import as_node_pools
from report.costs.bounds import pool_ranges
from report.gpu_pools import gpu_pools
from report.resources import Resource


def gpu_hours(
    resources: Sequence[Resource], prices: PriceList, limits: Mapping[str, tuple[int, int]]
) -> list[dict[str, object]]:
    """The GPU pools as JSON values; None: not known. `limits`: see `report.costs.bounds.bounds_of`."""
    ranges = pool_ranges(as_node_pools(resources), limits)
    found: list[dict[str, object]] = []
    for pool in gpu_pools(resources):
        each = pool.gpus * prices.hours_per_month
        span = ranges.get(pool.urn)
        size = pool.nodes if pool.known else None
        least, most = (span.least, span.most) if span else (size, size)
        found.append(
            {
                "pool": pool.name,
                "urn": pool.urn,
                "shape": pool.shape,
                "gpus": _times(size, pool.gpus),
                "hours": _times(size, each),
                "least": _times(least, each),
                "most": _times(most, each),
                "price": prices.gpu_hour(pool.shape),
            }
        )
    return found


def _times(nodes: int | None, each: float) -> float | None:
    return None if nodes is None else nodes * each
