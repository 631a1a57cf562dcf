"""Pools that stop out of hours: the schedules, their functions, and what each may do."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.cluster.pool_schedule import PoolSchedule, PoolScheduleArgs, ScheduledPoolArgs
from components.identity.access_policy import AccessPolicy, AccessPolicyArgs
from components.identity.late_ids import with_ids
from components.identity.schedule_grants import (
    pool_hours_grants,
    pool_hours_network_grants,
    schedule_grants,
)
from facts.policies import DynamicGroup
from infra.program.context import Context
from infra.program.outputs import ClusterLayer, GpuLayer, Logged, NetworkLayer
from infra.program.scheduled_functions import (
    function_rule,
    functions_principal,
    functions_security_group,
)
from infra.settings import Settings
from infra.settings.cluster import PoolHours

NOUN = "pool-hours"


@dataclass(frozen=True, kw_only=True)
class PoolHoursLayer:
    """The schedule of pools; empty without one."""

    functions: Mapping[str, pulumi.Output[str]]
    """OCIDs of the functions, to invoke them by hand."""

    logged: Logged
    """The application of the functions."""


def create_pool_hours(
    settings: Settings, context: Context, network: NetworkLayer, cluster: ClusterLayer, gpu: GpuLayer
) -> PoolHoursLayer:
    """Creates the schedule of the settings."""
    hours = settings.cluster.schedule
    if hours is None:
        return PoolHoursLayer(functions={}, logged={})
    ids = {name: pool.pool_id for name, pool in (*cluster.pools.items(), *gpu.pools.items())}
    nodes = {pool.name: pool.nodes for pool in (*settings.cluster.pools, *settings.gpu.pools)}
    pools = {name: ScheduledPoolArgs(pool_id=ids[name], nodes=nodes[name]) for name in hours.pools}
    args = PoolScheduleArgs(
        compartment_id=context.compartment_id,
        subnet_id=network.subnet_ids["private"],
        nsg_ids=[functions_security_group(context, NOUN, network).group_id],
        pools=pools,
        tags=context.tags,
        **hours.model_dump(exclude={"pools"}),
    )
    made = PoolSchedule(context.name(NOUN), args, context.in_region)
    if settings.identity.manage:
        _grant(settings, context, network, made, {name: ids[name] for name in hours.pools})
    if pulumi.runtime.is_dry_run():
        pulumi.log.info(owner_notice(hours), made)
    return PoolHoursLayer(
        functions={what: made.function_ids[what] for what in ("stop", "start")},
        logged={"functions": made.application_id},
    )


def owner_notice(hours: PoolHours) -> str:
    """Who owns the size of the pools, for a preview."""
    return (
        f"The schedule owns the size of {', '.join(hours.pools)}: 0 from `{hours.stop}` to `{hours.start}` (UTC). "
        "`up` leaves the size as it is; changed `nodes` apply from the next start"
    )


def _grant(
    settings: Settings,
    context: Context,
    network: NetworkLayer,
    made: PoolSchedule,
    pool_ids: Mapping[str, pulumi.Output[str]],
) -> None:
    group, functions = functions_principal(
        settings,
        context,
        NOUN,
        "The functions that stop and start node pools",
        made.function_ids.apply(
            lambda ids: f"ANY {{{', '.join(function_rule(ids[what]) for what in sorted(ids))}}}"
        ),
    )
    invoked = {what: made.schedule_ids[what] for what in ("stop", "start")}
    found = hours_policies(functions, context, network.elsewhere, pool_ids, invoked)
    for who, policy in found.items():
        args = AccessPolicyArgs(
            compartment_id=policy.compartment_id,
            policy_name=context.name(f"{NOUN}-{who}"),
            description=policy.description,
            statements=policy.statements,
            tags=context.tags,
        )
        waits = pulumi.ResourceOptions(depends_on=[group])
        options = pulumi.ResourceOptions.merge(context.in_home_region, waits)
        AccessPolicy(context.name(f"{NOUN}-{who}-access"), args, options)


@dataclass(frozen=True, kw_only=True)
class HoursPolicy:
    """A policy to create."""

    compartment_id: pulumi.Input[str]
    description: str
    statements: Mapping[str, pulumi.Input[str]]


def hours_policies(
    functions: DynamicGroup,
    context: Context,
    network_elsewhere: str,
    pool_ids: Mapping[str, pulumi.Input[str]],
    schedule_ids: Mapping[str, pulumi.Input[str]],
) -> Mapping[str, HoursPolicy]:
    """The policies by name. `network_elsewhere`: the compartment of the network, if it is not the environment's."""
    own = context.compartment_id
    pools = {**pool_ids, "compartment": own}
    schedules = {**schedule_ids, "compartment": own}
    found = {
        "functions": HoursPolicy(
            compartment_id=own,
            description="What the functions do that stop and start node pools",
            statements=with_ids(
                lambda ids: pool_hours_grants(
                    functions, ids["compartment"], [ids[each] for each in pool_ids]
                ),
                pools,
            ),
        ),
        "schedules": HoursPolicy(
            compartment_id=own,
            description="What the schedules do that stop and start node pools",
            statements=with_ids(
                lambda ids: schedule_grants([ids[each] for each in schedule_ids], ids["compartment"]),
                schedules,
            ),
        ),
    }
    if network_elsewhere:
        # A policy grants only in its own compartment and below.
        found["network"] = HoursPolicy(
            compartment_id=context.tenancy_id,
            description="What the functions that start node pools do in the network's compartment",
            statements=with_ids(lambda _: pool_hours_network_grants(functions, network_elsewhere), {}),
        )
    return found
