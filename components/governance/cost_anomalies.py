"""A monitor of unusual costs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import budget

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .cost_filter import of_compartment
from .money_rules import anomaly_problems, money_name_problems


@dataclass(frozen=True, kw_only=True)
class CostAnomaliesArgs:
    """Arguments of CostAnomalies."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy, where the monitor is. A change replaces it."""

    target_compartment_id: pulumi.Input[str]
    """OCID of the compartment whose cost is watched. A change replaces the monitor."""

    monitor_name: str
    """Name of the monitor: 1 to 100 letters, digits, periods, hyphens and underscores. A change replaces it."""

    recipients: Sequence[str]
    """E-mail addresses that are told of an anomaly, 1 or more."""

    above_amount: int | None = None
    """Smallest difference from the expected cost that is reported, in the tenancy's currency. Default: any."""

    above_percent: int | None = None
    """Smallest difference in percent of the expected cost. With both, both must be exceeded. Default: any."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class CostAnomalies(CheckedArgs, pulumi.ComponentResource):
    """A monitor that learns the usual cost of a compartment and reports what differs, with the subscription of those
    whom it tells. Create it in the home region."""

    monitor_id: pulumi.Output[str]
    """OCID of the monitor."""

    def __init__(
        self, name: str, args: CostAnomaliesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, path=name), f"the anomaly monitor {name}")
        super().__init__("genai:index:CostAnomalies", name, {}, opts)
        told = budget.CostAlertSubscription(
            f"{name}-subscription",
            budget.CostAlertSubscriptionArgs(
                compartment_id=args.tenancy_id,
                name=args.monitor_name,
                description="Who is told of unusual costs",
                channels=json.dumps({"email": ", ".join(args.recipients)}),
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        monitor = budget.CostAnomalyMonitor(
            f"{name}-monitor",
            budget.CostAnomalyMonitorArgs(
                compartment_id=args.tenancy_id,
                name=args.monitor_name,
                description="Unusual costs of one compartment",
                target_resource_filter=of_compartment(args.target_compartment_id),
                cost_alert_subscription_map=budget.CostAnomalyMonitorCostAlertSubscriptionMapArgs(
                    cost_alert_subscription_id=told.id,
                    operator="AND",
                    threshold_absolute_value=args.above_amount,
                    threshold_relative_percent=args.above_percent,
                ),
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        self.monitor_id = monitor.id
        self.register_outputs({"monitorId": self.monitor_id})


def _problems(args: CostAnomaliesArgs, *, path: str) -> Iterator[Problem]:
    yield from money_name_problems(args.monitor_name, path=f"{path}.monitorName")
    yield from anomaly_problems(args, path=path)
