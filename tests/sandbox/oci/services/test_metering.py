"""What schedules of cost reports and monitors of unusual costs refuse."""

import json
from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import COMPARTMENT, TENANCY, Refused, Service

SCHEDULE = "oci:MeteringComputation/schedule:Schedule"
MONITOR = "oci:Budget/costAnomalyMonitor:CostAnomalyMonitor"
SUBSCRIPTION = "oci:Budget/costAlertSubscription:CostAlertSubscription"
RANGE = {"dateRangeType": "DYNAMIC", "dynamicDateRangeType": "LAST_7_DAYS"}
QUERY = {"granularity": "DAILY", "queryType": "COST", "dateRange": RANGE}


def _schedule(service: Service, **inputs: Any) -> Entry:
    return service.create(SCHEDULE, **{
        "compartmentId": TENANCY, "name": "monthly", "scheduleRecurrences": "MONTHLY",
        "timeScheduled": "2026-12-01T06:00:00Z", "queryProperties": QUERY,
    } | inputs)  # fmt: skip


def _monitor(service: Service, **inputs: Any) -> Entry:
    target = json.dumps({"operator": "AND", "dimensions": [{"key": "compartmentId", "value": COMPARTMENT}]})
    given = {"compartmentId": TENANCY, "name": "costs", "targetResourceFilter": target} | inputs
    return service.create(MONITOR, **given)


def _subscription(service: Service, **inputs: Any) -> Entry:
    given = {"compartmentId": TENANCY, "name": "costs", "channels": '{"email": "a@example.com"}'} | inputs
    return service.create(SUBSCRIPTION, **given)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"scheduleRecurrences": "0 0 6 1 * *"}, "scheduleRecurrences must be one of ONE_TIME, DAILY"),
        ({"timeScheduled": "tomorrow"}, "timeScheduled must be"),
        ({"compartmentId": COMPARTMENT}, "OCID of the tenancy"),
        ({"queryProperties": None}, "Exactly one of queryProperties and savedReportId"),
        ({"queryProperties": QUERY | {"granularity": "HOURLY"}}, "granularity must be one of DAILY, MONTHLY"),
        ({"queryProperties": QUERY | {"queryType": "CREDIT"}}, "queryType must be one of"),
        (
            {"queryProperties": QUERY | {"dateRange": RANGE | {"dynamicDateRangeType": "LAST_5_DAYS"}}},
            "dynamicDateRangeType must be one of",
        ),
        (
            {"queryProperties": QUERY | {"dateRange": {
                "dateRangeType": "STATIC",
                "timeUsageStarted": "2026-12-02T00:00:00Z", "timeUsageEnded": "2026-12-01T00:00:00Z",
            }}},
            "timeUsageEnded must be after",
        ),
    ],
)  # fmt: skip
def test_a_wrong_schedule_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, _schedule, service, **wrong)


def test_a_schedule_is_accepted_once(service: Service, refused: Refused) -> None:
    _schedule(service)
    refused(409, "Conflict", "monthly already exists", _schedule, service)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"compartmentId": COMPARTMENT}, "OCID of the tenancy"),
        ({"targetResourceFilter": "compartment"}, "must be a JSON object"),
        ({"targetResourceFilter": "[" * 100_000}, "must be a JSON object"),
        ({"targetResourceFilter": '{"operator": "NOT"}'}, "operator must be one of AND, OR"),
        (
            {"costAlertSubscriptionMap": {"thresholdAbsoluteValue": 0}},
            "thresholdAbsoluteValue must be 1 or more",
        ),
        (
            {"costAlertSubscriptionMap": {"thresholdRelativePercent": -5}},
            "thresholdRelativePercent must be 1",
        ),
    ],
)
def test_a_wrong_monitor_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, _monitor, service, **wrong)


@pytest.mark.parametrize("text", ["a@example.com", "{}", '{"sms": "1"}', '{"email": ["a@example.com"]}'])
def test_wrong_channels_are_refused(service: Service, refused: Refused, text: str) -> None:
    refused(400, "InvalidParameter", "channels must be", _subscription, service, channels=text)


def test_a_monitor_and_a_subscription_are_accepted_once(service: Service, refused: Refused) -> None:
    for create in (_monitor, _subscription):
        create(service)
        refused(409, "Conflict", "costs already exists", create, service)
