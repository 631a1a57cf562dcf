"""What Monitoring refuses in windows in which alarms are mute."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import COMPARTMENT, Refused, Service
from tests.sandbox.oci.services.test_monitoring import _alarm

SUPPRESSION = "oci:Monitoring/alarmSuppression:AlarmSuppression"
NIGHTLY = {
    "conditionType": "RECURRENCE",
    "suppressionRecurrence": "FREQ=DAILY;BYHOUR=22",
    "suppressionDuration": "PT8H",
}


def _suppress(service: Service, **inputs: Any) -> Entry:
    return service.create(SUPPRESSION, **{
        "alarmSuppressionTarget": {"targetType": "COMPARTMENT", "compartmentId": COMPARTMENT},
        "displayName": "night", "level": "ALARM",
        "timeSuppressFrom": "2026-12-01T00:00:00Z", "timeSuppressUntil": "2027-01-01T00:00:00Z",
    } | inputs)  # fmt: skip


@pytest.mark.parametrize(
    "right",
    [
        {},
        {"suppressionConditions": [NIGHTLY]},
        {
            "suppressionConditions": [
                {**NIGHTLY, "suppressionRecurrence": "FREQ=WEEKLY;BYDAY=SA,SU;BYMINUTE=30"}
            ]
        },
        {"level": "DIMENSION", "dimensions": {"resourceId": "ocid1.instance.oc1.iad.a"}},
        {"level": None, "dimensions": {"resourceId": "ocid1.instance.oc1.iad.a"}},
    ],
)
def test_a_valid_window_is_accepted(service: Service, right: dict[str, Any]) -> None:
    assert _suppress(service, **right).state == "ACTIVE"


def test_an_alarm_is_mute_by_its_id(service: Service) -> None:
    alarm = _alarm(service)
    target = {"targetType": "ALARM", "alarmId": alarm.id}
    assert _suppress(service, alarmSuppressionTarget=target).inputs["alarmSuppressionTarget"] == target


def test_what_is_not_an_alarm_is_refused(service: Service, refused: Refused) -> None:
    target = {"targetType": "ALARM", "alarmId": "ocid1.instance.oc1.iad.aaaanode"}
    refused(400, "InvalidParameter", "ocid1.instance", _suppress, service, alarmSuppressionTarget=target)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"alarmSuppressionTarget": {"targetType": "TOPIC"}}, "targetType"),
        ({"alarmSuppressionTarget": {"targetType": "ALARM"}}, "needs its OCID"),
        ({"alarmSuppressionTarget": {"targetType": "COMPARTMENT"}}, "needs its OCID"),
        (
            {
                "alarmSuppressionTarget": {
                    "targetType": "COMPARTMENT", "compartmentId": COMPARTMENT, "compartmentIdInSubtree": True,
                }
            },
            "only when compartmentId is the tenancy",
        ),
        ({"level": "NODE"}, "level"),
        ({"level": "DIMENSION"}, "dimensions is required"),
        ({"level": None}, "dimensions is required"),
        ({"level": "DIMENSION", "dimensions": {"resourceId": "x" * 4_000}}, "dimensions values are too long"),
        ({"timeSuppressFrom": "tomorrow"}, "not a time of RFC 3339"),
        ({"timeSuppressUntil": "2026-12-01T00:00:00Z"}, "must be after"),
        ({"suppressionConditions": [{**NIGHTLY, "suppressionDuration": "PT25H"}]}, "between PT1M and PT24H"),
        ({"suppressionConditions": [{**NIGHTLY, "suppressionDuration": "PT30S"}]}, "between PT1M and PT24H"),
        ({"suppressionConditions": [{**NIGHTLY, "suppressionRecurrence": "FREQ=MONTHLY"}]}, "FREQ=MONTHLY"),
        ({"suppressionConditions": [{**NIGHTLY, "suppressionRecurrence": "FREQ=DAILY;BYDAY=MO"}]}, "BYDAY=MO"),
        ({"suppressionConditions": [{**NIGHTLY, "suppressionRecurrence": "FREQ=WEEKLY;BYDAY=XX"}]}, "BYDAY=XX"),
        ({"suppressionConditions": [{**NIGHTLY, "suppressionRecurrence": "FREQ=DAILY;BYHOUR=24"}]}, "BYHOUR=24"),
        ({"suppressionConditions": [{**NIGHTLY, "suppressionRecurrence": "FREQ=DAILY;COUNT=3"}]}, "COUNT=3"),
    ],
)  # fmt: skip
def test_an_invalid_window_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], why: str
) -> None:
    refused(400, "InvalidParameter", why, _suppress, service, **wrong)
