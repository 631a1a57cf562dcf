"""A report of costs that OCI writes to a bucket again and again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import meteringcomputation

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .cost_filter import of_compartment
from .money_rules import money_name_problems, report_problems

_RANGES: Mapping[str, str] = {
    "DAILY": "LAST_7_DAYS",
    "WEEKLY": "LAST_CALENDAR_WEEK",
    "MONTHLY": "LAST_CALENDAR_MONTH",
}
"""The days that a report covers. Daily costs arrive late, so a daily report has the last seven days."""


@dataclass(frozen=True, kw_only=True)
class CostReportArgs:
    """Arguments of a CostReport."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy, where OCI keeps schedules of reports. A change replaces the schedule."""

    target_compartment_id: pulumi.Input[str]
    """OCID of the compartment whose cost is reported. A change replaces the schedule."""

    report_name: str
    """Name of the schedule: 1 to 100 letters, digits, periods, hyphens and underscores. A change replaces it."""

    every: str
    """`DAILY` (the last seven days), `WEEKLY` or `MONTHLY` (the last calendar week or month). A change replaces the
    schedule."""

    first: str
    """Time of the first report in UTC, e.g. `2026-12-01T06:00:00Z`. A change replaces the schedule."""

    bucket: pulumi.Input[str]
    """Name of the bucket. OCI's service `metering_overlay` must be allowed to write to it."""

    namespace: pulumi.Input[str]
    """Object Storage namespace of the bucket."""

    region: str
    """Region of the bucket."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class CostReport(CheckedArgs, pulumi.ComponentResource):
    """A scheduled report of the cost by service and product, as CSV in a bucket. Create it in the home region."""

    schedule_id: pulumi.Output[str]
    """OCID of the schedule."""

    def __init__(self, name: str, args: CostReportArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, path=name), f"the cost report {name}")
        super().__init__("genai:index:CostReport", name, {}, opts)
        schedule = meteringcomputation.Schedule(
            f"{name}-schedule",
            meteringcomputation.ScheduleArgs(
                compartment_id=args.tenancy_id,
                name=args.report_name,
                description=f"Costs by service and product, {args.every.lower()}",
                output_file_format="CSV",
                schedule_recurrences=args.every,
                time_scheduled=args.first,
                query_properties=_query(args),
                result_location=meteringcomputation.ScheduleResultLocationArgs(
                    location_type="OBJECT_STORAGE",
                    region=args.region,
                    namespace=args.namespace,
                    bucket=args.bucket,
                ),
                freeform_tags=args.tags,
            ),
            opts=child(self, pulumi.ResourceOptions(delete_before_replace=True)),
        )
        self.schedule_id = schedule.id
        self.register_outputs({"scheduleId": self.schedule_id})


def _query(args: CostReportArgs) -> "meteringcomputation.ScheduleQueryPropertiesArgs":
    return meteringcomputation.ScheduleQueryPropertiesArgs(
        granularity="MONTHLY" if args.every == "MONTHLY" else "DAILY",
        query_type="COST",
        group_bies=["service", "skuName"],
        is_aggregate_by_time=False,
        filter=of_compartment(args.target_compartment_id),
        date_range=meteringcomputation.ScheduleQueryPropertiesDateRangeArgs(
            date_range_type="DYNAMIC", dynamic_date_range_type=_RANGES[args.every]
        ),
    )


def _problems(args: CostReportArgs, *, path: str) -> Iterator[Problem]:
    yield from money_name_problems(args.report_name, path=f"{path}.reportName")
    yield from report_problems(args, path=path)
