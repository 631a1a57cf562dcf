"""CacheCluster: valid sizes, and private endpoints."""

from typing import Any

import pytest

from components.database.cache_cluster import CacheCluster, CacheClusterArgs
from components.database.cache_rules import cache_problems
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

CLUSTER = "oci:Redis/redisCluster:RedisCluster"
ENDPOINTS = {"primaryFqdn": "p.redis", "replicasFqdn": "r.redis", "discoveryFqdn": "d.redis"}


def cache_args(**changes: Any) -> CacheClusterArgs:
    return CacheClusterArgs(**{"compartment_id": "c", "subnet_id": "s", "nsg_ids": ["n"], **changes})


def cache(preview: bool = False, **changes: Any) -> Recording:
    program = lambda: CacheCluster("cache", cache_args(**changes), oci_options()) and None  # noqa: E731
    return run(program, preview, outputs=lambda *_: ENDPOINTS)


def test_a_cache_has_three_nodes_of_32_gib_by_default():
    assert cache().one(CLUSTER).inputs == {
        "compartmentId": "c",
        "displayName": "cache",
        "clusterMode": "NONSHARDED",
        "nodeCount": 3,
        "nodeMemoryInGbs": 32,
        "softwareVersion": "VALKEY_8_1",
        "subnetId": "s",
        "nsgIds": ["n"],
    }


def test_shards_make_another_kind_of_cluster():
    seen = cache(shards=5, nodes=2, memory_gib=16).one(CLUSTER).inputs
    assert (seen["clusterMode"], seen["shardCount"], seen["nodeCount"]) == ("SHARDED", 5, 2)


def test_clients_get_the_endpoint_of_their_kind_of_cluster():
    plain, sharded = cache().named("cache").outputs, cache(shards=3).named("cache").outputs
    assert plain is not None
    assert sharded is not None
    assert plain["connection"] == {
        "host": "p.redis",
        "replicasHost": "r.redis",
        "port": "6379",
        "user": "app",
    }
    assert sharded["connection"] == {"host": "d.redis", "replicasHost": "", "port": "6379", "user": "app"}


def test_a_protected_cache_is_kept_when_the_stack_is_destroyed():
    seen = cache(protect=True).one(CLUSTER)
    assert (seen.protect, seen.retain_on_delete) == (True, True)


def test_a_first_preview_shows_the_cluster():
    outputs = cache(preview=True).named("cache").outputs
    assert outputs is not None
    assert outputs["clusterId"] == UNKNOWN


def test_nothing_is_created_for_an_invalid_cache():
    with pytest.raises(InvalidInput, match=r"cache\.shards: 4; must be an odd number from 3 to 99"):
        cache(shards=4)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"nodes": 0}, "c.nodes"),
        ({"nodes": 6}, "c.nodes"),
        ({"memory_gib": 1}, "c.memoryGib"),
        ({"memory_gib": 501}, "c.memoryGib"),
        ({"engine": "REDIS_8_0"}, "c.engine"),
        ({"shards": 1}, "c.shards"),
        ({"shards": 4}, "c.shards"),
        ({"shards": 101}, "c.shards"),
        ({"shards": 35}, "c.shards"),
        ({"shards": 51, "nodes": 2}, "c.shards"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(changes: dict[str, Any], path: str):
    assert [problem.path for problem in cache_problems(cache_args(**changes), password=None, path="c")] == [
        path
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"nodes": 1, "memory_gib": 2},
        {"nodes": 5, "memory_gib": 500},
        {"shards": 99, "nodes": 1},
        {"shards": 33, "nodes": 3},
        {"shards": 25, "nodes": 4},
    ],
)
def test_sizes_that_the_service_documents_are_allowed(changes: dict[str, Any]):
    assert [*cache_problems(cache_args(**changes), password=None, path="c")] == []
