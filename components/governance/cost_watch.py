"""The daily watch of costs: a function that publishes yesterday's cost as a metric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.scheduled_functions import (
    function_application,
    invoking_schedule,
    own_function,
)
from facts.checked_args import CheckedArgs
from facts.problem import refuse

from .money_rules import watch_problems

NAMESPACE, METRIC = "genai_cost", "DailyCost"
"""The metric in OCI Monitoring. Its dimension is `environment`."""


@dataclass(frozen=True, kw_only=True)
class CostWatchArgs:
    """Arguments of a CostWatch."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy, which the questions about costs name."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment whose cost is published. The function, the schedule and the metric are in it too."""

    home_region: str
    """The tenancy's home region, e.g. `us-ashburn-1`: OCI answers questions about costs there."""

    environment: str
    """Value of the metric's dimension `environment`."""

    subnet_id: pulumi.Input[str]
    """OCID of the function's regional subnet. It needs a way to Oracle's services, in the home region too. A change
    replaces the function."""

    most_per_day: int
    """Cost of a day above which an alarm fires, in the tenancy's currency: 1 or more. The alarm itself is not part of
    the component: `alarm_query` is its condition."""

    times: str
    """When the cost of the day before is read: a cron expression of five fields in UTC, once a day. OCI knows a day's
    cost with a delay of up to a day."""

    image: str
    """Image of the function in the region's own registry, with a tag. Build it from
    components/governance/daily_cost."""

    image_digest: str
    """Digest of the image: `sha256:` and 64 hexadecimal digits."""

    nsg_ids: Sequence[pulumi.Input[str]] | None = None
    """OCIDs of the function's security groups. They must allow HTTPS to Oracle's services. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class CostWatch(CheckedArgs, pulumi.ComponentResource):
    """A function that publishes what a compartment cost yesterday, and the schedule that invokes it. The grants are not
    part of the component: the function reads usage reports and writes metrics, and the schedule may invoke it."""

    function_id: pulumi.Output[str]
    """OCID of the function."""

    schedule_id: pulumi.Output[str]
    """OCID of the schedule."""

    alarm_query: pulumi.Output[str]
    """Condition of the alarm, in MQL: a day cost more than `most_per_day`."""

    absence_query: pulumi.Output[str]
    """Condition of the alarm that no cost was published for two days."""

    def __init__(self, name: str, args: CostWatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(watch_problems(args, path=name), f"the cost watch {name}")
        super().__init__("genai:index:CostWatch", name, {}, opts)
        application = function_application(self, name, args)
        config = {
            "TENANCY": args.tenancy_id,
            "COMPARTMENT": args.compartment_id,
            "HOME_REGION": args.home_region,
            "NAMESPACE": NAMESPACE,
            "METRIC": METRIC,
            "ENVIRONMENT": args.environment,
        }
        function = own_function(application, f"{name}-publish", args, config, self)
        schedule = invoking_schedule(
            function,
            f"{name}-publish",
            args,
            description="Invokes the function that publishes yesterday's cost",
            times=args.times,
            parent=self,
        )
        self.function_id = function.id
        self.schedule_id = schedule.id
        self.alarm_query = pulumi.Output.from_input(above_query(args.most_per_day))
        self.absence_query = pulumi.Output.from_input(ABSENCE_QUERY)
        self.register_outputs(
            {
                "functionId": self.function_id,
                "scheduleId": self.schedule_id,
                "alarmQuery": self.alarm_query,
                "absenceQuery": self.absence_query,
            }
        )


ABSENCE_QUERY = f"{METRIC}[1d].groupBy(environment).absent(2d)"
"""No cost was published for two days."""


def above_query(most_per_day: int) -> str:
    """A day cost more than an amount."""
    return f"{METRIC}[1d].max() > {most_per_day}"
