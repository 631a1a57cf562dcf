"""Counts that no cloud has, in a file that the engine did not write or that somebody has changed."""

from collections.abc import Sequence

from report.changes import at
from report.costs.bounds import pool_ranges
from report.gpu_pools import DEPLOYMENT, LEADER_WORKER_SET
from report.node_danger import NODES
from report.resources import SECRET, UNKNOWN, Resource, as_number

MOST = 100_000
"""The highest count. A slip such as 1e300 would make a report that never ends. Clusters have some thousand nodes."""

_REPLICAS = dict.fromkeys((DEPLOYMENT, LEADER_WORKER_SET), "spec.replicas")
_COUNTS = {kind: path for kind, (path, _) in NODES.items()} | _REPLICAS
"""The path of the number of nodes or pods, by type."""


def impossible(resources: Sequence[Resource]) -> str | None:
    """The first count that is no whole number from 0 to MOST; None if all are, or are not known yet."""
    for each in resources:
        path = _COUNTS.get(each.type)
        value = at(each.inputs, path) if path else None
        if value is None or value is UNKNOWN or value == SECRET:
            continue
        count = as_number(value)
        if count is None or not count.is_integer() or not 0 <= count <= MOST:
            return f"{path} of {each.name} is {value!r}, and must be a whole number from 0 to {MOST:,}"
    most = max((each.most for each in pool_ranges(resources, {}).values()), default=0)
    return (
        f"an autoscaler or a schedule gives a pool {most:,} nodes, and at most {MOST:,} are possible"
        if most > MOST
        else None
    )
