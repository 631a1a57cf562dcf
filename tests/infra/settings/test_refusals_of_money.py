"""Wrong tags, quotas, budgets and cost reports are named with their path and message, before anything is created."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import config
from tests.infra.settings.refusals_of_money import EVERY, TAGS, VALID_TAGS
from tests.infra.settings.wrong.case import Wrong


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_a_wrong_configuration_is_named(wrong: Wrong):
    wrong.assert_named()


def test_a_required_key_with_a_value_passes():
    keys = {"Unit": {"value": "x", "values": ["x", "y"], "required": True}}
    assert not examine(config((TAGS, {**VALID_TAGS, "more": keys})), "test").problems
