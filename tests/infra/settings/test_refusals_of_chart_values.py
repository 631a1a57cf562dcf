"""Values of charts that take away what the traffic path rests on are named with their path and message."""

import pytest

from infra.settings import examine
from serving.platform.chart_needs import NEEDS
from tests.infra.settings.examples import Change, config
from tests.infra.settings.refusals_of_chart_values import EVERY, RIGHT
from tests.infra.settings.wrong.case import Wrong


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_a_value_that_takes_away_what_is_needed_is_named(wrong: Wrong):
    wrong.assert_named()


@pytest.mark.parametrize("right", RIGHT, ids=range(len(RIGHT)))
def test_a_value_that_takes_nothing_away_passes(right: list[Change]):
    assert not examine(config(*right), "test").problems


def test_most_needs_of_the_charts_have_a_case():
    named = {wrong.path for wrong in EVERY}
    needs = [f"serving.platform.{chart}.values.{need.key}" for chart, each in NEEDS.items() for need in each]
    assert len([need for need in needs if need in named]) > 0.7 * len(needs)
