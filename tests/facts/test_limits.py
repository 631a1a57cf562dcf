from facts.limits import LIMITS


def test_a_limit_is_listed_under_its_own_name() -> None:
    for name, limit in LIMITS.items():
        assert name == limit.name
        assert limit.assumed_default > 0
        assert limit.source


def test_the_gpu_limit_applies_to_an_availability_domain() -> None:
    limit = LIMITS["gpu-mi300x-count"]
    assert (limit.scope, limit.family) == ("availability-domain", "compute-core")
