"""What keeps logs for longer than Logging does: buckets, and the connectors that fill them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi

from components.identity.connector_grants import connector_grants
from components.identity.late_ids import with_ids
from components.observability.audit_retention import AuditRetention, AuditRetentionArgs
from components.observability.connector import TARGETS, Connector, ConnectorArgs
from components.storage.bucket import Bucket, BucketArgs
from components.storage.lifecycle import LifecycleRuleArgs
from infra.program.context import Context
from infra.program.granting import Grant, write_policy
from infra.settings import Settings
from infra.settings.logs import AUDIT_ARCHIVE, LOG_ARCHIVE, TENANCY_AUDIT, AuditSettings, Logs

from .sources import Kept, LogSources

_OLDER_DAYS = 30
"""Days for which the log bucket keeps what somebody overwrote or deleted."""


@dataclass(frozen=True, kw_only=True)
class _Way:
    """One connector: its source, and its target."""

    source: str
    target: str
    target_id: pulumi.Input[str]
    namespaces: tuple[str, ...] = ()


def keep(settings: Settings, context: Context, group_id: pulumi.Output[str], sources: LogSources) -> Kept:
    """Creates the buckets, the grants, and the connectors, which wait for both."""
    wanted = settings.observability.logs or Logs()
    buckets = {name: _bucket(context, wanted, name, sources) for name in wanted.archives}
    if wanted.audit:
        args = AuditRetentionArgs(tenancy_id=context.tenancy_id, retention_days=wanted.audit.retention_days)
        AuditRetention(context.name("audit-retention"), args, context.in_home_region)
    ways = {**_own_ways(buckets), **_ways(wanted, sources)}
    ready = _grants(settings, context, ways)
    made = {
        name: Connector(
            context.name(f"{name}-connector"),
            _args(context, way, group_id, sources.storage.namespace),
            pulumi.ResourceOptions.merge(context.in_region, pulumi.ResourceOptions(depends_on=ready)),
        ).connector_id
        for name, way in ways.items()
    }
    return Kept(buckets=buckets, connectors=made)


def _bucket(context: Context, wanted: Logs, name: str, sources: LogSources) -> pulumi.Output[str]:
    """A bucket of logs has versions. One of audit events has a retention rule, which OCI does not allow with them."""
    audit = wanted.audit if name == AUDIT_ARCHIVE else None
    args = BucketArgs(
        compartment_id=context.compartment_id,
        namespace=sources.storage.namespace or "",
        bucket_name=context.name(name),
        versioning=None if audit else "Enabled",
        kms_key_id=sources.vault.key_ids.get("storage"),
        lifecycle=_aging(wanted.keep_days, audit),
        retention_years=audit.keep_years if audit else None,
        retention_lock_time=audit.lock_time if audit else None,
        protect=context.protect,
        tags=context.tags,
    )
    waits = pulumi.ResourceOptions(depends_on=sources.vault.ready)
    options = pulumi.ResourceOptions.merge(context.in_region, waits)
    return Bucket(context.name(name), args, options).bucket_name


def _aging(keep_days: int | None, audit: AuditSettings | None) -> Mapping[str, LifecycleRuleArgs]:
    if audit:
        return {"archive": LifecycleRuleArgs(action="ARCHIVE", days=audit.archive_days)}
    older = LifecycleRuleArgs(action="DELETE", target="previous-object-versions", days=_OLDER_DAYS)
    return {
        "delete": LifecycleRuleArgs(action="DELETE", days=keep_days or 0),
        "delete-older-versions": older,
    }


def _own_ways(buckets: Mapping[str, pulumi.Output[str]]) -> Mapping[str, _Way]:
    from_what = {LOG_ARCHIVE: "logs", AUDIT_ARCHIVE: TENANCY_AUDIT}
    return {
        name: _Way(source=from_what[name], target="bucket", target_id=bucket)
        for name, bucket in buckets.items()
    }


def _ways(wanted: Logs, sources: LogSources) -> Mapping[str, _Way]:
    return {
        name: _Way(
            source=each.source,
            target=each.target,
            target_id=_target(each.target, each.to, sources),
            namespaces=each.namespaces,
        )
        for name, each in wanted.connectors.items()
    }


def _target(target: str, to: str, sources: LogSources) -> pulumi.Input[str]:
    streams = sources.stream_ids
    if target == "bucket":
        return sources.storage.bucket_names[to]
    if target == "topic":
        return sources.topics[to]
    return streams[to] if target == "stream" and streams else to


def _args(
    context: Context, way: _Way, group_id: pulumi.Output[str], namespace: pulumi.Output[str] | None
) -> ConnectorArgs:
    whole = way.source == TENANCY_AUDIT
    return ConnectorArgs(
        compartment_id=context.compartment_id,
        source=way.source,
        source_compartment_id=context.tenancy_id if whole else context.compartment_id,
        target=way.target,
        target_id=way.target_id,
        log_group_id=group_id if way.source == "logs" else None,
        namespaces=way.namespaces or None,
        bucket_namespace=namespace if way.target == "bucket" else None,
        tags=context.tags,
    )


def _grants(settings: Settings, context: Context, ways: Mapping[str, _Way]) -> list[pulumi.Resource]:
    """What the connectors may write, each to its own target."""
    if not settings.identity.manage or not ways:
        return []
    statements = dict(each for name, way in ways.items() for each in _statements(context, name, way))
    grant = Grant(
        description="What connectors need to write to their targets",
        statements=statements,
        awaited=True,
    )
    return [write_policy(settings, context, "connectors", grant)]


def _statements(context: Context, name: str, way: _Way) -> Iterator[tuple[str, pulumi.Input[str]]]:
    kind, own = TARGETS[way.target], context.compartment_id
    ids = {"target": way.target_id, "compartment": own}
    found = with_ids(
        lambda known: connector_grants(kind, known["target"], known["compartment"], known["compartment"]), ids
    )
    # All topics and functions share one statement, because it cannot name one of them.
    prefix = name if way.target in ("bucket", "stream") else way.target
    yield from ((f"{prefix}: {key}", text) for key, text in found.items())
