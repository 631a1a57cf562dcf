"""A count that no cloud has is named, with where it stands."""

import pytest

from report.impossible import MOST, impossible
from report.resources import from_state
from tests.report import states


def found(size: object) -> str | None:
    return impossible([from_state(states.cluster()), from_state(states.gpu_pool(size))])


@pytest.mark.parametrize("size", [-1, 1.5, 1e300, float("nan"), float("inf"), "many", [1], True, MOST + 1])
def test_what_is_no_count_is_named(size: object) -> None:
    said = found(size)
    assert said
    assert said.startswith("nodeConfigDetails.size of gpu-pool is ")
    assert said.endswith("must be a whole number from 0 to 100,000")


@pytest.mark.parametrize("size", [0, 3, "3", 2.0, None, MOST, states.UNKNOWN_VALUE, states.SECRET_VALUE])
def test_a_count_and_what_is_not_known_yet_pass(size: object) -> None:
    assert found(size) is None


def test_replicas_are_counts_too() -> None:
    engine = states.state("kubernetes:apps/v1:Deployment", "engine", {"spec": {"replicas": 1e300}})
    assert "spec.replicas of engine is 1e+300" in str(impossible([from_state(engine)]))


@pytest.mark.parametrize(("most", "wrong"), [(12, False), (1_000_000_000, True)])
def test_an_autoscaler_has_a_most_too(most: int, wrong: bool) -> None:
    pool = states.gpu_pool(1)
    nodes = {"key": "nodes", "value": f"1:{most}:{pool['id']}"}
    inputs = {"addonName": "ClusterAutoscaler", "configurations": [nodes]}
    addon = states.state("oci:ContainerEngine/addon:Addon", "autoscaler", inputs)
    said = impossible([from_state(pool), from_state(addon)])
    assert said == (
        f"an autoscaler or a schedule gives a pool {most:,} nodes, and at most 100,000 are possible"
        if wrong
        else None
    )
