"""Wrong configurations of cluster networks are named with their path and message, before anything is created."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import Change, assert_named, config
from tests.infra.settings.refusals_of_pools import Refusal
from tests.infra.settings.refusals_of_self_managed import OF_CLUSTER_NETWORKS, imported, pooled
from tests.support.node_images import CURRENT_MI300X_IMAGE


@pytest.mark.parametrize("wrong", OF_CLUSTER_NETWORKS, ids=lambda wrong: wrong.name)
def test_a_wrong_configuration_is_named(wrong: Refusal):
    assert_named([*wrong.changes], wrong.path, wrong.message)


def test_a_pool_in_a_cluster_network_passes():
    changes = pooled(nodeCycling=False, placementConstraint="SINGLE_BLOCK", labels={"team": "a"})
    assert not examine(config(*changes), "test").problems
    assert not examine(config(*imported(CURRENT_MI300X_IMAGE)), "test").problems


def test_an_engine_may_take_its_time_because_nothing_drains_its_node():
    slow: list[Change] = [("serving.models.0.terminationGraceSeconds", 7_200)]
    assert_named(slow, "serving.models[0].terminationGraceSeconds", "may take 7200 s to drain")
    assert not examine(config(*slow, *pooled()), "test").problems
