"""Wrong configurations of pools are named with their path and message, before anything is created."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import assert_named, config
from tests.infra.settings.refusals_of_pools import OF_SIZES, Refusal, scaled, tools


@pytest.mark.parametrize("wrong", OF_SIZES, ids=lambda wrong: wrong.name)
def test_a_wrong_configuration_is_named(wrong: Refusal):
    assert_named([*wrong.changes], wrong.path, wrong.message)


def test_pools_that_the_autoscaler_sizes_pass():
    assert not examine(config(*scaled(), *tools()), "test").problems
