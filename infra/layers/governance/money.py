"""Costs: the daily watch with its alarms, unusual costs, reports, and the events of budgets."""

from collections.abc import Mapping

import pulumi
from pulumi_oci import objectstorage

from components.governance.budget_events import BudgetEvents, BudgetEventsArgs
from components.governance.cost_anomalies import CostAnomalies, CostAnomaliesArgs
from components.governance.cost_report import CostReport, CostReportArgs
from components.identity.cost_grants import report_grants
from components.identity.late_ids import with_ids
from infra.program.context import Context
from infra.program.granting import Grant, write_policy
from infra.program.outputs import NetworkLayer, StorageLayer
from infra.settings import Settings

from .daily_cost import create_daily_watch


def create_money(
    settings: Settings,
    context: Context,
    network: NetworkLayer,
    storage: StorageLayer,
    topics: Mapping[str, pulumi.Output[str]],
) -> None:
    """Creates what the settings watch and report of the compartment's cost."""
    costs, budget = settings.governance.costs, settings.governance.budget
    if costs.daily:
        create_daily_watch(settings, context, network, topics)
    if costs.anomalies:
        found = CostAnomaliesArgs(
            tenancy_id=context.tenancy_id,
            target_compartment_id=context.compartment_id,
            monitor_name=context.name("costs"),
            recipients=costs.anomalies.recipients,
            above_amount=costs.anomalies.above_amount,
            above_percent=costs.anomalies.above_percent,
            tags=context.tags,
        )
        CostAnomalies(context.name("cost-anomalies"), found, context.in_home_region)
    if budget and budget.topic:
        told = BudgetEventsArgs(
            tenancy_id=context.tenancy_id,
            topic_id=topics[budget.topic],
            rule_name=context.name("budget-alerts"),
            tags=context.tags,
        )
        BudgetEvents(context.name("budget-events"), told, context.in_home_region)
    if costs.reports:
        _reports(settings, context, storage)


def _reports(settings: Settings, context: Context, storage: StorageLayer) -> None:
    """The schedules of the reports. They come after the grant to write them."""
    namespace = objectstorage.get_namespace_output(
        compartment_id=context.tenancy_id, opts=pulumi.InvokeOutputOptions(provider=context.regional)
    ).namespace
    for name, report in settings.governance.costs.reports.items():
        bucket = context.name(report.bucket)
        waits: list[pulumi.Resource] = []
        if settings.identity.manage:
            statements = with_ids(
                lambda ids, bucket=bucket: report_grants(ids["compartment"], bucket),
                {"compartment": context.compartment_id},
            )
            grant = Grant(description="OCI writes cost reports", statements=statements, awaited=True)
            waits.append(write_policy(settings, context, f"report-{name}", grant))
        args = CostReportArgs(
            tenancy_id=context.tenancy_id,
            target_compartment_id=context.compartment_id,
            report_name=context.name(name),
            every=report.every,
            first=report.first,
            bucket=storage.bucket_names[report.bucket],
            namespace=namespace,
            region=context.region,
            tags=context.tags,
        )
        options = pulumi.ResourceOptions.merge(
            context.in_home_region, pulumi.ResourceOptions(depends_on=waits)
        )
        CostReport(context.name(f"report-{name}"), args, options)
