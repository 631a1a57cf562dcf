"""The platform's alarms: reads and checks alarms/<noun>.yaml.

Each entry is an alarm by its name. `$threshold` in the query is replaced by the threshold, which settings may change.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast

import pulumi

from facts.engine_yaml import parse_yaml
from facts.metrics import is_percent
from facts.problem import Problem, refuse

from .alarm import AlarmArgs, duration_problems, severity_problems
from .mql import absence_problems, parse_query, query_problems

FOLDER = Path(__file__).parent / "alarms"
_NAME = re.compile(r"[a-z][a-z0-9-]*")

NEEDS: Mapping[str, str] = {
    "gpuPools": "GPU pools",
    "rdmaPools": "GPU pools with RDMA",
    "fixedGpuPools": "GPU pools, all of a fixed size: nodes of another pool can be absent without a fault",
}
"""What an alarm can require of its environment. If nothing sends the metric, the alarm never fires, or always."""


@dataclass(frozen=True, kw_only=True)
class AlarmDefinition:
    """One entry of an alarm file."""

    title: str
    """Title of the alarm and of its messages."""

    namespace: str
    """Namespace of the metric."""

    query: str
    """Condition in MQL, with `$threshold` in place of the threshold."""

    severity: str
    """`CRITICAL`, `ERROR`, `WARNING` or `INFO`. It also selects the topic."""

    body: str
    """The meaning of the alarm, and what to do."""

    threshold: float | None = None
    """Value for `$threshold`, in the metric's unit. None: the query has no threshold."""

    pending_duration: str | None = None
    """How long the condition must be true. Default: PT1M."""

    repeat_duration: str | None = None
    """Interval at which a firing alarm notifies again. Default: only once."""

    per_dimension: bool = False
    """Whether each series notifies separately."""

    only_with: str | None = None
    """What an environment must have to get the alarm: a key of NEEDS. Default: nothing; every environment gets it."""

    def query_at(self, threshold: float | None = None) -> str:
        """The query with the given threshold, or with the definition's own."""
        value = self.threshold if threshold is None else threshold
        return self.query if value is None else self.query.replace("$threshold", plain_number(value))


def plain_number(value: float) -> str:
    """A number in the form of a query: every digit, no exponent, no sign before zero."""
    return format(Decimal(repr(value or 0)), "f").removesuffix(".0")


def nouns() -> tuple[str, ...]:
    """The nouns with alarms."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


@cache
def load_alarms(noun: str) -> Mapping[str, AlarmDefinition]:
    """The alarms of a noun by name. Raises InvalidInput if the file is invalid."""
    text = (FOLDER / f"{noun}.yaml").read_text(encoding="utf-8")
    return parse_alarms(text, noun)


def all_alarms() -> Mapping[str, AlarmDefinition]:
    """All alarms of the platform, by name."""
    return {name: alarm for noun in nouns() for name, alarm in load_alarms(noun).items()}


def parse_alarms(text: str, path: str) -> Mapping[str, AlarmDefinition]:
    """Alarm definitions from YAML. Raises InvalidInput with all problems at once."""
    entries = cast("Mapping[str, object]", parse_yaml(text, path).value or {})
    problems = [problem for name, entry in entries.items() for problem in _shape_problems(name, entry, path)]
    refuse(problems, f"the alarms of {path}")
    alarms = {name: _definition(cast("Mapping[str, object]", entry)) for name, entry in entries.items()}
    checks = [
        problem for name, alarm in alarms.items() for problem in definition_problems(alarm, f"{path}.{name}")
    ]
    refuse(checks, f"the alarms of {path}")
    return alarms


def definition_problems(alarm: AlarmDefinition, path: str) -> Iterator[Problem]:
    """All problems of one definition."""
    yield from query_problems(alarm.namespace, alarm.query_at(), path=path)
    yield from severity_problems(alarm.severity, path=f"{path}.severity")
    yield from absence_problems(alarm.query_at(), path=f"{path}.query")
    if alarm.only_with is not None and alarm.only_with not in NEEDS:
        yield Problem.not_one_of(f"{path}.onlyWith", alarm.only_with, NEEDS)
    yield from duration_problems("pendingDuration", alarm.pending_duration, path=path)
    yield from duration_problems("repeatDuration", alarm.repeat_duration, path=path)
    if (alarm.threshold is None) == ("$threshold" in alarm.query):
        yield Problem(
            f"{path}.threshold", alarm.threshold, "must be set if the query has $threshold, and only then"
        )


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
    return any(is_percent(alarm.namespace, each.metric) for each in parse_query(alarm.query_at()) or ())


def alarm_args(
    alarm: AlarmDefinition,
    *,
    compartment_id: pulumi.Input[str],
    topic_id: pulumi.Input[str],
    threshold: float | None = None,
    tags: pulumi.Input[Mapping[str, str]] | None = None,
) -> AlarmArgs:
    """Arguments of the Alarm component for a definition."""
    return AlarmArgs(
        compartment_id=compartment_id,
        topic_id=topic_id,
        title=alarm.title,
        namespace=alarm.namespace,
        query=alarm.query_at(threshold),
        severity=alarm.severity,
        body=alarm.body,
        pending_duration=alarm.pending_duration,
        repeat_duration=alarm.repeat_duration,
        per_dimension=alarm.per_dimension,
        tags=tags,
    )


_KEYS = {
    re.sub(r"_(\w)", lambda match: match[1].upper(), field.name, flags=re.ASCII): field
    for field in fields(AlarmDefinition)
}
_REQUIRED = ("title", "namespace", "query", "severity", "body")
_TYPES: Mapping[str, tuple[type, ...]] = {"threshold": (int, float), "perDimension": (bool,)}


def _shape_problems(name: str, entry: object, path: str) -> Iterator[Problem]:
    at = f"{path}.{name}"
    if not _NAME.fullmatch(name):
        yield Problem(at, name, "must have a name of lower-case letters, digits and hyphens")
    if not isinstance(entry, dict):
        yield Problem(at, entry, "must be a mapping")
        return
    values = cast("Mapping[str, object]", entry)
    for key, value in values.items():
        if key not in _KEYS:
            yield Problem.not_one_of(f"{at}.{key}", key, _KEYS, "is not a key of an alarm", shown=value)
        elif not isinstance(value, _TYPES.get(key, (str,))):
            yield Problem(f"{at}.{key}", value, f"must be {_TYPES.get(key, (str,))[-1].__name__}")
    for key in _REQUIRED:
        if key not in values:
            yield Problem(f"{at}.{key}", None, "must be given")


def _definition(entry: Mapping[str, object]) -> AlarmDefinition:
    return AlarmDefinition(**{_KEYS[key].name: value for key, value in entry.items()})  # pyright: ignore[reportArgumentType]  checked above
