"""Wrong tags, quotas, budgets and cost reports are named with their path and message, before anything is created."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import config
from tests.infra.settings.refusals_of_money import EVERY, QUOTAS, TAGS, VALID_TAGS
from tests.infra.settings.wrong.case import Wrong


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_a_wrong_configuration_is_named(wrong: Wrong):
    wrong.assert_named()


def test_a_required_key_with_a_value_passes():
    keys = {"Unit": {"value": "x", "values": ["x", "y"], "required": True}}
    assert not examine(config((TAGS, {**VALID_TAGS, "more": keys})), "test").problems


@pytest.mark.parametrize(
    "statements",
    [
        ["zero compute-core quotas in tenancy where request.region = 'us-phoenix-1'"],
        ["zero compute-core quotas in tenancy where all {request.region = us-phoenix-1, request.ad = x}"],
        [
            f"set {each} to {most} in compartment {{compartment}}"
            for most in (4, 8)
            for each in ("compute-core quota gpu-mi300x-count",)
        ],
        ["zero vcn quota vcn-count in tenancy", "unset vcn quota vcn-count in tenancy"],
    ],
    ids=["another region", "another region's domain", "the last one applies", "the last one resets"],
)
def test_a_statement_that_leaves_enough_passes(statements: list[str]):
    assert not examine(config((QUOTAS, {"statements": statements})), "test").problems
