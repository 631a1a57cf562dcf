from facts.limits import LIMITS
from facts.metrics import GPU_HEALTH, NAMESPACES, RDMA_HEALTH, unknown_metric


def test_a_limit_is_listed_under_its_own_name() -> None:
    for name, limit in LIMITS.items():
        assert name == limit.name
        assert limit.assumed_default > 0
        assert limit.source


def test_the_gpu_limit_applies_to_an_availability_domain() -> None:
    limit = LIMITS["gpu-mi300x-count"]
    assert (limit.scope, limit.family) == ("availability-domain", "compute-core")


def test_health_metrics_are_known_by_namespace() -> None:
    assert "GpuEccDoubleBitErrors" in NAMESPACES[GPU_HEALTH]
    assert "RdmaLinkSpeedFault" in NAMESPACES[RDMA_HEALTH]


def test_a_metric_is_unknown_only_if_the_metrics_of_its_namespace_are_listed() -> None:
    assert unknown_metric(GPU_HEALTH, "GpuUtilisation")
    assert not unknown_metric(GPU_HEALTH, "GpuUtilization")
    assert not unknown_metric("oci_lbaas", "AnythingAtAll"), "its metrics were not checked"
