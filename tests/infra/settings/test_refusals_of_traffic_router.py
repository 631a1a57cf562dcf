"""Wrong configurations of routers are named with their path and message, before anything is created."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import assert_named, config
from tests.infra.settings.refusals_of_pools import Refusal
from tests.infra.settings.refusals_of_traffic_router import EVERY, option, promised, routed


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_a_wrong_configuration_is_named(wrong: Refusal):
    assert_named([*wrong.changes], wrong.path, wrong.message)


@pytest.mark.parametrize(
    "changes",
    [
        routed(),
        routed(implementation="vllm-router", replicas=3, attempts=3, healthSeconds=5),
        option("policy", "round_robin"),
        option("max-concurrent-requests", "-1"),
        option("prometheus-duration-buckets", "0.1"),
        option("log-json", "true"),
        option("request-id-headers", "x-call-id"),
        promised("max-payload-size", "327680"),
        promised("max-concurrent-requests", "100"),
    ],
)
def test_a_right_configuration_passes(changes: list[tuple[str, object]]):
    assert not examine(config(*changes), "test").problems


def test_a_context_that_is_too_long_is_the_only_problem():
    changes = [*routed(), ("serving.models.0.contextTokens", 200_000)]
    assert [each.path for each in examine(config(*changes), "test").problems] == [
        "serving.models[0].contextTokens"
    ]
