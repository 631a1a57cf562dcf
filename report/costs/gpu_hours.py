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
    """The GPU pools as JSON values. `limits`: see `report.costs.bounds.bounds_of`."""
    ranges = pool_ranges(as_node_pools(resources), limits)
    found: list[dict[str, object]] = []
    for pool in gpu_pools(resources):
        each = pool.gpus * prices.hours_per_month
        span = ranges.get(pool.urn)
        found.append(
            {
                "pool": pool.name,
                "urn": pool.urn,
                "shape": pool.shape,
                "gpus": pool.nodes * pool.gpus,
                "hours": pool.nodes * each,
                "least": (span.least if span else pool.nodes) * each,
                "most": (span.most if span else pool.nodes) * each,
                "price": prices.gpu_hour(pool.shape),
            }
        )
    return found
