"""Retention rules of a bucket: how long nobody can change or delete an object, and whether the rule can be changed."""

from collections.abc import Iterator, Sequence

from pulumi_oci import objectstorage

from facts.dates import lock_problems, utc_time
from facts.problem import Problem

LONGEST_YEARS = 100
"""The toolkit's own limit, without a source: a longer time is probably a mistake, and a lock makes it permanent."""

RULE_NAME = "retention"
"""The rule's name. It contains no number of days: another name means a new rule, and a locked rule cannot be
replaced."""


def retention_problems(
    days: int | None, years: int | None, lock_time: str | None, *, versioned: bool, path: str
) -> Iterator[Problem]:
    """Invalid durations, versioning together with a rule, and locks without a rule or a time."""
    for name, length, unit in (("retentionDays", days, "days"), ("retentionYears", years, "years")):
        if length is not None and length < 1:
            yield Problem(f"{path}.{name}", length, f"must be 1 or more {unit}")
        most = LONGEST_YEARS * (365 if name == "retentionDays" else 1)
        if length is not None and length > most:
            allowed = f"must be {most:,} {unit} or less: no one could delete the objects earlier"
            yield Problem(f"{path}.{name}", length, allowed, "This is the toolkit's own limit")
        if length is not None and versioned:
            fix = "Keep older versions, or prevent them with the retention rule"
            yield Problem(f"{path}.{name}", length, "must not be combined with versioning", fix)
    if days is not None and years is not None:
        yield Problem(f"{path}.retentionYears", years, "must not be set with retentionDays")
    if lock_time is None:
        return
    at = f"{path}.retentionLockTime"
    if days is None and years is None:
        yield Problem(at, lock_time, "must not be set without retentionDays: the bucket has no rule to lock")
    time = utc_time(lock_time)
    yield from lock_problems(time, lock_time, path=at)
    if time is None:
        allowed = "must be a time in UTC such as '2027-01-31T00:00:00Z', in quotes"
        yield Problem(at, lock_time, allowed, "OCI locks a rule 14 days after its creation, or later")


def retention_rules(
    days: int | None, years: int | None, lock_time: str | None
) -> "Sequence[objectstorage.BucketRetentionRuleArgs] | None":
    """The only rule, in OCI's form; empty without days or years."""
    length, unit = (days, "DAYS") if years is None else (years, "YEARS")
    if length is None:
        return None
    duration = objectstorage.BucketRetentionRuleDurationArgs(time_amount=str(length), time_unit=unit)
    return [
        objectstorage.BucketRetentionRuleArgs(
            display_name=RULE_NAME, duration=duration, time_rule_locked=lock_time
        )
    ]
