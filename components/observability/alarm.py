"""An alarm on a metric of OCI Monitoring."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import monitoring

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .alarm_rules import alarm_problems

MESSAGE_FORMATS = ("ONS_OPTIMIZED", "PRETTY_JSON", "RAW")


@dataclass(frozen=True, kw_only=True)
class AlarmOverrideArgs:
    """Other values of an alarm under a stricter condition. OCI evaluates the overrides in order, then the alarm's own
    values."""

    rule_name: str
    """Name of the rule, unique in the alarm. Not `BASE`, which is the alarm's own."""

    query: str | None = None
    """Condition in MQL on the same metric. Default: the alarm's."""

    severity: str | None = None
    """`CRITICAL`, `ERROR`, `WARNING` or `INFO`. Default: the alarm's."""

    body: str | None = None
    """Text of the message. Default: the alarm's."""

    pending_duration: str | None = None
    """How long the condition must be true, ISO 8601, PT1M to PT1H. Default: the alarm's."""


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

    overrides: Sequence[AlarmOverrideArgs] | None = None
    """Other values under stricter conditions, evaluated in order before the alarm's own. Default: none."""

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


class Alarm(CheckedArgs, pulumi.ComponentResource):
    """An alarm that notifies a topic."""

    alarm_id: pulumi.Output[str]
    """OCID of the alarm."""

    def __init__(self, name: str, args: AlarmArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, path=name), f"the alarm {name}")
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
                overrides=[_override(each) for each in args.overrides or ()] or None,
                resolution="1m",  # OCI accepts no other.
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )

        self.alarm_id = alarm.id
        self.register_outputs({"alarmId": self.alarm_id})


def _override(override: AlarmOverrideArgs) -> "monitoring.AlarmOverrideArgs":
    return monitoring.AlarmOverrideArgs(
        rule_name=override.rule_name,
        query=override.query,
        severity=override.severity,
        body=override.body,
        pending_duration=override.pending_duration,
    )


def _problems(args: AlarmArgs, *, path: str) -> Iterator[Problem]:
    """All problems of an alarm, with those of what only the component has."""
    yield from alarm_problems(args, path=path)
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
