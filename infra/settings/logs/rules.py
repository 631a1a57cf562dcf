"""Rules for the logs, and for what they need of other sections."""

from collections.abc import Iterator

from components.observability.audit_retention import audit_retention_problems
from components.observability.connector import connector_problems
from components.observability.container_logs import container_log_problems
from components.storage.retention import LONGEST_YEARS, retention_problems
from facts.log_services import log_days_problems
from facts.ocids import parse_ocid
from facts.problem import Problem, moved
from infra.settings.database import Database
from infra.settings.governance import MANAGES_TENANCY, Governance
from infra.settings.health_checks import health_check_setting_problems, public_edge_problems
from infra.settings.identity import Identity
from infra.settings.logs import TENANCY_AUDIT, AuditSettings, ConnectorSettings, Logs
from infra.settings.network import Network
from infra.settings.observability import Observability
from infra.settings.storage import Storage

PATH = "observability.logs"
CHECKS = "observability.healthChecks"


def log_problems(observability: Observability) -> Iterator[Problem]:
    """Days, ends of connectors and files that OCI does not accept."""
    yield from health_check_setting_problems(observability.health_checks, path=CHECKS)
    logs = observability.logs
    if logs is None:
        return
    yield from log_days_problems(logs.retention_days, path=f"{PATH}.retentionDays")
    if logs.keep_days is not None and logs.keep_days <= logs.retention_days:
        allowed = f"must be more than retentionDays, {logs.retention_days}: Logging keeps them as long"
        yield Problem(f"{PATH}.keepDays", logs.keep_days, allowed)
    elif logs.keep_days is not None and logs.keep_days > LONGEST_YEARS * 365:
        allowed = f"must be {LONGEST_YEARS * 365:,} or less"
        yield Problem(f"{PATH}.keepDays", logs.keep_days, allowed, "This is the toolkit's own limit")
    if logs.containers:
        yield from container_log_problems(logs.containers, path=f"{PATH}.containers")
    if logs.audit:
        yield from _audit_problems(logs.audit, f"{PATH}.audit")
    for name, each in logs.connectors.items():
        at = f"{PATH}.connectors.{name}"
        yield from connector_problems(each, path=at)
        if name in logs.archives:
            yield Problem(at, name, "must have another name: the toolkit's own connector has it")


def _audit_problems(audit: AuditSettings, path: str) -> Iterator[Problem]:
    yield from audit_retention_problems(audit, path=path)
    found = retention_problems(None, audit.keep_years, audit.lock_time, versioned=False, path=path)
    for problem in moved(found, f"{path}.retentionYears", f"{path}.keepYears"):
        yield from moved([problem], f"{path}.retentionLockTime", f"{path}.lockTime")
    if not 1 <= audit.archive_days <= LONGEST_YEARS * 365:
        allowed = (
            "must be 1 or more" if audit.archive_days < 1 else f"must be {LONGEST_YEARS * 365:,} or less"
        )
        yield Problem(f"{path}.archiveDays", audit.archive_days, allowed)


def tenancy_log_problems(observability: Observability, governance: Governance) -> Iterator[Problem]:
    """Audit events of the tenancy in a stack that does not manage it: each such stack would keep all of them again."""
    logs = observability.logs
    if logs is None or governance.manages_tenancy:
        return
    allowed = f"must be left out: {MANAGES_TENANCY} is false, and one stack keeps the tenancy's events"
    if logs.audit:
        yield Problem(f"{PATH}.audit", f"{logs.audit.keep_years} years", allowed)
    for name, each in logs.connectors.items():
        if each.source == TENANCY_AUDIT:
            yield Problem(f"{PATH}.connectors.{name}.source", each.source, allowed)


def connector_target_problems(
    observability: Observability, storage: Storage, database: Database
) -> Iterator[Problem]:
    """Connectors to what the stack does not have, and two that move the same to one place."""
    logs = observability.logs
    if logs:
        yield from _doubled_problems(logs)
    streams = database.streaming.streams if database.streaming else {}
    known = {
        "bucket": ("a bucket in storage.buckets", [each.name for each in storage.buckets]),
        "topic": ("a topic in observability.topics", [each.name for each in observability.topics]),
        "stream": ("a stream in database.streaming.streams", [*streams]),
    }
    for name, each in (logs.connectors if logs else {}).items():
        at = f"{PATH}.connectors.{name}.to"
        if each.target == "function":
            yield from _function_problems(each, at)
        elif each.target in known:
            what, names = known[each.target]
            if each.to not in names:
                yield Problem.not_one_of(at, each.to, names, f"must be the name of {what}")


def _doubled_problems(logs: Logs) -> Iterator[Problem]:
    """Connectors that move the same to one place, where each entry would arrive twice."""
    seen: dict[tuple[str, str, str], str] = {}
    for name, each in logs.connectors.items():
        if each.source == "metrics":
            continue
        first = seen.setdefault((each.source, each.target, each.to), name)
        if first != name:
            allowed = f"must not do what connectors.{first} does: each entry would arrive twice"
            yield Problem(f"{PATH}.connectors.{name}", each.to, allowed, "Remove one of the two")


def _function_problems(wanted: ConnectorSettings, path: str) -> Iterator[Problem]:
    found = parse_ocid(wanted.to)
    if found is None or found.resource_type != "fnfunc":
        yield Problem(path, wanted.to, "must be the OCID of a function")


def archive_name_problems(observability: Observability, storage: Storage) -> Iterator[Problem]:
    """Buckets with the names of those that keep logs."""
    archives = observability.logs.archives if observability.logs else ()
    for index, bucket in enumerate(storage.buckets):
        if bucket.name in archives:
            allowed = "must have another name: a bucket of observability.logs has it"
            yield Problem(f"storage.buckets[{index}].name", bucket.name, allowed)


def node_group_problems(observability: Observability, identity: Identity) -> Iterator[Problem]:
    """Logs of containers without a dynamic group of the nodes, or with two."""
    containers = observability.logs.containers if observability.logs else None
    if containers is None:
        return
    at, given = f"{PATH}.containers.dynamicGroupId", containers.dynamic_group_id
    if not identity.manage and given is None:
        yield Problem(at, None, "must be set: the program creates no groups (identity.manage is false)")
    if identity.manage and given is not None:
        yield Problem(at, given, "must be left out: the program creates the nodes' group")


def check_edge_problems(observability: Observability, network: Network) -> Iterator[Problem]:
    """Health checks without a public edge."""
    yield from public_edge_problems(observability.health_checks, network, path=CHECKS)
