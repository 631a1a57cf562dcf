"""A window in which alarms are evaluated and tell nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import monitoring

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .suppression_rules import recurrence, suppression_problems

WHOLE = "compartment"
"""The name of the child that mutes the whole compartment."""


@dataclass(frozen=True, kw_only=True)
class SuppressionWindowArgs:
    """When which alarms are mute. A change of any value replaces the suppression."""

    window_name: str
    """Name of the suppression, for people."""

    starts: str
    """First moment, in UTC: `2026-12-24T18:00:00Z`."""

    ends: str
    """Last moment, in UTC. After it a recurring window does not come back."""

    alarms: Mapping[str, pulumi.Input[str]] | None = None
    """OCIDs of the alarms by a name that you choose, of letters, digits and hyphens. Default: all alarms of
    `compartment_id`."""

    compartment_id: pulumi.Input[str] | None = None
    """OCID of the compartment whose alarms are mute. Only without `alarms`, and then required."""

    description: str | None = None
    """The reason, e.g. the number of a change. Default: none."""

    repeats: str | None = None
    """`DAILY` or `WEEKLY`: the window comes back between `starts` and `ends`. Default: it is one window, from `starts`
    to `ends`."""

    days: Sequence[str] | None = None
    """Days of a weekly window: `MO`, `TU`, `WE`, `TH`, `FR`, `SA`, `SU`. Default: the day of `starts`."""

    at: str | None = None
    """Time of day at which a recurring window begins, in UTC: `22:30`. Default: midnight."""

    duration: str | None = None
    """Length of a recurring window, ISO 8601, PT1M to PT24H. Required if it repeats."""

    dimensions: Mapping[str, str] | None = None
    """Only the series with these dimensions are mute, e.g. one node's `resourceId`. 4,000 characters at most as JSON.
    Default: every series."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class SuppressionWindow(CheckedArgs, pulumi.ComponentResource):
    """A window in which alarms are mute."""

    suppression_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the suppressions by the names of their alarms, or of the one of the compartment."""

    def __init__(
        self, name: str, args: SuppressionWindowArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, path=name), f"the window {name}")
        super().__init__("genai:index:SuppressionWindow", name, {}, opts)

        suppressions = {
            alarm: monitoring.AlarmSuppression(
                f"{name}-{alarm}",
                monitoring.AlarmSuppressionInitArgs(
                    alarm_suppression_target=target,
                    display_name=args.window_name,
                    description=args.description,
                    # OCI's default is DIMENSION, which requires dimensions.
                    level="DIMENSION" if args.dimensions else "ALARM",
                    dimensions=args.dimensions or None,
                    time_suppress_from=args.starts,
                    time_suppress_until=args.ends,
                    suppression_conditions=_conditions(args),
                    freeform_tags=args.tags,
                ),
                opts=child(self),
            )
            for alarm, target in _targets(args).items()
        }
        ids = {alarm: each.id for alarm, each in suppressions.items()}
        self.suppression_ids = pulumi.Output.all(**ids)
        self.register_outputs({"suppressionIds": self.suppression_ids})


def _targets(
    args: SuppressionWindowArgs,
) -> "Mapping[str, monitoring.AlarmSuppressionAlarmSuppressionTargetArgs]":
    """What is mute, by the child's name."""
    if args.alarms is None:
        target = monitoring.AlarmSuppressionAlarmSuppressionTargetArgs(
            target_type="COMPARTMENT", compartment_id=args.compartment_id
        )
        return {WHOLE: target}
    return {
        name: monitoring.AlarmSuppressionAlarmSuppressionTargetArgs(target_type="ALARM", alarm_id=alarm_id)
        for name, alarm_id in args.alarms.items()
    }


def _conditions(
    args: SuppressionWindowArgs,
) -> "list[monitoring.AlarmSuppressionSuppressionConditionArgs] | None":
    if args.repeats is None or args.duration is None:
        return None
    return [
        monitoring.AlarmSuppressionSuppressionConditionArgs(
            condition_type="RECURRENCE",
            suppression_recurrence=recurrence(args),
            suppression_duration=args.duration,
        )
    ]


def _problems(args: SuppressionWindowArgs, *, path: str) -> Iterator[Problem]:
    yield from suppression_problems(args, path=path)
    if (args.alarms is None) == (args.compartment_id is None):
        yield Problem(f"{path}.alarms", None, "must be given, or compartmentId instead")
    if args.alarms is not None and not args.alarms:
        yield Problem(f"{path}.alarms", {}, "must name an alarm: an empty window mutes nothing")
