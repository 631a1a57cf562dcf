"""The permissions of people: the statements for Administrators, Developers and Operators, as narrow as possible.

All statements apply to the environment's compartment. Nobody may write policies or groups there, because that would
allow any grant to anybody. Only the deployer manages identity.
"""

from collections.abc import Mapping, Sequence

from facts.cis import STORAGE_DELETIONS
from facts.policies import All, Any, Condition, Group, Place, Statement, Test

Statements = Mapping[str, Statement]

MANAGED = (
    "alarms",
    "api-gateway-family",
    "auto-scaling-configurations",
    "autonomous-database-family",
    "bastion-family",
    "cluster-family",
    "compute-capacity-reservations",
    "compute-clusters",
    "compute-management-family",
    "database-family",
    "dns",
    "functions-family",
    "health-check-monitor",
    "instance-family",
    "leaf-certificate-family",
    "load-balancers",
    "logging-family",
    "management-dashboard-family",
    "network-load-balancers",
    "ons-family",
    "opensearch-family",
    "postgres-backups",
    "postgres-configurations",
    "postgres-db-systems",
    "postgres-work-requests",
    "redis-family",
    "repos",
    "resource-schedule-family",
    "serviceconnectors",
    "stream-family",
    "virtual-network-family",
    "waf-family",
)
"""The resource types that Administrators fully manage: only types that this toolkit creates."""

MANAGED_EXCEPT: Mapping[str, tuple[str, ...]] = {
    # Irreversible actions, and actions that make data unreadable, are not part of daily administration.
    "object-family": ("RETENTION_RULE_LOCK",),
    "file-family": (),
    "volume-family": (),
    "vaults": ("VAULT_DELETE",),
    "keys": ("KEY_DELETE",),
    "secret-family": ("SECRET_DELETE",),
}
"""The resource types that Administrators manage, except for some permissions."""

DELETIONS: Mapping[str, tuple[str, ...]] = {
    **STORAGE_DELETIONS,
    "object-family": (*STORAGE_DELETIONS["object-family"], "OBJECT_VERSION_DELETE"),
}
"""What deletes stored data, by resource type. Nobody may do it unless the settings say so."""

LUSTRE = "lustre-file-family"
"""Oracle publishes no permissions of it, so that its deletion cannot be left out of `manage`."""

READ_BY_OPERATORS = (
    "audit-events",
    "autonomous-database-family",
    "file-family",
    "load-balancers",
    "log-content",
    "log-groups",
    "lustre-file-family",
    "metrics",
    "opensearch-family",
    "postgres-backups",
    "postgres-configurations",
    "postgres-db-systems",
    "postgres-work-requests",
    "redis-family",
    "repos",
    "vaults",
    "virtual-network-family",
    "volume-family",
)
USED_BY_OPERATORS = (
    "bastion",
    "cluster-node-pools",
    "clusters",
    "instance-pools",
    "ons-topics",
    "resource-schedule",
)
MANAGED_BY_OPERATORS = ("alarms", "bastion-session", "volume-backups")


def administrators_grants(group: Group, compartment_id: str, *, storage_deletion: bool = False) -> Statements:
    """Everything that this toolkit creates in the compartment. Keys and secrets cannot be deleted, and stored data only
    with `storage_deletion`."""
    place = Place.of(compartment_id)
    whole = {f"manage {each}": _grant(group, "manage", each, place) for each in MANAGED}
    most = {
        f"manage {each}": _managed(group, each, place, permissions, storage_deletion=storage_deletion)
        for each, permissions in MANAGED_EXCEPT.items()
    }
    verb = "manage" if storage_deletion else "use"
    most[f"{verb} {LUSTRE}"] = _grant(group, verb, LUSTRE, place)
    rest = {
        "lend keys": _grant(group, "use", "key-delegate", place),
        "read audit-events": _grant(group, "read", "audit-events", place),
        "read metrics": _grant(group, "read", "metrics", place),
        "read policies": _grant(group, "read", "policies", place),
    }
    return {**whole, **most, **rest}


def developers_grants(
    group: Group,
    compartment_id: str,
    *,
    environment: str,
    read: Sequence[str] = (),
    written: Sequence[str] = (),
) -> Statements:
    """A kubeconfig (the cluster's own roles decide what it allows), images of the environment, and everything that
    helps to find the cause of a failure. Objects of the buckets in `read` and `written`, but not their deletion."""
    place = Place.of(compartment_id)
    grants = {
        "use clusters": _grant(group, "use", "clusters", place),
        "read cluster-node-pools": _grant(group, "read", "cluster-node-pools", place),
        "manage repos": _grant(
            group, "manage", "repos", place, Test("target.repo.name", f"/{environment}*/")
        ),
        "inspect repos": _grant(group, "inspect", "repos", place),
        "read buckets": _grant(group, "read", "buckets", place),
        "open sessions": _grant(group, "manage", "bastion-session", place),
        "read bastion": _grant(group, "read", "bastion", place),
        "read metrics": _grant(group, "read", "metrics", place),
        "read alarms": _grant(group, "read", "alarms", place),
        "read log-content": _grant(group, "read", "log-content", place),
        "read log-groups": _grant(group, "read", "log-groups", place),
    }
    if read:
        grants["read objects"] = _grant(group, "read", "objects", place, in_buckets(read))
    if written:
        grants["write objects"] = Statement(
            subject=group,
            permissions=("OBJECT_INSPECT", "OBJECT_READ", "OBJECT_CREATE", "OBJECT_OVERWRITE"),
            place=place,
            where=in_buckets(written),
        )
    return grants


def operators_grants(group: Group, compartment_id: str, *, storage_deletion: bool = False) -> Statements:
    """Read everything except secrets and objects; resize pools, restart instances, manage alarms, back up volumes."""
    place = Place.of(compartment_id)
    return {
        **{f"read {each}": _grant(group, "read", each, place) for each in READ_BY_OPERATORS},
        **{f"use {each}": _grant(group, "use", each, place) for each in USED_BY_OPERATORS},
        **{
            f"manage {each}": _managed(group, each, place, (), storage_deletion=storage_deletion)
            for each in MANAGED_BY_OPERATORS
        },
        "inspect buckets": _grant(group, "inspect", "buckets", place),
        "inspect keys": _grant(group, "inspect", "keys", place),
        "inspect secrets": _grant(group, "inspect", "secrets", place),
        "restart instances": Statement(
            subject=group,
            permissions=("INSTANCE_INSPECT", "INSTANCE_READ", "INSTANCE_POWER_ACTIONS"),
            place=place,
        ),
    }


def tenancy_grants(groups: Mapping[str, Group]) -> Statements:
    """Statements for the whole tenancy: names of compartments, limits, and costs for Administrators."""
    everybody = {
        f"{name} {verb} {resource}": _grant(group, verb, resource, Place())
        for name, group in groups.items()
        for verb, resource in (("inspect", "compartments"), ("read", "resource-availability"))
    }
    costs = {
        f"administrators read {resource}": _grant(groups["administrators"], "read", resource, Place())
        for resource in ("usage-budgets", "usage-reports", "announcements")
    }
    return {**everybody, **costs}


def in_buckets(buckets: Sequence[str]) -> Condition:
    """Limits a statement to these buckets."""
    return Any(tuple(Test("target.bucket.name", bucket) for bucket in buckets))


def _grant(group: Group, verb: str, resource: str, place: Place, where: Condition | None = None) -> Statement:
    return Statement(subject=group, verb=verb, resource=resource, place=place, where=where)


def _managed(
    group: Group, resource: str, place: Place, without: Sequence[str], *, storage_deletion: bool
) -> Statement:
    without = [*without, *(() if storage_deletion else DELETIONS.get(resource, ()))]
    tests = tuple(Test("request.permission", each, "!=") for each in without)
    return _grant(group, "manage", resource, place, All(tests) if tests else None)
