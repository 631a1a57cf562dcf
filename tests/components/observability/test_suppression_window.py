"""SuppressionWindow: what OCI accepts, and what reaches the service."""

from typing import Any

import pytest

from components.observability.suppression_window import SuppressionWindow, SuppressionWindowArgs
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

SUPPRESSION = "oci:Monitoring/alarmSuppression:AlarmSuppression"
DAILY = {"repeats": "DAILY", "at": "22:30", "duration": "PT8H"}


def window(preview: bool = False, **changes: Any) -> Recording:
    args = {
        "window_name": "prod-night",
        "starts": "2026-12-01T00:00:00Z",
        "ends": "2027-12-01T00:00:00Z",
        "compartment_id": "ocid1.compartment.oc1..c",
        **changes,
    }
    return run(
        lambda: SuppressionWindow("night", SuppressionWindowArgs(**args), oci_options()) and None, preview
    )


def test_one_window_mutes_the_compartment():
    assert window(description="CHG-1", tags={"a": "b"}).one(SUPPRESSION).inputs == {
        "alarmSuppressionTarget": {"targetType": "COMPARTMENT", "compartmentId": "ocid1.compartment.oc1..c"},
        "displayName": "prod-night",
        "description": "CHG-1",
        "level": "ALARM",
        "timeSuppressFrom": "2026-12-01T00:00:00Z",
        "timeSuppressUntil": "2027-12-01T00:00:00Z",
        "freeformTags": {"a": "b"},
    }


def test_each_alarm_has_a_suppression_of_its_own():
    seen = window(compartment_id=None, alarms={"gpu-fault": "ocid1.alarm.a", "rdma-cable": "ocid1.alarm.b"})
    targets = {each.name: each.inputs["alarmSuppressionTarget"] for each in seen.of_type(SUPPRESSION)}
    assert targets == {
        "night-gpu-fault": {"targetType": "ALARM", "alarmId": "ocid1.alarm.a"},
        "night-rdma-cable": {"targetType": "ALARM", "alarmId": "ocid1.alarm.b"},
    }


@pytest.mark.parametrize(
    ("changes", "recurrence"),
    [
        (DAILY, "FREQ=DAILY;BYHOUR=22;BYMINUTE=30"),
        ({"repeats": "DAILY", "duration": "PT24H"}, "FREQ=DAILY"),
        (
            {"repeats": "WEEKLY", "days": ["SA", "SU"], "at": "08:05", "duration": "PT1M"},
            "FREQ=WEEKLY;BYDAY=SA,SU;BYHOUR=8;BYMINUTE=5",
        ),
    ],
)
def test_a_window_comes_back(changes: dict[str, Any], recurrence: str):
    assert window(**changes).one(SUPPRESSION).inputs["suppressionConditions"] == [
        {
            "conditionType": "RECURRENCE",
            "suppressionRecurrence": recurrence,
            "suppressionDuration": changes["duration"],
        }
    ]


def test_dimensions_mute_only_their_series():
    inputs = window(dimensions={"resourceId": "ocid1.instance.a"}).one(SUPPRESSION).inputs
    assert (inputs["level"], inputs["dimensions"]) == ("DIMENSION", {"resourceId": "ocid1.instance.a"})


def test_a_first_preview_shows_the_suppression_of_an_unknown_alarm():
    seen = window(preview=True, compartment_id=None, alarms={"gpu-fault": UNKNOWN})
    assert seen.one(SUPPRESSION).inputs["alarmSuppressionTarget"]["alarmId"] == UNKNOWN


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"starts": "tomorrow"}, "starts"),
        ({"starts": "2026-13-01T00:00:00Z"}, "starts"),
        ({"starts": "2026-12-01T00:00:00+01:00"}, "starts"),
        ({"ends": "2026-12-01"}, "ends"),
        ({"ends": "2026-12-01T00:00:00Z"}, "ends"),
        ({"repeats": "MONTHLY"}, "repeats"),
        ({"repeats": "DAILY"}, "duration"),
        ({**DAILY, "duration": "PT25H"}, "duration"),
        ({**DAILY, "duration": "PT0M"}, "duration"),
        ({**DAILY, "at": "24:00"}, "at"),
        ({**DAILY, "days": ["MO"]}, "days"),
        ({**DAILY, "repeats": "WEEKLY", "days": ["MON"]}, "days[0]"),
        ({"days": ["MO"]}, "days"),
        ({"at": "22:30"}, "at"),
        ({"duration": "PT8H"}, "duration"),
        ({"dimensions": {"resourceId": "x" * 4_000}}, "dimensions"),
        ({"dimensions": {"resourceId": ""}}, "dimensions"),
        ({"compartment_id": None}, "alarms"),
        ({"alarms": {"gpu-fault": "a"}}, "alarms"),
        ({"compartment_id": None, "alarms": {}}, "alarms"),
    ],
)
def test_an_invalid_window_is_reported_with_its_path(changes: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as refused:
        window(**changes)
    assert [problem.path for problem in refused.value.problems] == [f"night.{path}"]
