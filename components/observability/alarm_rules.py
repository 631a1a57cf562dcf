"""What is wrong with an alarm: its query, severity, durations and overrides."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from facts.alarm_queries import query_problems
from facts.problem import Problem

SEVERITIES = ("CRITICAL", "ERROR", "WARNING", "INFO")

_MINUTE, _HOUR, _DAY = 1, 60, 1440
DURATIONS: Mapping[str, tuple[int, int, str]] = {
    "pendingDuration": (1 * _MINUTE, 1 * _HOUR, "PT1M to PT1H"),
    "repeatDuration": (1 * _MINUTE, 30 * _DAY, "PT1M to P30D"),
    "slackDuration": (3 * _MINUTE, 2 * _HOUR, "PT3M to PT2H"),
}
"""Shortest and longest duration in minutes, with a description. Source: the provider's descriptions."""

BASE = "BASE"
"""What OCI calls the rule of the alarm's own values."""


class OverrideChoices(Protocol):
    """The plain values of an override, which the component's args and the settings both have."""

    @property
    def rule_name(self) -> str: ...
    @property
    def query(self) -> str | None: ...
    @property
    def severity(self) -> str | None: ...
    @property
    def body(self) -> str | None: ...
    @property
    def pending_duration(self) -> str | None: ...


class AlarmWaits(Protocol):
    """How long an alarm waits, which the component's args and the settings both have."""

    @property
    def pending_duration(self) -> str | None: ...
    @property
    def repeat_duration(self) -> str | None: ...
    @property
    def slack_duration(self) -> str | None: ...


class AlarmChoices(AlarmWaits, Protocol):
    """The plain values of an alarm, which the component's args and the settings both have."""

    @property
    def title(self) -> str: ...
    @property
    def namespace(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def own_metric(self) -> bool | None: ...
    @property
    def overrides(self) -> Sequence[OverrideChoices] | None: ...


def alarm_problems(alarm: AlarmChoices, *, path: str) -> Iterator[Problem]:
    """All problems of an alarm's plain values."""
    own = alarm.own_metric is True
    if not alarm.title.strip():
        yield Problem(f"{path}.title", alarm.title, "must not be empty: it is the title of each message")
    yield from query_problems(alarm.namespace, alarm.query, own_metric=own, path=path)
    yield from severity_problems(alarm.severity, path=f"{path}.severity")
    yield from alarm_duration_problems(alarm, path=path)
    names: set[str] = set()
    for index, override in enumerate(alarm.overrides or ()):
        at = f"{path}.overrides[{index}]"
        yield from _override_problems(override, names, path=at)
        if override.query is not None:
            found = query_problems(alarm.namespace, override.query, own_metric=own, path=at)
            yield from (problem for problem in found if problem.path != f"{at}.namespace")
        names.add(override.rule_name)


def alarm_duration_problems(durations: AlarmWaits, *, path: str) -> Iterator[Problem]:
    """Durations that OCI does not accept for an alarm."""
    yield from duration_problems("pendingDuration", durations.pending_duration, path=path)
    yield from duration_problems("repeatDuration", durations.repeat_duration, path=path)
    yield from duration_problems("slackDuration", durations.slack_duration, path=path)


def _override_problems(override: OverrideChoices, before: set[str], *, path: str) -> Iterator[Problem]:
    name = override.rule_name
    if not name.strip() or name == BASE or name in before:
        allowed = f"must be a name that no other override of the alarm has, and not {BASE}"
        yield Problem(f"{path}.ruleName", name, allowed, f"{BASE} is the alarm's own rule")
    if override.severity is not None:
        yield from severity_problems(override.severity, path=f"{path}.severity")
    yield from duration_problems("pendingDuration", override.pending_duration, path=path)
    if not any((override.query, override.severity, override.body, override.pending_duration)):
        allowed = "must change the query, severity, body or pendingDuration"
        yield Problem(path, name, allowed, "Remove it, or say what it changes")


def severity_problems(severity: str, *, path: str) -> Iterator[Problem]:
    """A severity that OCI does not have."""
    if severity not in SEVERITIES:
        yield Problem.not_one_of(path, severity, SEVERITIES)


def duration_problems(kind: str, value: str | None, *, path: str) -> Iterator[Problem]:
    """An invalid duration, or a duration outside OCI's limits for its `kind` (a key of DURATIONS)."""
    shortest, longest, allowed = DURATIONS[kind]
    minutes = shortest if value is None else minutes_of(value)
    if minutes is None or not shortest <= minutes <= longest:
        yield Problem(f"{path}.{kind}", value, f"must be an ISO 8601 duration, {allowed}")


def minutes_of(duration: str) -> int | None:
    """Minutes of `PT5M`, `PT1H30M` or `P1D`; None for an invalid duration."""
    match = re.fullmatch(
        r"P(?=.)(?:(\d{1,9})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?)?", duration, re.ASCII
    )
    if match is None:
        return None
    days, hours, minutes = (int(group or 0) for group in match.groups())
    return days * _DAY + hours * _HOUR + minutes
