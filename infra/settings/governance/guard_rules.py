"""Rules for what the stack that manages the tenancy creates in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.governance.change_notices import notice_problems
from components.governance.cloud_guard import cloud_guard_problems
from components.governance.security_zone import security_zone_problems
from components.governance.vulnerability_scanning import scanning_problems
from facts.problem import Problem, moved
from facts.security_zones import CIS_POLICIES, POLICIES
from infra.settings.governance import MANAGES_TENANCY, Governance
from infra.settings.observability import Observability
from infra.settings.tenancy import Tenancy, same_realm_problems
from infra.settings.values.ocid import ocid_problems
from infra.settings.vault import Vault

from .guard import CloudGuardSettings

ROOT = "tenancy"
"""Name of the target of Cloud Guard on the tenancy's root compartment."""

NOTICE_SEVERITY = "WARNING"
"""The severity whose topic gets the notices."""

GUARD, ZONE, SCANS, NOTICES = (
    f"governance.{key}" for key in ("cloudGuard", "securityZone", "scanning", "notices")
)


@dataclass(frozen=True, kw_only=True)
class GuardPlan:
    """What the settings of Cloud Guard mean."""

    targets: Mapping[str, str]
    reporting_region: str | None
    enabled_elsewhere: bool


def guard_plan(wanted: CloudGuardSettings, tenancy: Tenancy) -> GuardPlan:
    """The targets with the tenancy's, and the region that is used."""
    home = None if wanted.enabled_elsewhere else tenancy.identity_region
    return GuardPlan(
        targets={ROOT: tenancy.tenancy_id, **wanted.compartments},
        reporting_region=wanted.reporting_region or home,
        enabled_elsewhere=wanted.enabled_elsewhere,
    )


def manager_problems(governance: Governance) -> Iterator[Problem]:
    """Keys that only the stack that manages the tenancy may have."""
    for key in governance.of_the_tenancy:
        if not governance.manages_tenancy:
            allowed = f"must be set by the stack that manages the tenancy, which sets {MANAGES_TENANCY}"
            yield Problem(f"governance.{key}", "set", allowed, "Remove it, or set both in one stack")


def cloud_guard_setting_problems(tenancy: Tenancy, governance: Governance) -> Iterator[Problem]:
    """An invalid region, and targets with invalid names or OCIDs, or twice."""
    wanted = governance.cloud_guard
    if wanted is None:
        return
    found = cloud_guard_problems(guard_plan(wanted, tenancy), path=GUARD)
    yield from moved(found, f"{GUARD}.targets", f"{GUARD}.compartments")
    yield from same_realm_problems(wanted.reporting_region, tenancy.region, f"{GUARD}.reportingRegion")
    seen = {tenancy.tenancy_id: "the tenancy"}
    for name, compartment in wanted.compartments.items():
        path = f"{GUARD}.compartments.{name}"
        yield from ocid_problems(compartment, "compartment", "tenancy", path=path)
        if name == ROOT:
            yield Problem(path, name, "must have another name: the tenancy's own target has this name")
        elif compartment in seen:
            allowed = f"must have a target of its own; {seen[compartment]} has the one of this compartment"
            yield Problem(path, compartment, allowed, "Remove one of the two")
        seen.setdefault(compartment, path)


def zone_setting_problems(tenancy: Tenancy, vault: Vault, governance: Governance) -> Iterator[Problem]:
    """A zone without Cloud Guard, over the whole tenancy, or without the keys that its policies want."""
    wanted = governance.security_zone
    if wanted is None:
        return
    if governance.cloud_guard is None:
        yield Problem(ZONE, "set", f"must not be set without {GUARD}: security zones need Cloud Guard")
    elif tenancy.compartment_id in governance.cloud_guard.compartments.values():
        allowed = "must not be set with a target of the same compartment: the zone replaces the target"
        yield Problem(ZONE, "set", allowed, f"Remove the compartment from {GUARD}.compartments")
    if tenancy.compartment_id == tenancy.tenancy_id:
        allowed = "must not be set for the tenancy's root compartment: the zone would cover everything"
        yield Problem(ZONE, "set", allowed, "Set tenancy.compartmentId to a compartment of its own")
    policies = CIS_POLICIES if wanted.policies is None else wanted.policies
    keyed = [name for name in policies if name in POLICIES and POLICIES[name].needs_key]
    if keyed and vault.kind == "none" and not vault.existing:
        allowed = f"must not contain {', '.join(keyed)} without a vault: nothing would have a customer's key"
        yield Problem(f"{ZONE}.policies", list(policies), allowed, "Set vault.kind to shared or private")


def guard_setting_problems(governance: Governance) -> Iterator[Problem]:
    """What the components refuse: policies of a zone, days and images of scans, kinds of change."""
    zone, scans, notices = governance.security_zone, governance.scanning, governance.notices
    if zone:
        yield from security_zone_problems(zone, zone_name="zone", path=ZONE)
    if scans:
        yield from scanning_problems(scans, path=SCANS)
        path = f"{SCANS}.registryCompartmentId"
        yield from ocid_problems(scans.registry_compartment_id, "compartment", "tenancy", path=path)
    if notices:
        yield from notice_problems(notices, path=NOTICES)


def notice_topic_problems(observability: Observability, governance: Governance) -> Iterator[Problem]:
    """A topic for notices that does not exist or that nobody reads."""
    wanted = governance.notices
    if wanted is None:
        return
    topics = {topic.name: topic for topic in observability.topics}
    name = notice_topic(observability, governance)
    if wanted.topic is not None and wanted.topic not in topics:
        yield Problem.not_one_of(f"{NOTICES}.topic", wanted.topic, topics, "must be in observability.topics")
    elif name is None:
        allowed = f"must be set: no topic in observability.topics gets {NOTICE_SEVERITY}"
        yield Problem(f"{NOTICES}.topic", None, allowed, "Add a topic, or name one here")
    elif not topics[name].subscriptions:
        allowed = "must have a subscription: the benchmark wants somebody to get the notices"
        yield Problem(f"{NOTICES}.topic", name, allowed, f"Add one to the topic {name}")


def notice_topic(observability: Observability, governance: Governance) -> str | None:
    """The name of the topic that gets the notices. None if there is none."""
    wanted = governance.notices
    return (wanted and wanted.topic) or observability.topic_for(NOTICE_SEVERITY)
