"""Times and days in settings: their form, and those that are too early to mean anything.

Settings stay as they are while time passes: a lock that is ahead today is behind in a year, and the stack is right all
the same. So a rule refuses only what no stack of this toolkit can ever have had, and `playground check` warns about the
others that OCI would refuse for something new.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from facts.problem import Problem
from facts.storage import RETENTION_LOCK_DAYS

FIRST_DAY = date(2026, 11, 21)
"""No stack is older: the day on which this toolkit began."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?P<seconds>:\d\d)?Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

_NO_STACK = "no stack of this toolkit is older"
_LOCKS = f"OCI locks a retention rule {RETENTION_LOCK_DAYS} days after its creation at the earliest"


def utc_time(text: str, *, seconds: bool = True) -> datetime | None:
    """A time in UTC such as `2027-01-31T00:00:00Z`, or None. `seconds`: whether it must have them."""
    found = _TIME.fullmatch(text)
    if not found or (seconds and not found["seconds"]):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def day_of(text: str) -> date | None:
    """A day such as `2026-12-01`, or None."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def early_problems(at: date | datetime | None, text: str, *, path: str) -> Iterator[Problem]:
    """A time before this toolkit existed."""
    yield from _before(FIRST_DAY, at, text, _NO_STACK, path)


def lock_problems(at: datetime | None, text: str, *, path: str) -> Iterator[Problem]:
    """A lock of a retention rule that is earlier than any rule of this toolkit allows."""
    yield from _before(FIRST_DAY + timedelta(days=RETENTION_LOCK_DAYS), at, text, _LOCKS, path)


def lock_warnings(text: str, now: datetime, *, path: str) -> Iterator[Problem]:
    """A lock that OCI refuses for a new rule. For a rule that exists, it is right."""
    at = utc_time(text)
    first = now + timedelta(days=RETENTION_LOCK_DAYS)
    if at is not None and at < first:
        allowed = f"is refused for a new rule: {_LOCKS}, so from {first:%Y-%m-%dT%H:%M:%SZ} on"
        yield Problem(path, text, allowed, "Leave it if the bucket has its rule already")


def _before(first: date, at: date | datetime | None, text: str, why: str, path: str) -> Iterator[Problem]:
    if at is not None and _as_time(at) < _as_time(first):
        yield Problem(path, text, f"must be {first.isoformat()} or later: {why}")


def _as_time(at: date | datetime) -> datetime:
    return at if isinstance(at, datetime) else datetime.combine(at, time(), UTC)
