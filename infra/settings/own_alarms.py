"""An environment's own alarms, and its durations of the platform's alarms."""

from collections.abc import Iterator, Mapping
from typing import Any

from components.cluster.pool_rules import program_sizes
from components.observability.alarm import AlarmOverrideArgs
from components.observability.alarm_rules import alarm_problems
from components.observability.definitions import all_alarms
from facts.alarm_queries import absent_queries
from facts.metrics import metric_of
from facts.problem import Problem

from .base import Section
from .cluster import Cluster
from .gpu import Gpu


class Durations(Section):
    """How long one of the platform's alarms waits. Each that is left out stays as it is."""

    pending_duration: str | None = None
    """How long the condition must be true, ISO 8601, PT1M to PT1H."""

    repeat_duration: str | None = None
    """Interval at which a firing alarm notifies again, ISO 8601, PT1M to P30D."""

    slack_duration: str | None = None
    """How long to wait for late metrics, ISO 8601, PT3M to PT2H. Default: OCI's own, PT3M."""


class Override(Section):
    """Other values of an alarm under a stricter condition."""

    rule_name: str
    """Name of the rule, unique in the alarm. Not `BASE`."""

    query: str | None = None
    """Condition in MQL on the same metric. Default: the alarm's."""

    severity: str | None = None
    """Severity of the messages; the topic is the alarm's. Default: the alarm's."""

    body: str | None = None
    """Text of the message. Default: the alarm's."""

    pending_duration: str | None = None
    """How long the condition must be true, ISO 8601, PT1M to PT1H. Default: the alarm's."""


class OwnAlarm(Section):
    """An alarm of your own."""

    title: str
    """Title of the alarm and of its messages."""

    namespace: str
    """Namespace of the metric in OCI Monitoring, e.g. `oci_lbaas`."""

    query: str
    """Condition in MQL, e.g. `CpuUtilization[5m].groupBy(resourceId).mean() > 95`."""

    severity: str
    """`CRITICAL`, `ERROR`, `WARNING` or `INFO`. It also selects the topic."""

    own_metric: bool = False
    """Whether you send the metric yourself. Its name and dimensions are then not checked."""

    body: str | None = None
    """The meaning of the alarm, and what to do."""

    pending_duration: str | None = None
    """How long the condition must be true, ISO 8601, PT1M to PT1H. Default: PT1M."""

    repeat_duration: str | None = None
    """Interval at which a firing alarm notifies again, ISO 8601, PT1M to P30D. Default: only once."""

    slack_duration: str | None = None
    """How long to wait for late metrics, ISO 8601, PT3M to PT2H. Default: OCI's own, PT3M."""

    per_dimension: bool = False
    """Whether each series notifies separately."""

    overrides: tuple[Override, ...] = ()
    """Other values under stricter conditions, evaluated in order before the alarm's own."""

    @property
    def component_args(self) -> dict[str, Any]:
        """The values as args of the component."""
        overrides = [AlarmOverrideArgs(**each.model_dump()) for each in self.overrides]
        return {**self.model_dump(exclude={"overrides"}), "overrides": overrides or None}


def is_platform_name(name: str) -> bool:
    """Whether one of the platform's alarms has this name."""
    each = (known for known, alarm in all_alarms().items() if alarm.each)
    return name in all_alarms() or name.startswith(tuple(f"{known}-" for known in each))


def own_alarm_problems(alarms: Mapping[str, OwnAlarm], *, path: str) -> Iterator[Problem]:
    """Invalid own alarms, and names that the platform's alarms have."""
    for name, alarm in alarms.items():
        at = f"{path}.{name}"
        if is_platform_name(name):
            fix = "Change its threshold in observability.thresholds, or its durations in observability.durations"
            yield Problem(at, name, "must have another name: an alarm of the platform has this one", fix)
        yield from alarm_problems(alarm, path=at)


def absent_node_problems(
    alarms: Mapping[str, OwnAlarm], cluster: Cluster, gpu: Gpu, *, path: str
) -> Iterator[Problem]:
    """Own alarms that would fire each time a pool shrinks or stops: they watch for the absence of what nodes send."""
    sizes = {pool.name: program_sizes(pool.size_owner) for pool in (*cluster.pools, *gpu.pools)}
    moving = [name for name, fixed in sizes.items() if not fixed or name in cluster.scheduled]
    for name, alarm in alarms.items():
        for query in absent_queries(alarm.query) if moving else ():
            metric = metric_of(alarm.namespace, query.metric)
            if metric is not None and metric.of_nodes:
                allowed = f"must not be watched by absent(): nodes of {', '.join(moving)} come and go without a fault"
                yield Problem(
                    f"{path}.{name}.query", query.metric, allowed, "Compare it with a value instead"
                )
