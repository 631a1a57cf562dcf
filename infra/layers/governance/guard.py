"""What the stack that manages the tenancy creates in it: Cloud Guard, a security zone, scans, notices of changes."""

from collections.abc import Mapping

import pulumi

from components.governance.change_notices import ChangeNotices, ChangeNoticesArgs
from components.governance.cloud_guard import CloudGuard, CloudGuardArgs
from components.governance.security_zone import SecurityZone, SecurityZoneArgs
from components.governance.vulnerability_scanning import VulnerabilityScanning, VulnerabilityScanningArgs
from facts.cis_events import event_groups
from infra.program.context import Context
from infra.program.outputs import IdentityLayer, Logged, VaultLayer
from infra.settings import Settings
from infra.settings.governance.guard_rules import guard_plan, notice_topic


def create_guard(
    settings: Settings,
    context: Context,
    identity: IdentityLayer,
    vault: VaultLayer,
    topics: Mapping[str, pulumi.Output[str]],
) -> Logged:
    """Creates what the settings want. Services are used after their grants, and the zone comes after the keys.

    Returns the OCIDs of the event rules, which write logs, by kind of change."""
    guard = _cloud_guard(settings, context, identity)
    if settings.governance.security_zone:
        SecurityZone(
            context.name("zone"),
            SecurityZoneArgs(
                tenancy_id=context.tenancy_id,
                compartment_id=context.compartment_id,
                zone_name=context.name("zone"),
                policies=settings.governance.security_zone.policies,
                tags=context.tags,
            ),
            _after(context, [*vault.ready, *([guard] if guard else [])]),
        )
    _scanning(settings, context, identity)
    return _notices(settings, context, topics)


def _after(context: Context, resources: list[pulumi.Resource]) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions.merge(context.in_region, pulumi.ResourceOptions(depends_on=resources))


def _cloud_guard(settings: Settings, context: Context, identity: IdentityLayer) -> CloudGuard | None:
    wanted = settings.governance.cloud_guard
    if wanted is None:
        return None
    plan = guard_plan(wanted, settings.tenancy)
    args = CloudGuardArgs(
        tenancy_id=context.tenancy_id,
        targets=plan.targets,
        reporting_region=plan.reporting_region,
        enabled_elsewhere=plan.enabled_elsewhere,
        name_prefix=context.name(""),
        tags=context.tags,
    )
    return CloudGuard(context.name("cloud-guard"), args, _after(context, identity.ready))


def _scanning(settings: Settings, context: Context, identity: IdentityLayer) -> None:
    wanted = settings.governance.scanning
    if wanted is None:
        return
    args = VulnerabilityScanningArgs(
        compartment_id=context.compartment_id,
        scan_name=context.name("scans"),
        day=wanted.day,
        repositories=wanted.repositories,
        registry_compartment_id=wanted.registry_compartment_id,
        images=wanted.images,
        tags=context.tags,
    )
    VulnerabilityScanning(context.name("scanning"), args, _after(context, identity.ready))


def _notices(settings: Settings, context: Context, topics: Mapping[str, pulumi.Output[str]]) -> Logged:
    wanted = settings.governance.notices
    topic = notice_topic(settings.observability, settings.governance)
    if wanted is None or topic is None:
        return {}
    args = ChangeNoticesArgs(
        tenancy_id=context.tenancy_id,
        topic_id=topics[topic],
        name_prefix=context.name(""),
        without=wanted.without,
        tags=context.tags,
    )
    made = ChangeNotices(context.name("notices"), args, context.in_region)
    return {kind: made.rule_ids[kind] for kind in event_groups() if kind not in wanted.without}
