"""Flow logs of a VCN: its connections, and the connections that the security groups refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import core, logging

from components.options import child, stateful
from facts.checked_args import CheckedArgs
from facts.load_balancing import FLOW_LOG_KINDS, MOST_SAMPLED
from facts.log_services import CIS_DAYS, log_days_problems
from facts.problem import Problem, refuse


@dataclass(frozen=True, kw_only=True)
class FlowLogsArgs:
    """Arguments of a FlowLogs."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the filter, the log group and the log."""

    vcn_id: pulumi.Input[str]
    """OCID of the VCN whose subnets are logged, including future subnets. A change replaces the log."""

    log_group_id: pulumi.Input[str] | None = None
    """OCID of the log group. Default: the component creates its own."""

    retention_days: int | None = None
    """Days for which the log is kept: 30, 60, 90, 120, 150 or 180. Default: 90, which CIS asks for at least."""

    sample_one_in: int | None = None
    """One of this many flows is logged, 1 to 100,000. 1 logs all flows. Default: 1."""

    kind: str | None = None
    """`ALL`, `ACCEPT` or `REJECT` (flows that the security groups refused). Default: ALL."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the log group, and keeps it when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class FlowLogs(CheckedArgs, pulumi.ComponentResource):
    """A capture filter and one log for the whole VCN, in a log group."""

    log_group_id: pulumi.Output[str]
    """OCID of the log group."""

    log_id: pulumi.Output[str]
    """OCID of the log."""

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(flow_log_problems(args, path=name), f"the flow logs {name}")
        super().__init__("genai:index:FlowLogs", name, {}, opts)

        flows = core.CaptureFilter(f"{name}-filter", _filter(name, args), opts=child(self))
        group_id = self._own_group(name, args) if args.log_group_id is None else args.log_group_id
        log = logging.Log(
            f"{name}-log",
            logging.LogArgs(
                log_group_id=group_id,
                display_name=name,
                log_type="SERVICE",
                is_enabled=True,
                retention_duration=args.retention_days or CIS_DAYS,
                configuration=_source(args, flows.id),
                freeform_tags=args.tags,
            ),
            # A replaced VCN or compartment replaces the log, and the group has no second log of one name.
            opts=stateful(self, args.protect, pulumi.ResourceOptions(delete_before_replace=True)),
        )

        self.log_group_id = pulumi.Output.from_input(group_id)
        self.log_id = log.id
        self.register_outputs({"logGroupId": self.log_group_id, "logId": self.log_id})

    def _own_group(self, name: str, args: FlowLogsArgs) -> pulumi.Output[str]:
        group = logging.LogGroup(
            f"{name}-group",
            logging.LogGroupArgs(
                compartment_id=args.compartment_id,
                display_name=name,
                description="Flow logs of the VCN",
                freeform_tags=args.tags,
            ),
            opts=stateful(self, args.protect),
        )
        return group.id


def _filter(name: str, args: FlowLogsArgs) -> "core.CaptureFilterArgs":
    rule = core.CaptureFilterFlowLogCaptureFilterRuleArgs(
        is_enabled=True,
        priority=0,
        rule_action="INCLUDE",
        sampling_rate=args.sample_one_in or 1,
        flow_log_type=args.kind or "ALL",
    )
    return core.CaptureFilterArgs(
        compartment_id=args.compartment_id,
        display_name=name,
        filter_type="FLOWLOG",
        flow_log_capture_filter_rules=[rule],
        freeform_tags=args.tags,
    )


def _source(args: FlowLogsArgs, filter_id: pulumi.Input[str]) -> "logging.LogConfigurationArgs":
    return logging.LogConfigurationArgs(
        compartment_id=args.compartment_id,
        source=logging.LogConfigurationSourceArgs(
            source_type="OCISERVICE",
            service="flowlogs",
            category="vcn",
            resource=args.vcn_id,
            parameters={"capture_filter": filter_id},
        ),
    )


class FlowLogChoices(Protocol):
    """The plain values of flow logs, which the component's args and the settings both have."""

    @property
    def retention_days(self) -> int | None: ...
    @property
    def sample_one_in(self) -> int | None: ...
    @property
    def kind(self) -> str | None: ...


def flow_log_problems(logs: FlowLogChoices, *, path: str) -> Iterator[Problem]:
    """Days, rates and kinds that OCI does not support. Settings and component use the same messages."""
    retention_days, sample_one_in, kind = logs.retention_days, logs.sample_one_in, logs.kind
    yield from log_days_problems(retention_days, path=f"{path}.retentionDays")
    if sample_one_in is not None and not 1 <= sample_one_in <= MOST_SAMPLED:
        yield Problem(f"{path}.sampleOneIn", sample_one_in, f"must be 1 to {MOST_SAMPLED}")
    if kind is not None and kind not in FLOW_LOG_KINDS:
        yield Problem.not_one_of(f"{path}.kind", kind, FLOW_LOG_KINDS)
