"""The platform's alarms: reads and checks alarms/<service>.yaml.

Each entry is an alarm by its name. `$threshold` in the query is replaced by the threshold, which settings may change,
`$size` by a size of the environment, and `$topic` by the name of a topic.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast

import pulumi

from facts.alarm_queries import query_problems
from facts.engine_yaml import parse_yaml
from facts.metrics import metric_of
from facts.mql import metrics_in
from facts.problem import Problem, refuse

from .alarm import AlarmArgs
from .alarm_rules import AlarmWaits, duration_problems, severity_problems

FOLDER = Path(__file__).parent / "alarms"
_NAME = re.compile(r"[a-z][a-z0-9-]*")

KINDS = ("availability", "saturation", "errors")
"""What the alarms of a service watch: whether it works, how full or slow it is, and what fails."""

NEEDS: Mapping[str, str] = {
    "gpuPools": "GPU pools",
    "rdmaPools": "GPU pools with RDMA",
    "fixedGpuPools": "GPU pools, all of a fixed size: nodes of another pool can be absent without a fault",
    "ownCluster": "a cluster that the program creates",
    "steadyCluster": "such a cluster, none of whose pools stops out of hours",
    "ownNetwork": "a network that the program creates",
    "loadBalancer": "`network.edge.loadBalancer`",
    "oracle": "`database.oracle`",
    "postgresql": "`database.postgresql`",
    "cache": "`database.cache`",
    "opensearch": "`database.opensearch`",
    "streams": "`database.streaming`",
    "buckets": "`storage.buckets`",
    "fileStorage": "`storage.fileStorage`",
    "lustre": "`storage.lustre`",
    "secrets": "a vault",
    "functions": "`cluster.schedule`",
    "connectors": "connectors of `observability.logs`",
    "healthChecks": "`observability.healthChecks`",
    "logs": "`observability.logs`",
    "twoTopics": "two topics: the failures of one are told by the other",
}
"""What an alarm can require of its environment. If nothing sends the metric, the alarm never fires, or always."""

SIZES: Mapping[str, str] = {
    "loadBalancerMbps": "`network.edge.loadBalancer.maxMbps`",
    "lustreGb": "`storage.lustre.capacityGb`",
}
"""What can replace `$size`, so that a threshold is a share of it."""

PLACES = ("network",)
"""Whose compartment has the metrics, if it is not the environment's."""


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

    kind: str
    """What it watches: one of KINDS."""

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

    size: str | None = None
    """What replaces `$size`: a key of SIZES. None: the query has no size."""

    metrics_of: str | None = None
    """Whose compartment has the metrics: one of PLACES. Default: the environment's own."""

    each: str | None = None
    """`topic`: one alarm for each topic, whose name replaces `$topic`. Default: one alarm."""

    def query_at(self, threshold: float | None = None, *, size: float = 1, topic: str = "topic") -> str:
        """The query with the given threshold, or with the definition's own, and with a size and a topic."""
        value = self.threshold if threshold is None else threshold
        text = self.query if value is None else self.query.replace("$threshold", plain_number(value))
        return text.replace("$size", plain_number(size)).replace("$topic", topic)

    @property
    def metrics(self) -> frozenset[str]:
        """The metrics of its query."""
        return metrics_in(self.query_at())

    @property
    def third_party(self) -> frozenset[str]:
        """Its metrics that are known only from other people's code."""
        found = {name: metric_of(self.namespace, name) for name in self.metrics}
        return frozenset(name for name, metric in found.items() if metric and metric.third_party)


def plain_number(value: float) -> str:
    """A number in the form of a query: every digit, no exponent, no sign before zero."""
    return format(Decimal(repr(value or 0)), "f").removesuffix(".0")


def services() -> tuple[str, ...]:
    """The services with alarms."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


@cache
def load_alarms(service: str) -> Mapping[str, AlarmDefinition]:
    """The alarms of a service by name. Raises InvalidInput if the file is invalid."""
    text = (FOLDER / f"{service}.yaml").read_text(encoding="utf-8")
    return parse_alarms(text, service)


@cache
def all_alarms() -> Mapping[str, AlarmDefinition]:
    """All alarms of the platform, by name."""
    return {name: alarm for service in services() for name, alarm in load_alarms(service).items()}


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
    words = {
        "kind": (alarm.kind, KINDS),
        "onlyWith": (alarm.only_with, NEEDS),
        "size": (alarm.size, SIZES),
        "metricsOf": (alarm.metrics_of, PLACES),
        "each": (alarm.each, ("topic",)),
    }
    for key, (word, known) in words.items():
        if word is not None and word not in known:
            yield Problem.not_one_of(f"{path}.{key}", word, known)
    yield from duration_problems("pendingDuration", alarm.pending_duration, path=path)
    yield from duration_problems("repeatDuration", alarm.repeat_duration, path=path)
    for key, value in {"threshold": alarm.threshold, "size": alarm.size}.items():
        if (value is None) == (f"${key}" in alarm.query):
            yield Problem(f"{path}.{key}", value, f"must be set if the query has ${key}, and only then")


def alarm_args(
    alarm: AlarmDefinition,
    *,
    compartment_id: pulumi.Input[str],
    topic_id: pulumi.Input[str],
    metric_compartment_id: pulumi.Input[str] | None = None,
    query: str | None = None,
    durations: AlarmWaits | None = None,
    tags: pulumi.Input[Mapping[str, str]] | None = None,
) -> AlarmArgs:
    """Arguments of the Alarm component for a definition. `query` and `durations` replace its own."""
    return AlarmArgs(
        compartment_id=compartment_id,
        metric_compartment_id=metric_compartment_id,
        topic_id=topic_id,
        title=alarm.title,
        namespace=alarm.namespace,
        query=query or alarm.query_at(),
        severity=alarm.severity,
        body=alarm.body,
        pending_duration=(durations.pending_duration if durations else None) or alarm.pending_duration,
        repeat_duration=(durations.repeat_duration if durations else None) or alarm.repeat_duration,
        slack_duration=durations.slack_duration if durations else None,
        per_dimension=alarm.per_dimension,
        tags=tags,
    )


_KEYS = {
    re.sub(r"_(\w)", lambda match: match[1].upper(), field.name, flags=re.ASCII): field
    for field in fields(AlarmDefinition)
}
_REQUIRED = ("title", "namespace", "query", "severity", "body", "kind")
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
