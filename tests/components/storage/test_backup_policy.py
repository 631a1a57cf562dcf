"""BackupPolicy: schedules in the service's words, without days that have no backup."""

from typing import Any

import pytest

from components.storage.backup_policy import (
    BackupPolicy,
    BackupPolicyArgs,
    BackupScheduleArgs,
    backup_problems,
)
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

POLICY = "oci:Core/volumeBackupPolicy:VolumeBackupPolicy"


def schedule(period: str = "daily", keep_days: int = 7, **changes: Any) -> BackupScheduleArgs:
    return BackupScheduleArgs(period=period, keep_days=keep_days, **changes)


def policy(preview: bool = False, **changes: Any) -> Recording:
    args = {"compartment_id": "c", "schedules": {"daily": schedule()}, **changes}
    return run(lambda: BackupPolicy("nightly", BackupPolicyArgs(**args), oci_options()) and None, preview)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (schedule("hourly", 1), {"period": "ONE_HOUR", "retentionSeconds": 86_400}),
        (schedule("daily", 7, hour=0), {"period": "ONE_DAY", "hourOfDay": 0, "retentionSeconds": 604_800}),
        (schedule("weekly", 28), {"period": "ONE_WEEK", "hourOfDay": 2, "dayOfWeek": "SUNDAY"}),
        (schedule("monthly", 365), {"period": "ONE_MONTH", "hourOfDay": 2, "dayOfMonth": 1}),
        (schedule("yearly", 2557), {"period": "ONE_YEAR", "month": "JANUARY", "dayOfMonth": 1}),
    ],
    ids=["hourly", "daily", "weekly", "monthly", "yearly"],
)
def test_each_period_has_its_own_time(given: BackupScheduleArgs, expected: dict[str, Any]):
    (found,) = policy(schedules={"it": given}).one(POLICY).inputs["schedules"]
    assert expected.items() <= found.items()
    assert (found["timeZone"], found["offsetType"], found["backupType"]) == (
        "UTC",
        "STRUCTURED",
        "INCREMENTAL",
    )


def test_hourly_backups_have_no_hour_of_the_day():
    (found,) = policy(schedules={"it": schedule("hourly", 1)}).one(POLICY).inputs["schedules"]
    assert "hourOfDay" not in found


def test_schedules_are_ordered_by_name_because_oci_stores_a_set():
    both = {"weekly": schedule("weekly", 7, full=True), "daily": schedule()}
    found = policy(schedules=both).one(POLICY).inputs["schedules"]
    assert [each["backupType"] for each in found] == ["INCREMENTAL", "FULL"]


def test_backups_can_be_copied_to_another_region():
    assert policy(copy_region="us-phoenix-1").one(POLICY).inputs["destinationRegion"] == "us-phoenix-1"


def test_a_first_preview_shows_the_policy():
    outputs = policy(preview=True).named("nightly").outputs
    assert outputs == {"policyId": UNKNOWN}


def test_nothing_is_created_for_an_invalid_policy():
    with pytest.raises(InvalidInput, match=r"nightly\.schedules"):
        policy(schedules={})


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (schedule("nightly"), "p.schedules['s'].period"),
        (schedule("weekly", 6), "p.schedules['s'].keepDays"),
        (schedule("daily", 0), "p.schedules['s'].keepDays"),
        (schedule("daily", 7, hour=24), "p.schedules['s'].hour"),
        (schedule("hourly", 1, hour=3), "p.schedules['s'].hour"),
    ],
)
def test_an_invalid_schedule_is_reported_with_its_path(given: BackupScheduleArgs, path: str):
    assert [problem.path for problem in backup_problems({"s": given}, path="p")] == [path]
