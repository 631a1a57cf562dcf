"""Values of charts that take away what the traffic path rests on are named with their path and message."""

import pytest

from infra.settings import examine
from serving.platform.chart_needs import NEEDS
from serving.platform.chart_rules import value_problems
from serving.platform.needed_values import needed_problems
from tests.infra.settings.examples import Change, config
from tests.infra.settings.refusals_of_chart_values import EVERY, RIGHT, VALUES, nested
from tests.infra.settings.wrong.case import Wrong

USES = frozenset(need.use for needs in NEEDS.values() for need in needs)


@pytest.mark.parametrize(("chart", "key", "value", "message"), VALUES)
def test_a_value_that_takes_away_what_is_needed_is_named(chart: str, key: str, value: object, message: str):
    given = nested(key, value)
    found = [*needed_problems(given, NEEDS[chart], chart=chart, uses=USES, path=chart)]
    found += value_problems(given, chart=chart, path=chart)
    assert [problem.path for problem in found] == [f"{chart}.values.{key}"]
    assert message in str(found[0])


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_it_is_the_only_problem_of_a_configuration(wrong: Wrong):
    wrong.assert_named()


@pytest.mark.parametrize("right", RIGHT, ids=range(len(RIGHT)))
def test_a_value_that_takes_nothing_away_passes(right: list[Change]):
    assert not examine(config(*right), "test").problems


def test_most_needs_of_the_charts_have_a_case():
    named = {(chart, key) for chart, key, *_ in VALUES}
    needs = [(chart, need.key) for chart, each in NEEDS.items() for need in each]
    assert len([need for need in needs if need in named]) > 0.6 * len(needs)
