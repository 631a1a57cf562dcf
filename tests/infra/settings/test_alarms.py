"""Which alarms an environment gets: only those that have something to watch."""

from typing import Any

import pytest

from infra.settings.gpu import Gpu, GpuPool
from infra.settings.observability import alarms_for

GPU_ALARMS = {"gpu-utilisation-high", "gpu-memory-errors", "gpu-fault"}
RDMA_ALARMS = {"rdma-link-speed", "rdma-cable"}
ABSENCE = {"gpu-metrics-absent"}
CPU_ALARMS = {"cpu-utilisation-high", "memory-utilisation-high"}
EXTERNAL = {"sizeOwner": "external", "minNodes": 0, "maxNodes": 2}


@pytest.mark.parametrize(
    ("pools", "expected"),
    [
        ([], set[str]()),
        ([{}], GPU_ALARMS | RDMA_ALARMS | ABSENCE),
        ([{"rdma": False}], GPU_ALARMS | ABSENCE),
        ([EXTERNAL], GPU_ALARMS | RDMA_ALARMS),
        ([{}, EXTERNAL], GPU_ALARMS | RDMA_ALARMS),
        ([{"rdma": False}, {}], GPU_ALARMS | RDMA_ALARMS | ABSENCE),
    ],
)
def test_alarms_follow_the_gpu_pools(pools: list[dict[str, Any]], expected: set[str]):
    found = Gpu(pools=tuple(GpuPool(**{"name": f"p{i}", "nodes": 1, **each}) for i, each in enumerate(pools)))
    known = CPU_ALARMS | GPU_ALARMS | RDMA_ALARMS | ABSENCE
    assert set(alarms_for(found)) & known == CPU_ALARMS | expected
