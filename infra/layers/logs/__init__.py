"""Logs: the log group, what the services write into it, and where the logs are kept."""

from collections.abc import Mapping

import pulumi

from components.observability.container_logs import ContainerLogs, ContainerLogsArgs
from components.observability.log_group import LogGroup, LogGroupArgs
from components.observability.service_logs import ServiceLogArgs, ServiceLogs, ServiceLogsArgs
from infra.program.context import Context
from infra.settings import Settings
from infra.settings.logs import FLOW_LOGS, Logs

from .keeping import keep
from .sources import LogSources as LogSources
from .sources import copied_bucket_logs, service_logs

NOUN = "logs"
_FLOW_GROUP = "genai:index:FlowLogs"


def create_log_group(settings: Settings, context: Context) -> pulumi.Output[str] | None:
    """Creates the environment's log group, if the settings have logs. Flow logs go into it too.

    Flow logs had a group of their own. It becomes this one, with its entries.
    """
    if settings.observability.logs is None:
        return None
    args = LogGroupArgs(
        compartment_id=context.compartment_id,
        group_name=context.name(NOUN),
        description="Logs of the environment",
        protect=context.protect,
        tags=context.tags,
    )
    former = context.name(FLOW_LOGS)

    def keep_entries(
        each: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        if each.type_ != "oci:Logging/logGroup:LogGroup":
            return None
        alias = pulumi.Alias(name=f"{former}-group", parent=pulumi.create_urn(former, _FLOW_GROUP))
        more = pulumi.ResourceOptions(aliases=[alias])
        return pulumi.ResourceTransformationResult(each.props, pulumi.ResourceOptions.merge(each.opts, more))

    options = pulumi.ResourceOptions.merge(
        context.in_region, pulumi.ResourceOptions(transformations=[keep_entries])
    )
    return LogGroup(context.name(NOUN), args, options).log_group_id


def create_logs(
    settings: Settings,
    context: Context,
    group_id: pulumi.Output[str] | None,
    sources: LogSources,
) -> None:
    """Creates the logs of every service that the environment has, and what keeps them longer."""
    wanted = settings.observability.logs
    if wanted is None or group_id is None:
        return
    kept = keep(settings, context, group_id, sources)
    logs = service_logs(settings, wanted, sources, kept)
    _service_logs(context, context.name("service-logs"), wanted, group_id, logs, options=context.in_region)
    _copied_buckets(settings, context, wanted, sources)
    _containers(context, wanted, group_id, sources)


def _service_logs(
    context: Context,
    name: str,
    wanted: Logs,
    group_id: pulumi.Output[str],
    logs: Mapping[str, ServiceLogArgs],
    *,
    options: pulumi.ResourceOptions,
) -> None:
    if not logs:
        return
    args = ServiceLogsArgs(
        log_group_id=group_id,
        logs=logs,
        retention_days=wanted.retention_days,
        protect=context.protect,
        tags=context.tags,
    )
    ServiceLogs(name, args, options)


def _copied_buckets(settings: Settings, context: Context, wanted: Logs, sources: LogSources) -> None:
    """A log is in the region of its bucket, so copies have a group of their own there."""
    logs = copied_bucket_logs(settings, context, wanted, sources)
    if not logs:
        return
    name = context.name("copy-logs")
    there, options = context.in_second_region(name)
    args = LogGroupArgs(
        compartment_id=context.compartment_id,
        group_name=name,
        description="Logs of the copies of buckets",
        protect=context.protect,
        tags=context.tags,
    )
    group = LogGroup(there, args, options)
    _service_logs(context, there, wanted, group.log_group_id, logs, options=options)


def _containers(context: Context, wanted: Logs, group_id: pulumi.Output[str], sources: LogSources) -> None:
    containers, own = wanted.containers, sources.identity.principal_ids
    if containers is None:
        return
    group = containers.dynamic_group_id or (own["nodes"] if own else "")
    args = ContainerLogsArgs(
        compartment_id=context.compartment_id,
        log_group_id=group_id,
        dynamic_group_ids=[group],
        paths=containers.paths,
        retention_days=containers.retention_days or wanted.retention_days,
        protect=context.protect,
        tags=context.tags,
    )
    waits = pulumi.ResourceOptions(depends_on=sources.identity.ready)
    options = pulumi.ResourceOptions.merge(context.in_region, waits)
    ContainerLogs(context.name("container-logs"), args, options)
