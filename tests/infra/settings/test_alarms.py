"""The alarms of an environment: only those that have something to watch."""

from typing import Any

import pytest

from components.observability.definitions import all_alarms
from infra.settings.gpu import Gpu, GpuPool
from infra.settings.observability import alarms_for

GPU, RDMA, FIXED = "gpuPools", "rdmaPools", "fixedGpuPools"
SHIPPED = {
    None: {"cpu-utilisation-high", "memory-utilisation-high"},
    GPU: {"gpu-utilisation-high", "gpu-memory-errors", "gpu-fault"},
    RDMA: {"rdma-link-speed", "rdma-cable"},
    FIXED: {"gpu-metrics-absent"},
}
"""The toolkit's alarms, by what an environment must have."""

EXTERNAL = {"sizeOwner": "external", "minNodes": 0, "maxNodes": 2}


@pytest.mark.parametrize("condition", SHIPPED)
def test_each_alarm_names_what_it_watches(condition: str | None):
    assert SHIPPED[condition] <= {
        name for name, alarm in all_alarms().items() if alarm.only_with == condition
    }


@pytest.mark.parametrize(
    ("pools", "expected"),
    [
        ([], set[str]()),
        ([{}], {GPU, RDMA, FIXED}),
        ([{"rdma": False}], {GPU, FIXED}),
        ([EXTERNAL], {GPU, RDMA}),
        ([{}, EXTERNAL], {GPU, RDMA}),
        ([{"rdma": False}, {}], {GPU, RDMA, FIXED}),
    ],
)
def test_alarms_follow_the_gpu_pools(pools: list[dict[str, Any]], expected: set[str]):
    found = Gpu(pools=tuple(GpuPool(**{"name": f"p{i}", "nodes": 1, **each}) for i, each in enumerate(pools)))
    shipped = {name for names in SHIPPED.values() for name in names}
    assert set(alarms_for(found)) & shipped == SHIPPED[None].union(*(SHIPPED[each] for each in expected))
    assert set(alarms_for(found)) == {
        name for name, alarm in all_alarms().items() if alarm.only_with in (None, *expected)
    }


def test_a_pool_that_stops_out_of_hours_has_no_alarm_for_missing_nodes() -> None:
    found = Gpu(pools=(GpuPool(name="mi300x", nodes=1),))
    assert set(alarms_for(found)) - set(alarms_for(found, ["mi300x"])) == SHIPPED[FIXED] & set(
        alarms_for(found)
    )
    assert SHIPPED[FIXED]
