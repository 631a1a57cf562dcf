"""Which logs an environment has: one for each category of each service that it uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.observability.service_logs import ServiceLogArgs
from facts.log_services import log_services
from infra.program.context import Context, Ids
from infra.program.outputs import ClusterLayer, IdentityLayer, Logged, StorageLayer, VaultLayer
from infra.settings import Settings
from infra.settings.logs import Logs
from infra.settings.storage.rules import COPY_SUFFIX

CATEGORIES: Mapping[str, Sequence[str]] = {
    "loadbalancer": ("access", "error"),
    "waf": ("all",),
    "oke-k8s-cp-prod": ("all-service-logs",),
    "filestorage": ("nfslogs",),
    "functions": ("invoke",),
    "oci-cache": ("oci-cache-engine-logs",),
    "postgresql": ("postgresql_database_logs",),
    "keymanagementservice": ("cryptooperations",),
}
"""The categories that are logged, by service. Buckets and connectors are listed by their names."""


@dataclass(frozen=True, kw_only=True)
class LogSources:
    """What writes logs, and what the logs need."""

    logged: Logged
    """What the layers own, by service."""

    storage: StorageLayer
    cluster: ClusterLayer
    vault: VaultLayer
    identity: IdentityLayer
    topics: Logged
    """OCIDs of the topics, by their names in the settings."""

    event_rules: Logged
    """OCIDs of the rules of Events by name."""

    stream_ids: Ids | None
    """OCIDs of the streams by name. None without streaming."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What keeps logs."""

    buckets: Logged
    """Full names of the buckets by name."""

    connectors: Logged
    """OCIDs of the connectors by name."""


def service_logs(
    settings: Settings, wanted: Logs, sources: LogSources, kept: Kept
) -> Mapping[str, ServiceLogArgs]:
    """The logs by name: of each service, each bucket and each connector."""
    found: dict[str, ServiceLogArgs] = {}
    for service, resource in _resources(settings, sources).items():
        if log_services()[service].unverified and not wanted.unverified:
            continue
        for category in CATEGORIES[service]:
            found[f"{service}-{category}"] = ServiceLogArgs(
                service=service, category=category, resource=resource
            )
    for name, bucket in {**sources.storage.bucket_names, **kept.buckets}.items():
        found |= _of_bucket(name, bucket, wanted)
    for name, event_rule in sources.event_rules.items():
        found[f"event-rule-{name}"] = ServiceLogArgs(
            service="cloudevents", category="ruleexecutionlog", resource=event_rule
        )
    for name, connector in kept.connectors.items():
        found[f"connector-{name}"] = ServiceLogArgs(service="och", category="runlog", resource=connector)
    return found


def _resources(settings: Settings, sources: LogSources) -> Logged:
    """What the environment owns. The owner of an existing cluster or vault has its logs: OCI allows only one."""
    vault = sources.vault.vault_id if settings.vault.existing is None else None
    return {
        **sources.logged,
        **({"oke-k8s-cp-prod": sources.cluster.cluster_id} if settings.cluster.existing is None else {}),
        **({"keymanagementservice": vault} if vault is not None else {}),
    }


def copied_bucket_logs(
    settings: Settings, context: Context, wanted: Logs, sources: LogSources
) -> Mapping[str, ServiceLogArgs]:
    """The logs of the copies of buckets, which are in the second region."""
    found: dict[str, ServiceLogArgs] = {}
    for each in settings.storage.buckets:
        if each.replicate:
            name = context.name(f"{each.name}{COPY_SUFFIX}")
            made = sources.storage.bucket_names[each.name].apply(lambda _, copy=name: copy)
            found |= _of_bucket(f"{each.name}{COPY_SUFFIX}", made, wanted)
    return found


def _of_bucket(name: str, full_name: pulumi.Output[str], wanted: Logs) -> Mapping[str, ServiceLogArgs]:
    return {
        f"bucket-{name}-{category}": ServiceLogArgs(
            service="objectstorage", category=category, resource=full_name
        )
        for category in (("write", "read") if wanted.bucket_reads else ("write",))
    }
