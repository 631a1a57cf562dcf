"""Thresholds and durations that replace those of the platform's alarms."""

import math
from collections.abc import Iterator, Mapping

from facts.metrics import is_percent
from facts.problem import Problem

from .alarm_rules import AlarmWaits, alarm_duration_problems
from .definitions import AlarmDefinition, all_alarms

LARGEST_THRESHOLD = 1_000_000
"""The toolkit's own limit, without a source: a larger number is probably a mistake."""

PERCENT = 100


def threshold_problems(thresholds: Mapping[str, float], *, path: str) -> Iterator[Problem]:
    """Thresholds of unknown alarms or of alarms without a threshold, and numbers that the alarm's metric cannot
    have."""
    known = all_alarms()
    for name, value in thresholds.items():
        at = f"{path}.{name}"
        if name not in known:
            allowed = "must be the threshold of one of the platform's alarms"
            yield Problem.not_one_of(at, name, known, allowed, shown=value)
        elif known[name].threshold is None:
            yield Problem(at, value, "must be left out: the alarm has no threshold")
        elif not math.isfinite(value) or not 0 <= value <= LARGEST_THRESHOLD:
            allowed = f"must be a number from 0 to {LARGEST_THRESHOLD:,}"
            yield Problem(at, value, allowed, "This is the toolkit's own limit")
        elif _in_percent(known[name]) and value > PERCENT:
            yield Problem(at, value, f"must be {PERCENT} or less: the metric is in percent")


def _in_percent(alarm: AlarmDefinition) -> bool:
    """Whether it compares a percentage: the metric's own, or a share that the query computes."""
    share = bool(alarm.size) or "* 100 " in alarm.query
    return share or any(is_percent(alarm.namespace, each) for each in alarm.metrics)


def replaced_duration_problems(durations: Mapping[str, AlarmWaits], *, path: str) -> Iterator[Problem]:
    """Durations of unknown alarms, and durations that OCI does not accept."""
    for name, each in durations.items():
        if name not in all_alarms():
            allowed = "must name one of the platform's alarms"
            yield Problem.not_one_of(f"{path}.{name}", name, all_alarms(), allowed)
        yield from alarm_duration_problems(each, path=f"{path}.{name}")
