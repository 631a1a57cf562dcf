"""The alarms that ship with the platform: alarms/<noun>.yaml, read and checked.

An entry is an alarm by name. `$threshold` in its query stands for its threshold, which settings may change.
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
    "fixedGpuPools": "GPU pools, all of a fixed size: nodes that come and go by themselves are absent for no fault",
}
"""What an alarm may need of its environment. A metric that nothing sends makes an alarm that never tells, or always."""


@dataclass(frozen=True, kw_only=True)
class AlarmDefinition:
    """One entry of an alarm file."""

    title: str
    """Title of the alarm and of its messages."""

    namespace: str
    """Namespace of the metric."""

    query: str
    """Condition in MQL, with `$threshold` where the threshold stands."""

    severity: str
    """`CRITICAL`, `ERROR`, `WARNING` or `INFO`; it also chooses the topic."""

    body: str
    """What it means, and what to do."""

    threshold: float | None = None
    """Value for `$threshold`, in the metric's unit. None: the query has no threshold."""

    pending_duration: str | None = None
    """How long the condition must hold. Default: PT1M."""

    repeat_duration: str | None = None
    """How often a firing alarm notifies again. Default: only once."""

    per_dimension: bool = False
    """Whether each series notifies by itself."""

    only_with: str | None = None
    """What an environment must have for it: a key of NEEDS. Default: nothing, every environment gets it."""

    def query_at(self, threshold: float | None = None) -> str:
        """The query with a threshold: the one given, else the definition's own."""
        value = self.threshold if threshold is None else threshold
        return self.query if value is None else self.query.replace("$threshold", plain_number(value))


def plain_number(value: float) -> str:
    """A number as a query holds it: every digit, no exponent, no sign before zero."""
    return format(Decimal(repr(value or 0)), "f").removesuffix(".0")


def nouns() -> tuple[str, ...]:
    """The nouns that have alarms."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


@cache
def load_alarms(noun: str) -> Mapping[str, AlarmDefinition]:
    """The alarms of a noun by name. Raises InvalidInput if the file is not what it should be."""
    text = (FOLDER / f"{noun}.yaml").read_text(encoding="utf-8")
    return parse_alarms(text, noun)


def all_alarms() -> Mapping[str, AlarmDefinition]:
    """Every alarm that ships, by name."""
    return {name: alarm for noun in nouns() for name, alarm in load_alarms(noun).items()}


def parse_alarms(text: str, path: str) -> Mapping[str, AlarmDefinition]:
    """Alarm definitions from YAML, all problems at once."""
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
    """Everything wrong with one definition."""
    yield from query_problems(alarm.namespace, alarm.query_at(), path=path)
    yield from severity_problems(alarm.severity, path=f"{path}.severity")
    yield from absence_problems(alarm.query_at(), path=f"{path}.query")
    if alarm.only_with is not None and alarm.only_with not in NEEDS:
        yield Problem.not_one_of(f"{path}.onlyWith", alarm.only_with, NEEDS)
    yield from duration_problems("pendingDuration", alarm.pending_duration, path=path)
    yield from duration_problems("repeatDuration", alarm.repeat_duration, path=path)
    if (alarm.threshold is None) == ("$threshold" in alarm.query):
        yield Problem(
            f"{path}.threshold", alarm.threshold, "must stand where the query has $threshold, and only there"
        )


LARGEST_THRESHOLD = 1_000_000
"""The toolkit's own bound, without a source: a number above it is taken for a slip."""

PERCENT = 100


def threshold_problems(thresholds: Mapping[str, float], *, path: str) -> Iterator[Problem]:
    """Thresholds of alarms that do not exist or have none, and numbers that an alarm's metric cannot be."""
    known = all_alarms()
    for name, value in thresholds.items():
        at = f"{path}.{name}"
        if name not in known:
            allowed = "must be the threshold of an alarm that ships"
            yield Problem.not_one_of(at, name, known, allowed, shown=value)
        elif known[name].threshold is None:
            yield Problem(at, value, "must be left out: the alarm compares with no threshold")
        elif not math.isfinite(value) or not 0 <= value <= LARGEST_THRESHOLD:
            allowed = f"must be a number from 0 to {LARGEST_THRESHOLD:,}"
            yield Problem(at, value, allowed, "The bound is the toolkit's own")
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
    re.sub(r"_(\w)", lambda match: match[1].upper(), field.name): field for field in fields(AlarmDefinition)
}
_REQUIRED = ("title", "namespace", "query", "severity", "body")
_TYPES: Mapping[str, tuple[type, ...]] = {"threshold": (int, float), "perDimension": (bool,)}


def _shape_problems(name: str, entry: object, path: str) -> Iterator[Problem]:
    at = f"{path}.{name}"
    if not _NAME.fullmatch(name):
        yield Problem(at, name, "must be named in small letters, digits and hyphens")
    if not isinstance(entry, dict):
        yield Problem(at, entry, "must be a mapping")
        return
    values = cast("Mapping[str, object]", entry)
    for key, value in values.items():
        if key not in _KEYS:
            yield Problem.not_one_of(f"{at}.{key}", key, _KEYS, "is no key of an alarm", shown=value)
        elif not isinstance(value, _TYPES.get(key, (str,))):
            yield Problem(f"{at}.{key}", value, f"must be {_TYPES.get(key, (str,))[-1].__name__}")
    for key in _REQUIRED:
        if key not in values:
            yield Problem(f"{at}.{key}", None, "must be given")


def _definition(entry: Mapping[str, object]) -> AlarmDefinition:
    return AlarmDefinition(**{_KEYS[key].name: value for key, value in entry.items()})  # pyright: ignore[reportArgumentType]  checked above
