"""When alarms are mute: what OCI accepts for a suppression.

Source: the provider's and the SDK's descriptions of an alarm suppression and its recurrence.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from facts.dates import early_problems, utc_time
from facts.problem import Problem

from .alarm_rules import minutes_of

REPEATS = ("DAILY", "WEEKLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_WINDOW = 24 * 60
"""Longest recurring window in minutes, PT24H."""

MOST_DIMENSIONS = 4_000
"""Most characters of the dimensions as JSON."""

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


class SuppressionChoices(Protocol):
    """The plain values of a suppression, which the component's args and the settings both have."""

    @property
    def starts(self) -> str: ...
    @property
    def ends(self) -> str: ...
    @property
    def repeats(self) -> str | None: ...
    @property
    def days(self) -> Sequence[str] | None: ...
    @property
    def at(self) -> str | None: ...
    @property
    def duration(self) -> str | None: ...
    @property
    def dimensions(self) -> Mapping[str, str] | None: ...


def suppression_problems(window: SuppressionChoices, *, path: str) -> Iterator[Problem]:
    """Invalid times, recurrences and dimensions."""
    starts, ends = utc_time(window.starts, seconds=False), utc_time(window.ends, seconds=False)
    yield from early_problems(ends, window.ends, path=f"{path}.ends")
    for key, text, time in (("starts", window.starts, starts), ("ends", window.ends, ends)):
        if time is None:
            yield Problem(f"{path}.{key}", text, "must be a time in UTC, such as 2026-12-24T18:00:00Z")
    if starts and ends and ends <= starts:
        yield Problem(f"{path}.ends", window.ends, f"must be after starts, {window.starts}")
    if window.repeats is None:
        yield from _one_off_problems(window, path)
    elif window.repeats not in REPEATS:
        yield Problem.not_one_of(f"{path}.repeats", window.repeats, REPEATS)
    else:
        yield from _recurring_problems(window, path)
    dimensions = dict(window.dimensions or {})
    size = len(json.dumps(dimensions))
    if size > MOST_DIMENSIONS:
        allowed = f"must be {MOST_DIMENSIONS:,} characters or fewer as JSON"
        yield Problem(f"{path}.dimensions", size, allowed, "Mute the whole alarm, or use several windows")
    for name, value in dimensions.items():
        if not name or not value:
            yield Problem(
                f"{path}.dimensions", {name: value}, "must have a name and one value for each dimension"
            )


def _one_off_problems(window: SuppressionChoices, path: str) -> Iterator[Problem]:
    for key, value in (("days", window.days), ("at", window.at), ("duration", window.duration)):
        if value:
            allowed = "must be left out: only a window that repeats has it"
            yield Problem(f"{path}.{key}", value, allowed, f"Set repeats to {' or '.join(REPEATS)}")


def _recurring_problems(window: SuppressionChoices, path: str) -> Iterator[Problem]:
    minutes = minutes_of(window.duration) if window.duration else None
    if minutes is None or not 1 <= minutes <= LONGEST_WINDOW:
        yield Problem(f"{path}.duration", window.duration, "must be an ISO 8601 duration, PT1M to PT24H")
    if window.at is not None and not _CLOCK.fullmatch(window.at):
        yield Problem(f"{path}.at", window.at, "must be a time of day in UTC, such as 22:30")
    for index, day in enumerate(window.days or ()):
        if day not in DAYS:
            yield Problem.not_one_of(f"{path}.days[{index}]", day, DAYS)
        elif day in list(window.days or ())[:index]:
            yield Problem(f"{path}.days[{index}]", day, "must not be repeated")
    if window.days and window.repeats != "WEEKLY":
        fix = "Set repeats to WEEKLY"
        yield Problem(f"{path}.days", [*window.days], "must be left out: a daily window is on all days", fix)


def recurrence(window: SuppressionChoices) -> str:
    """The recurrence in iCalendar's form. Its times are UTC."""
    parts = [f"FREQ={window.repeats}"]
    if window.days:
        parts.append(f"BYDAY={','.join(window.days)}")
    if window.at:
        hour, minute = window.at.split(":")
        parts += [f"BYHOUR={int(hour)}", f"BYMINUTE={int(minute)}"]
    return ";".join(parts)
