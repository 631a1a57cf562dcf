"""Retention rules of buckets: durations, and locks, which cannot be removed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from facts.storage import RETENTION_LOCK_DAYS, RETENTION_RULES
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number, one_of
from sandbox.oci.services.object_storage.buckets import BUCKET, OBJECT, bucket_by_inputs
from sandbox.oci.services.object_storage.objects import Objects

_YEAR = 365


@rule(BUCKET, on="create update")
def retention_rules(call: Call) -> None:
    """400 for over 100 rules or an invalid duration. A lock needs a duration and a time 14 days ahead.

    Rules need versioning to be off or suspended. Source: Oracle's page "Object Storage Data Retention Rules".
    """
    rules = blocks(call.inputs, "retentionRules")
    if len(rules) > RETENTION_RULES:
        raise invalid_parameter(f"A bucket cannot have more than {RETENTION_RULES} retention rules.")
    if rules and call.inputs.get("versioning") == "Enabled":
        raise invalid_parameter(
            "Retention rules cannot be added to a bucket that has object versioning enabled."
        )
    before = _by_name(call.old.inputs) if call.old else {}
    for each in rules:
        _duration(each)
        lock = each.get("timeRuleLocked")
        if lock and lock != before.get(each.get("displayName"), {}).get("timeRuleLocked"):
            _lock(str(lock), bool(blocks(each, "duration")))


def _duration(rule_: dict[str, Any]) -> None:
    for length in blocks(rule_, "duration"):
        amount = number(length, "timeAmount") or 0
        if amount < 1 or amount != int(amount):
            raise invalid_parameter("timeAmount must be greater than or equal to 1, and a whole number.")
        refusal = one_of("timeUnit", length.get("timeUnit"), ("DAYS", "YEARS"))
        if refusal:
            raise refusal


def _lock(text: str, lasting: bool) -> None:
    if not lasting:
        raise invalid_parameter("timeRuleLocked cannot be specified for a retention rule without a duration.")
    time = _time(text)
    if time is None:
        raise invalid_parameter(f"timeRuleLocked: {text!r} is not a date and time as per RFC 3339.")
    if time < datetime.now(UTC) + timedelta(days=RETENTION_LOCK_DAYS):
        raise invalid_parameter(
            f"timeRuleLocked {text} must be at least {RETENTION_LOCK_DAYS} days in the future."
        )


@rule(BUCKET, on="update")
def locked_rules_stay(call: Call) -> None:
    """409 for a change of a locked rule, except for a longer duration."""
    assert call.old is not None  # noqa: S101 - an update always has a resource
    now, after = datetime.now(UTC), _by_name(call.inputs)
    for name, before in _by_name(call.old.inputs).items():
        time = _time(str(before.get("timeRuleLocked") or ""))
        if time is None or time > now:
            continue
        kept = after.get(name)
        if kept is None or kept.get("timeRuleLocked") != before.get("timeRuleLocked"):
            raise conflict(f"The retention rule '{name}' is locked and cannot be deleted or modified.")
        if _days(kept) < _days(before):
            raise conflict(f"The duration of the locked retention rule '{name}' can only be increased.")


@rule(OBJECT, on="create update delete")
def retained_object(call: Call) -> None:
    """409 for a write over an object that a rule of its bucket still retains, for its deletion and for a new name."""
    bucket = bucket_by_inputs(call.cloud, call.inputs, call.region)
    before, after = call.old.inputs.get("object") if call.old else None, call.inputs.get("object")
    if bucket is None or (call.operation == "update" and before == after):
        return
    for name in {before, after} - {None}:
        old = Objects(call.cloud.store).latest(bucket.id, str(name))
        if old is not None and not old.marker:
            refuse_retained(bucket, old.name, old.modified)


def refuse_retained(bucket: Entry, name: str, modified: str) -> None:
    """409 for a change of an object that a rule of its bucket still retains (status and code unverified).

    A rule counts from the object's last change, and one without a duration does not end. Source: Oracle's page "Object
    Storage Data Retention Rules".
    """
    title = _retains(bucket, modified)
    if title is not None:
        raise conflict(f"The object '{name}' is retained by the rule '{title}' of its bucket.")


def is_retained(bucket: Entry, modified: str) -> bool:
    """Whether a rule of a bucket retains an object that was last changed then."""
    return _retains(bucket, modified) is not None


def _retains(bucket: Entry, modified: str) -> str | None:
    age = datetime.now(UTC) - datetime.fromisoformat(modified)
    for each in blocks(bucket.inputs, "retentionRules"):
        if age / timedelta(days=1) < _days(each):
            return str(each.get("displayName"))
    return None


def _by_name(inputs: dict[str, Any]) -> dict[object, dict[str, Any]]:
    return {each.get("displayName"): each for each in blocks(inputs, "retentionRules")}


def _days(rule_: dict[str, Any]) -> float:
    lengths = blocks(rule_, "duration")
    if not lengths:
        return float("inf")
    unit = _YEAR if str(lengths[0].get("timeUnit")).upper() == "YEARS" else 1
    return (number(lengths[0], "timeAmount") or 0) * unit


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
