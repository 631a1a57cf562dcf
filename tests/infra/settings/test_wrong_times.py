"""Times that are no times, or too early: refused with path and message, or a warning where the settings cannot tell."""

from datetime import UTC, datetime
from typing import Any

import pytest

from facts.dates import FIRST_DAY, day_of, utc_time
from infra.commands.date_warnings import date_warnings
from infra.settings import examine, load
from tests.infra.settings.examples import DELETE, Change, config
from tests.infra.settings.wrong.case import Wrong

BUCKET = "storage.buckets.0"
AT = "storage.buckets[0].retentionLockTime"
AUDIT = "observability.logs.audit.lockTime"
MUTE = "observability.suppressions"
REPORT = "governance.costs.reports"
FIRST = f"{REPORT}['monthly'].first"
LOCKED = "must be 2026-12-05 or later: OCI locks a retention rule 14 days after its creation at the earliest"
OLDEST = "must be 2026-11-21 or later: no stack of this toolkit is older"
FORM = "must be a time in UTC such as"


def lock(time: str) -> list[Change]:
    kept: list[Change] = [(f"{BUCKET}.versioning", DELETE), (f"{BUCKET}.retentionDays", 9)]
    return [*kept, (f"{BUCKET}.retentionLockTime", time)]


def audit(time: str) -> list[Change]:
    return [("governance.managesTenancy", True), ("observability.logs", {"audit": {"lockTime": time}})]


def report(first: str) -> list[Change]:
    return [(REPORT, {"monthly": {"bucket": "model-artifacts", "first": first}})]


def mute(starts: str, ends: str) -> list[Change]:
    return [(MUTE, {"move": {"starts": starts, "ends": ends}})]


def rotation(start: str) -> list[Change]:
    return [("vault", {"kind": "private", "rotationDays": 90, "rotationStart": start})]


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong("a lock in the past", lock("2025-01-31T00:00:00Z"), AT, LOCKED),
        Wrong("a lock before a rule can have it", lock("2026-12-04T23:59:59Z"), AT, LOCKED),
        Wrong("a lock without a zone", lock("2027-01-31T00:00:00"), AT, FORM),
        Wrong("a lock in another zone", lock("2027-01-31T00:00:00+01:00"), AT, FORM),
        Wrong("a lock without seconds", lock("2027-01-31T00:00Z"), AT, FORM),
        Wrong("a lock on a day that does not exist", lock("2027-02-30T00:00:00Z"), AT, FORM),
        Wrong("a lock with short numbers", lock("2027-1-31T0:0:0Z"), AT, FORM),
        Wrong("a lock with a line break", lock("2027-01-31T00:00:00Z\n"), AT, FORM),
        Wrong("a lock of audit events in the past", audit("2020-01-01T00:00:00Z"), AUDIT, LOCKED),
        Wrong("a first report in the past", report("2024-12-01T06:00:00Z"), FIRST, OLDEST),
        Wrong("a first report without a zone", report("2026-12-01T06:00:00"), FIRST, "must be a UTC"),
        Wrong(
            "a window long ago", mute("2020-12-24T18:00Z", "2020-12-27T18:00Z"), f"{MUTE}.move.ends", OLDEST
        ),
        Wrong("rotations that began long ago", rotation("2019-01-01"), "vault.rotationStart", OLDEST),
        Wrong("rotations from a time", rotation("2026-12-01T00:00Z"), "vault.rotationStart", "must be a day"),
    ],
    ids=lambda wrong: wrong.name,
)
def test_a_time_is_refused(wrong: Wrong):
    wrong.assert_named()


@pytest.mark.parametrize(
    "changes",
    [
        lock("2026-12-05T00:00:00Z"),
        lock("2099-01-31T00:00:00Z"),
        report("2026-11-21T06:00:00Z"),
        mute("2020-12-24T18:00:00Z", "2027-12-27T18:00Z"),
        rotation("2026-11-21"),
    ],
)
def test_a_time_that_a_stack_may_have_had_passes(changes: list[Change]):
    assert not examine(config(*changes), "test").problems


NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def warned(*changes: Change) -> list[tuple[str, str]]:
    return [(each.path, str(each)) for each in date_warnings(load(config(*changes), "test"), NOW)]


@pytest.mark.parametrize("time", ["2027-02-28T00:00:00Z", "2027-03-15T11:59:59Z"], ids=["past", "too soon"])
def test_a_lock_that_is_refused_for_a_new_rule_is_a_warning(time: str):
    ((path, text),) = warned(*lock(time))
    assert path == AT
    assert "is refused for a new rule" in text
    assert "from 2027-03-15T12:00:00Z on" in text
    ((path, _),) = warned(*audit(time))
    assert path == AUDIT


def test_a_window_that_is_over_is_a_warning():
    ((path, text),) = warned(*mute("2026-12-24T18:00:00Z", "2026-12-27T18:00:00Z"))
    assert path == f"{MUTE}.move.ends"
    assert "is in the past" in text


def test_times_ahead_are_no_warnings():
    ahead: Any = [*lock("2027-03-15T12:00:00Z"), *mute("2026-12-24T18:00:00Z", "2027-12-27T18:00:00Z")]
    assert not warned(*ahead)


@pytest.mark.parametrize("text", ["", "x", "2027-01-31", "2027-01-31T24:00:00Z", "0000-01-01T00:00:00Z"])
def test_what_is_no_time_is_none(text: str):
    assert utc_time(text) is None


@pytest.mark.parametrize("text", ["", "2027-02-29", "2027-1-1", "20270101", "2027-W01-1"])
def test_what_is_no_day_is_none(text: str):
    assert day_of(text) is None


def test_a_day_is_read():
    assert day_of("2026-11-21") == FIRST_DAY
