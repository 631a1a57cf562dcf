"""Wrong configurations of pools are named with their path and message, before anything is created."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import assert_named, config
from tests.infra.settings.refusals_of_pools import EVERY, Refusal, scaled, tools, warm


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_a_wrong_configuration_is_named(wrong: Refusal):
    assert_named([*wrong.changes], wrong.path, wrong.message)


def test_pools_that_the_autoscaler_sizes_pass():
    assert not examine(config(*scaled(), *tools()), "test").problems


def test_nodes_may_be_two_minors_below_the_control_plane():
    changes = [("gpu.pools.0.kubernetesVersion", "v1.34.2"), ("cluster.pools.0.kubernetesVersion", "v1.35.2")]
    assert not examine(config(*changes), "test").problems


def test_models_may_need_nodes_that_the_autoscaler_adds():
    engines = [("serving.models.0.replicas", 12)]
    assert not examine(config(*scaled(1, 2), *engines), "test").problems, (
        "12 engines of one GPU fit on two nodes"
    )
    too_many = [*scaled(1, 2), ("serving.models.0.replicas", 17)]
    assert_named(too_many, "serving.models[0].replicas", "2 nodes at its largest size (maxNodes)")


def test_a_free_node_of_an_autoscaled_pool_passes():
    assert not examine(config(*warm()), "test").problems
