"""Budget: one target, whole amounts, a rule for every alert."""

from typing import Any

import pytest

from components.governance.budget import Budget, BudgetArgs, budget_problems
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

BUDGET, RULE = "oci:Budget/budget:Budget", "oci:Budget/rule:Rule"


def budget(preview: bool = False, **changes: Any) -> Recording:
    args = {
        "tenancy_id": "ocid1.tenancy.oc1..t",
        "target_compartment_id": "ocid1.compartment.oc1..c",
        "budget_name": "staging monthly",
        "monthly_amount": 50_000,
        **changes,
    }
    return run(lambda: Budget("money", BudgetArgs(**args), oci_options()) and None, preview)


def test_a_budget_watches_one_compartment_per_month_and_is_in_the_tenancy():
    assert budget().one(BUDGET).inputs == {
        "compartmentId": "ocid1.tenancy.oc1..t",
        "displayName": "staging monthly",
        "amount": 50_000,
        "resetPeriod": "MONTHLY",
        "processingPeriodType": "MONTH",
        "targetType": "COMPARTMENT",
        "targets": ["ocid1.compartment.oc1..c"],
    }


def test_alerts_are_at_80_and_100_percent_and_at_the_full_forecast_by_default():
    rules = {each.name: (each.inputs["type"], each.inputs["threshold"]) for each in budget().of_type(RULE)}
    assert rules == {
        "money-actual-80": ("ACTUAL", 80),
        "money-actual-100": ("ACTUAL", 100),
        "money-forecast-100": ("FORECAST", 100),
    }


def test_an_alert_tells_every_recipient_what_happened():
    seen = (
        budget(recipients=["a@example.com", "b@example.com"], tags={"a": "b"}).named("money-actual-80").inputs
    )
    assert seen["message"] == "staging monthly: The spend of the month has reached 80 % of 50,000."
    assert seen["recipients"] == "a@example.com, b@example.com"
    assert (seen["budgetId"], seen["thresholdType"]) == ("ocid1.budget.oc1.iad.money-budget", "PERCENTAGE")
    assert seen["freeformTags"] == {"a": "b"}


def test_alerts_can_be_left_out():
    assert budget(alert_percentages=[], forecast_percentages=[]).of_type(RULE) == []


def test_a_first_preview_shows_every_rule_with_an_unknown_budget():
    seen = budget(preview=True)
    assert {each.inputs["budgetId"] for each in seen.of_type(RULE)} == {UNKNOWN}
    assert seen.named("money").outputs == {"budgetId": UNKNOWN}


def test_nothing_is_created_for_an_invalid_budget():
    with pytest.raises(InvalidInput, match=r"money\.monthlyAmount: 0; must be a whole number"):
        budget(monthly_amount=0)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"budget_name": ""}, "b.budgetName"),
        ({"budget_name": "a/b"}, "b.budgetName"),
        ({"monthly_amount": -5}, "b.monthlyAmount"),
        ({"alert_percentages": [0]}, "b.alertPercentages[0]"),
        ({"alert_percentages": [80, 80]}, "b.alertPercentages[1]"),
        ({"forecast_percentages": [10_001]}, "b.forecastPercentages[0]"),
        ({"recipients": ["a@example.com", "b"]}, "b.recipients[1]"),
        ({"recipients": ["a@example.com, b@example.com"]}, "b.recipients[0]"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(changes: dict[str, Any], path: str):
    name = changes.pop("budget_name", "b")
    args = BudgetArgs(
        tenancy_id="t", target_compartment_id="c", budget_name=name, **{"monthly_amount": 1, **changes}
    )
    assert [problem.path for problem in budget_problems(args, budget_name=name, path="b")] == [path]
