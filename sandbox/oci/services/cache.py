"""OCI Cache: sizes, counts and the two kinds of cluster."""

from typing import Final

from facts.databases import (
    CACHE_MEMORY_GIB,
    CACHE_NODES,
    CACHE_NODES_IN_ALL,
    CACHE_SHARDS,
    CACHE_VERSIONS,
)
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import number, one_of

CLUSTER: Final = "oci:Redis/redisCluster:RedisCluster"


@rule(CLUSTER, on="create update")
def cluster_size(call: Call) -> None:
    """400: 2 to 500 GB and 1 to 5 nodes, and an engine that is offered."""
    for name, (low, high) in (("nodeMemoryInGbs", CACHE_MEMORY_GIB), ("nodeCount", CACHE_NODES)):
        value = number(call.inputs, name)
        if value is not None and not low <= value <= high:
            raise invalid_parameter(f"{name} {value:g} is invalid: it must be between {low} and {high}.")
    refusal = one_of("softwareVersion", call.inputs.get("softwareVersion"), CACHE_VERSIONS)
    refusal = refusal or one_of("clusterMode", call.inputs.get("clusterMode"), ("SHARDED", "NONSHARDED"))
    if refusal:
        raise refusal


@rule(CLUSTER, on="create update")
def shards(call: Call) -> None:
    """400: an odd number of shards from 3 to 99, 100 nodes in all, and only where there are shards."""
    sharded = str(call.inputs.get("clusterMode") or "NONSHARDED").upper() == "SHARDED"
    count, (low, high) = number(call.inputs, "shardCount"), CACHE_SHARDS
    if not sharded:
        if count:
            raise invalid_parameter("shardCount is applicable only when clusterMode is SHARDED.")
        return
    if count is None or not low <= count <= high or count % 2 == 0:
        shown = "null" if count is None else f"{count:g}"
        raise invalid_parameter(
            f"shardCount {shown} is invalid: it must be an odd number between {low} and {high}."
        )
    nodes = count * (number(call.inputs, "nodeCount") or 0)
    if nodes > CACHE_NODES_IN_ALL:
        raise invalid_parameter(
            f"The cluster has {nodes:g} nodes: shardCount times nodeCount cannot exceed {CACHE_NODES_IN_ALL}."
        )
