"""An alarm on a metric of OCI Monitoring."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import monitoring

from components.options import child
from facts.alarm_queries import query_problems
from facts.problem import Problem, refuse

SEVERITIES = ("CRITICAL", "ERROR", "WARNING", "INFO")
MESSAGE_FORMATS = ("ONS_OPTIMIZED", "PRETTY_JSON", "RAW")

_MINUTE, _HOUR, _DAY = 1, 60, 1440
DURATIONS: Mapping[str, tuple[int, int, str]] = {
    "pendingDuration": (1 * _MINUTE, 1 * _HOUR, "PT1M to PT1H"),
    "repeatDuration": (1 * _MINUTE, 30 * _DAY, "PT1M to P30D"),
    "slackDuration": (3 * _MINUTE, 2 * _HOUR, "PT3M to PT2H"),
}
"""Shortest and longest duration in minutes, with a description. Source: the provider's descriptions."""


@dataclass(frozen=True, kw_only=True)
class AlarmArgs:
    """Arguments of an Alarm."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the alarm."""

    topic_id: pulumi.Input[str]
    """OCID of the notification topic that the alarm notifies."""

    title: str
    """Title of the alarm and of its messages."""

    namespace: str
    """Namespace of the metric in OCI Monitoring, e.g. gpu_infrastructure_health."""

    query: str
    """Condition in MQL: metric, interval of 1m to 1d, statistic, and a comparison with a value. Or absent(), grouped
    and with its detection period, e.g. `GpuUtilization[5m].groupBy(resourceId).absent(3d)`."""

    severity: str
    """`CRITICAL`, `ERROR`, `WARNING` or `INFO`."""

    own_metric: bool | None = None
    """Whether the metric is your own, sent with PostMetricData. Its name and dimensions are then not checked. Default:
    no."""

    body: str | None = None
    """Text of the message: the meaning of the alarm, and what to do. Default: none."""

    metric_compartment_id: pulumi.Input[str] | None = None
    """OCID of the compartment of the metric. Default: `compartment_id`."""

    metric_subtree: bool | None = None
    """Whether metrics of all compartments below are included. Only with the tenancy as metric compartment. Default:
    no."""

    pending_duration: str | None = None
    """How long the condition must be true, ISO 8601, PT1M to PT1H. Default: PT1M."""

    repeat_duration: str | None = None
    """Interval at which a firing alarm notifies again, ISO 8601, PT1M to P30D. Default: only once."""

    slack_duration: str | None = None
    """How long to wait for late metrics, ISO 8601, PT3M to PT2H. Default: OCI's own, PT3M."""

    message_format: str | None = None
    """`ONS_OPTIMIZED`, `PRETTY_JSON` or `RAW`. With a stream it is RAW. Default: ONS_OPTIMIZED."""

    stream_id: pulumi.Input[str] | None = None
    """OCID of a stream that is also notified. OCI accepts one topic and one stream. Default: none."""

    per_dimension: bool | None = None
    """Whether each series (each GPU, each node) notifies separately. Default: no."""

    enabled: bool | None = None
    """Whether the alarm is evaluated. Default: yes."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class Alarm(pulumi.ComponentResource):
    """An alarm that notifies a topic."""

    alarm_id: pulumi.Output[str]
    """OCID of the alarm."""

    def __init__(self, name: str, args: AlarmArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(alarm_problems(args, path=name), f"the alarm {name}")
        super().__init__("genai:index:Alarm", name, {}, opts)

        alarm = monitoring.Alarm(
            f"{name}-alarm",
            monitoring.AlarmArgs(
                compartment_id=args.compartment_id,
                metric_compartment_id=args.metric_compartment_id or args.compartment_id,
                metric_compartment_id_in_subtree=bool(args.metric_subtree),
                display_name=args.title,
                namespace=args.namespace,
                query=args.query,
                severity=args.severity,
                body=args.body,
                destinations=[args.topic_id] if args.stream_id is None else [args.topic_id, args.stream_id],
                is_enabled=args.enabled is not False,
                is_notifications_per_metric_dimension_enabled=bool(args.per_dimension),
                message_format=args.message_format or ("ONS_OPTIMIZED" if args.stream_id is None else "RAW"),
                pending_duration=args.pending_duration or "PT1M",
                repeat_notification_duration=args.repeat_duration,
                evaluation_slack_duration=args.slack_duration,
                resolution="1m",  # OCI accepts no other.
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )

        self.alarm_id = alarm.id
        self.register_outputs({"alarmId": self.alarm_id})


def alarm_problems(args: AlarmArgs, *, path: str) -> Iterator[Problem]:
    """All problems of an alarm."""
    own = args.own_metric is True
    yield from query_problems(args.namespace, args.query, own_metric=own, path=path)
    yield from severity_problems(args.severity, path=f"{path}.severity")
    yield from duration_problems("pendingDuration", args.pending_duration, path=path)
    yield from duration_problems("repeatDuration", args.repeat_duration, path=path)
    yield from duration_problems("slackDuration", args.slack_duration, path=path)
    if args.message_format is not None and args.message_format not in MESSAGE_FORMATS:
        yield Problem.not_one_of(f"{path}.messageFormat", args.message_format, MESSAGE_FORMATS)
    elif args.stream_id is not None and args.message_format not in (None, "RAW"):
        yield Problem(
            f"{path}.messageFormat", args.message_format, "must be RAW: a stream accepts no other format"
        )
    where = args.metric_compartment_id or args.compartment_id
    if args.metric_subtree and isinstance(where, str) and not where.startswith("ocid1.tenancy."):
        allowed = "must be left out: only the tenancy can include the metrics of all compartments below it"
        yield Problem(f"{path}.metricSubtree", args.metric_subtree, allowed)


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
