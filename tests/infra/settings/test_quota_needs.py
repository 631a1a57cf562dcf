"""What the settings need of each quota: pools at their largest size, in the domain that needs most."""

from collections.abc import Mapping

import pytest

from facts.quota_uses import SERIES, Need
from infra.settings import examine
from infra.settings.governance.quota_needs import quota_needs
from infra.settings.governance.quota_rules import limits_of
from tests.infra.settings.examples import IMAGE, Change, config


def needs(*changes: Change) -> Mapping[str, Need]:
    found = examine(config(*changes), "test")
    assert found.settings, found.problems
    return quota_needs(found.settings)


def test_a_gpu_pool_counts_gpus_in_its_domain():
    pools = [
        {"name": name, "nodes": 2, "imageId": IMAGE, "availabilityDomain": 1} for name in ("mi300x", "two")
    ]
    assert needs(("gpu.pools", pools))["gpu-mi300x-count"].value == 32
    apart = [*pools[:1], {**pools[1], "availabilityDomain": 2}]
    assert needs(("gpu.pools", apart))["gpu-mi300x-count"].value == 16


def test_a_pool_of_an_autoscaler_counts_with_its_largest_size():
    found = needs(
        ("gpu.pools.0.sizeOwner", "external"), ("gpu.pools.0.minNodes", 1), ("gpu.pools.0.maxNodes", 5)
    )
    assert found["gpu-mi300x-count"] == Need(value=40, why="pool mi300x 40")


def test_a_cpu_pool_is_spread_over_three_domains_and_has_a_spare_node_in_each():
    found = needs(
        ("cluster.pools.0", {"name": "system", "nodes": 7, "imageId": IMAGE, "ocpus": 4, "memoryGib": 16})
    )
    assert found["standard-e5-core-count"].value == (3 + 1) * 4
    assert found["standard-e5-memory-count"].value == (3 + 1) * 16
    assert found["volume-count"].value == 3 + 1 + 1


@pytest.mark.parametrize("shape", SERIES)
def test_a_series_with_known_quotas_has_one_of_cores_and_one_of_memory(shape: str):
    found = needs(("cluster.pools.0.shape", shape))
    assert sorted(name for name in found if name.startswith("standard")) == [
        f"{SERIES[shape]}-core-count",
        f"{SERIES[shape]}-memory-count",
    ]


def test_volumes_of_groups_and_claims_count_and_an_unknown_quota_is_left_out():
    groups = [
        {
            "name": "data",
            "availabilityDomain": 2,
            "volumes": {"one": {"sizeGib": 500}, "two": {"sizeGib": 50}},
        }
    ]
    before, after = needs(), needs(("storage.volumeGroups", groups))
    assert after["total-storage-gb"].value > before["total-storage-gb"].value
    assert after["volume-count"].value == max(
        before["volume-count"].value, before["volume-count"].value - 1 + 2
    )
    e6 = needs(("cluster.pools.0.shape", "VM.Standard.E6.Flex"))
    assert not [name for name in e6 if name.startswith("standard-e6")], "its quota is in no source"


def test_headroom_is_rounded_up_and_gpus_get_none():
    found = {"gpu-mi300x-count": Need(value=32, why=""), "volume-count": Need(value=9, why="")}
    assert limits_of(found, 25, {}) == {"gpu-mi300x-count": 32, "volume-count": 12}
    assert limits_of(found, 0, {"volume-count": 50}) == {"gpu-mi300x-count": 32, "volume-count": 50}


@pytest.mark.parametrize(
    ("workload", "prefix"), [("OLTP", "atp"), ("DW", "adw"), ("LH", "adw"), ("AJD", "ajd"), ("APEX", None)]
)
def test_an_autonomous_database_counts_with_its_replicas_and_autoscaling(workload: str, prefix: str | None):
    oracle = {
        "dbName": "app",
        "workload": workload,
        "ecpus": 4,
        "storageTb": 2,
        "replicas": 1,
        "autoscaling": True,
    }
    found = needs(("database.oracle", oracle), ("vault.kind", "shared"))
    counted = {name: each.value for name, each in found.items() if name.startswith(("atp-", "adw-", "ajd-"))}
    assert counted == ({f"{prefix}-ecpu-count": 24, f"{prefix}-total-storage-tb": 4} if prefix else {})
