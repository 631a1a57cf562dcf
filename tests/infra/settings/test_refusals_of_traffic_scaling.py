"""Wrong configurations of scaled models are named with their path and message, and bounds follow from the pools."""

import pytest

from infra.settings import Settings, examine
from infra.settings.traffic.scaled import EngineBounds, at_most, engine_bounds
from tests.infra.settings.examples import Change, assert_named, config, external
from tests.infra.settings.refusals_of_pools import Refusal, scaled
from tests.infra.settings.refusals_of_traffic_scaling import (
    EVERY,
    FIRST,
    MODEL,
    TEAM,
    own,
    scaling,
    second,
)


def examined(changes: list[Change]) -> Settings:
    found = examine(config(*changes), "test")
    assert not found.problems
    assert found.settings is not None
    return found.settings


def bounds(changes: list[Change]) -> EngineBounds:
    settings = examined(changes)
    return engine_bounds(settings.gpu, settings.serving, settings.traffic)[MODEL]


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_a_wrong_configuration_is_named(wrong: Refusal) -> None:
    assert_named([*wrong.changes], wrong.path, wrong.message)


@pytest.mark.parametrize(
    "changes",
    [
        scaling(),
        scaling((f"{FIRST}.replicas", 2), minEngines=1, maxEngines=8),
        scaling(
            requestsOut=100,
            requestsIn=10,
            cachePercentOut=85,
            cachePercentIn=50,
            outSeconds=300,
            inSeconds=600,
        ),
        own(),
        own("sum(vllm:num_requests_running) > bool 5"),
        own("(sum(vllm:num_requests_running) > 5) or vector(0)"),
        own("sum(vllm:num_requests_running) # running\n"),
        scaling((f"{FIRST}.spareGpus", True), maxEngines=7),
        scaling((f"{FIRST}.spareGpus", True)),
        scaling(second(), ("traffic.scaling", {MODEL: {"maxEngines": 4}, "other": {"maxEngines": 4}})),
        scaling(second(), ("traffic.scaling", {MODEL: {}, "other": {"maxEngines": 2}})),
    ],
)
def test_a_right_configuration_passes(changes: list[Change]) -> None:
    examined(changes)


def test_wrong_bounds_are_named_once() -> None:
    found = examine(config(*scaling(maxEngines=0)), "test").problems
    assert [each.path for each in found] == [f"traffic.scaling.{MODEL}.maxEngines"]


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        (scaling(), 8),
        (scaling(maxEngines=5), 5),
        ([*scaling(), *scaled(1, 3)], 24),
        ([*scaling(), *external(1, 3)], 8),
        (scaling((f"{FIRST}.gpus", 4)), 2),
        (scaling(second(replicas=3)), 5),
        (scaling((f"{FIRST}.spareGpus", True)), 7),
        (scaling(("serving.teams", [TEAM])), 6),
        (scaling(("serving.teams", [TEAM]), (f"{FIRST}.team", "research")), 2),
        (scaling(second(), ("traffic.scaling", {MODEL: {}, "other": {"maxEngines": 2}})), 6),
    ],
)
def test_the_most_engines_are_those_that_the_pool_is_sure_to_have_gpus_for(
    changes: list[Change], most: int
) -> None:
    assert bounds(changes).most == most


def test_the_fewest_engines_are_the_first_number_of_the_model() -> None:
    assert bounds(scaling((f"{FIRST}.replicas", 3))).least == 3
    assert bounds(scaling((f"{FIRST}.replicas", 3), minEngines=2)).least == 2


def test_beside_a_candidate_enough_engines_stay_to_take_the_requests_back() -> None:
    candidate: Change = ("traffic.candidates", {MODEL: {"revision": "1" * 40, "replicas": 2}})
    found = bounds(scaling((f"{FIRST}.replicas", 3), candidate, minEngines=1))
    assert (found.least, found.most) == (3, 6)


def test_a_rollout_needs_gpus_beside_the_most_engines() -> None:
    settings = examined(scaling(maxEngines=6))
    largest = at_most(settings.gpu, settings.serving, settings.traffic)
    assert largest.models[0].replicas == 6
