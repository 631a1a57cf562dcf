"""The daily cost watch, the monitor of unusual costs, cost reports, and the events of budgets."""

import json
from typing import Any

import pytest

from components.governance.budget_events import BudgetEvents, BudgetEventsArgs
from components.governance.cost_anomalies import CostAnomalies, CostAnomaliesArgs
from components.governance.cost_report import CostReport, CostReportArgs
from components.governance.cost_watch import NAMESPACE, CostWatch, CostWatchArgs
from facts.alarm_queries import query_problems
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

TENANCY, COMPARTMENT = "ocid1.tenancy.oc1..t", "ocid1.compartment.oc1..c"
FILTER = {"operator": "AND", "dimensions": [{"key": "compartmentId", "value": COMPARTMENT}]}


def watch(preview: bool = False, **changes: Any) -> Recording:
    args = {
        "tenancy_id": TENANCY,
        "compartment_id": COMPARTMENT,
        "home_region": "us-ashburn-1",
        "environment": "prod",
        "subnet_id": "ocid1.subnet.oc1.iad.s",
        "most_per_day": 2000,
        "times": "0 12 * * *",
        "image": "iad.ocir.io/space/daily-cost:1.0.0",
        "image_digest": f"sha256:{'0' * 64}",
        **changes,
    }
    return run(lambda: CostWatch("watch", CostWatchArgs(**args), oci_options()) and None, preview)


def report(preview: bool = False, **changes: Any) -> Recording:
    args = {
        "tenancy_id": TENANCY,
        "target_compartment_id": COMPARTMENT,
        "report_name": "prod-monthly",
        "every": "MONTHLY",
        "first": "2026-12-01T06:00:00Z",
        "bucket": "prod-cost-reports",
        "namespace": "space",
        "region": "us-ashburn-1",
        **changes,
    }
    return run(lambda: CostReport("report", CostReportArgs(**args), oci_options()) and None, preview)


def anomalies(preview: bool = False, **changes: Any) -> Recording:
    args = {
        "tenancy_id": TENANCY,
        "target_compartment_id": COMPARTMENT,
        "monitor_name": "prod-costs",
        "recipients": ["a@example.com", "b@example.com"],
        **changes,
    }
    return run(lambda: CostAnomalies("odd", CostAnomaliesArgs(**args), oci_options()) and None, preview)


def test_the_schedule_invokes_the_function_which_knows_what_to_ask():
    seen = watch()
    function = seen.one("oci:Functions/function:Function")
    assert function.inputs["config"] == {
        "TENANCY": TENANCY,
        "COMPARTMENT": COMPARTMENT,
        "HOME_REGION": "us-ashburn-1",
        "NAMESPACE": "genai_cost",
        "METRIC": "DailyCost",
        "ENVIRONMENT": "prod",
    }
    schedule = seen.one("oci:ResourceScheduler/schedule:Schedule").inputs
    assert (schedule["action"], schedule["recurrenceDetails"]) == ("START_RESOURCE", "0 12 * * *")
    assert schedule["resources"] == [{"id": function.id}]


def test_the_alarms_conditions_are_valid_for_an_own_metric():
    outputs = watch().named("watch").outputs
    assert outputs
    assert outputs["alarmQuery"] == "DailyCost[1d].max() > 2000"
    for query in (outputs["alarmQuery"], outputs["absenceQuery"]):
        assert list(query_problems(NAMESPACE, query, own_metric=True, path="alarm")) == []


def test_ids_are_unknown_in_a_first_preview():
    outputs = watch(preview=True).named("watch").outputs
    assert outputs
    assert (outputs["functionId"], outputs["scheduleId"]) == (UNKNOWN, UNKNOWN)
    assert report(preview=True).named("report").outputs == {"scheduleId": UNKNOWN}
    assert anomalies(preview=True).named("odd").outputs == {"monitorId": UNKNOWN}


def test_a_monthly_report_covers_the_last_calendar_month_and_a_daily_one_seven_days():
    inputs = report().one("oci:MeteringComputation/schedule:Schedule").inputs
    query = inputs["queryProperties"]
    assert json.loads(query["filter"]) == FILTER
    assert (query["granularity"], query["dateRange"]["dynamicDateRangeType"]) == (
        "MONTHLY",
        "LAST_CALENDAR_MONTH",
    )
    assert inputs["resultLocation"]["bucket"] == "prod-cost-reports"
    daily = report(every="DAILY").one("oci:MeteringComputation/schedule:Schedule").inputs["queryProperties"]
    assert (daily["granularity"], daily["dateRange"]["dynamicDateRangeType"]) == ("DAILY", "LAST_7_DAYS")


def test_an_anomaly_is_told_to_all_recipients_and_only_above_both_thresholds():
    seen = anomalies(above_amount=500, above_percent=10)
    told = seen.one("oci:Budget/costAlertSubscription:CostAlertSubscription")
    assert json.loads(told.inputs["channels"]) == {"email": "a@example.com, b@example.com"}
    monitor = seen.one("oci:Budget/costAnomalyMonitor:CostAnomalyMonitor").inputs
    assert json.loads(monitor["targetResourceFilter"]) == FILTER
    assert monitor["costAlertSubscriptionMap"] == {
        "costAlertSubscriptionId": told.id,
        "operator": "AND",
        "thresholdAbsoluteValue": 500,
        "thresholdRelativePercent": 10,
    }


def test_the_alerts_of_budgets_go_to_the_topic():
    args = BudgetEventsArgs(tenancy_id=TENANCY, topic_id="ocid1.onstopic.oc1.iad.t", rule_name="alerts")
    seen = run(lambda: BudgetEvents("events", args, oci_options()) and None)
    rule = seen.one("oci:Events/rule:Rule")
    assert json.loads(rule.inputs["condition"])["eventType"] == [
        "com.oraclecloud.budgets.createtriggeredalert"
    ]
    (action,) = rule.inputs["actions"]["action"]
    assert (action["actionType"], action["topicId"]) == ("ONS", "ocid1.onstopic.oc1.iad.t")
    assert seen.named("events").outputs == {"ruleId": rule.id}
    unknown = run(lambda: BudgetEvents("events", args, oci_options()) and None, preview=True)
    assert unknown.named("events").outputs == {"ruleId": UNKNOWN}


@pytest.mark.parametrize(
    ("make", "changes", "message"),
    [
        (watch, {"times": "0 0 12 * * *"}, r"watch\.times: '0 0 12 \* \* \*'; must have five fields"),
        (watch, {"most_per_day": 0}, r"watch\.mostPerDay: 0; must be a whole number"),
        (report, {"every": "HOURLY"}, r"report\.every: 'HOURLY'; must be a recurrence"),
        (report, {"report_name": "a b"}, r"report\.reportName: 'a b'; must be 1 to 100"),
        (anomalies, {"recipients": []}, r"odd\.recipients: \[\]; must have an e-mail address"),
        (anomalies, {"monitor_name": ""}, r"odd\.monitorName"),
    ],
)
def test_what_oci_refuses_is_named(make: Any, changes: dict[str, Any], message: str):
    with pytest.raises(InvalidInput, match=message):
        make(**changes)
