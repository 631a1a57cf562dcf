"""Wrong configurations of the all-reduce are named with their path and message, before anything is created."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import assert_named, config
from tests.infra.settings.refusals_of_all_reduce import OF_ALL_REDUCE, measured
from tests.infra.settings.refusals_of_pools import Refusal


@pytest.mark.parametrize("wrong", OF_ALL_REDUCE, ids=lambda wrong: wrong.name)
def test_a_wrong_configuration_is_named(wrong: Refusal):
    assert_named([*wrong.changes], wrong.path, wrong.message)


@pytest.mark.parametrize("mode", ["managed", "cluster-network"])
def test_a_pool_of_two_nodes_can_be_measured(mode: str):
    assert not examine(config(*measured(), ("gpu.pools.0.mode", mode)), "test").problems


def test_a_pool_that_may_have_two_nodes_can_be_measured():
    own = {"nodes": 1, "sizeOwner": "external", "minNodes": 1, "maxNodes": 2}
    assert not examine(
        config(*measured(), *((f"gpu.pools.0.{k}", v) for k, v in own.items())), "test"
    ).problems
