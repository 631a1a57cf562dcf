"""Identity: the compartment, groups, dynamic groups and policies. All are created in the home region."""

import pulumi

from components.identity.environment_compartment import EnvironmentCompartment, EnvironmentCompartmentArgs
from components.identity.principal_group import PrincipalGroup, principal_group
from components.identity.user_group import UserGroup, user_group
from infra.existing.found import Existing
from infra.program.context import Context
from infra.program.granting import write_policy
from infra.program.outputs import ClusterLayer, IdentityLayer, NetworkLayer
from infra.settings import Settings

from .grants import machines, people, policies
from .network_policies import network_policies
from .workload_policies import workload_policies


def create_compartment(settings: Settings, context: Context) -> Context:
    """The context with the environment's own compartment, if the settings say that the program creates one."""
    if settings.identity.compartment == "given":
        return context
    args = EnvironmentCompartmentArgs(
        parent_id=context.compartment_id,
        compartment_name=settings.environment,
        description=f"Everything of the environment {settings.environment}",
        protect=context.protect,
        tags=context.tags,
    )
    made = EnvironmentCompartment(context.name("compartment"), args, context.in_home_region)
    return context.within(made.compartment_id)


def create_identity(settings: Settings, context: Context, existing: Existing | None = None) -> IdentityLayer:
    """Groups, dynamic groups and policies of the environment's compartment, and of an existing network's."""
    if not settings.identity.manage:
        return IdentityLayer(groups={}, principals={}, principal_ids=None, ready=[])
    users, principals = people(settings, context), machines(settings, context)
    machines_made = {
        noun: PrincipalGroup(args.group_name, args, context.in_home_region)
        for noun, args in principals.items()
    }
    groups: list[pulumi.Resource] = [
        *(UserGroup(args.group_name, args, context.in_home_region) for args in users.values()),
        *machines_made.values(),
    ]
    layer = IdentityLayer(
        groups={role: user_group(args) for role, args in users.items()},
        principals={noun: principal_group(args) for noun, args in principals.items()},
        principal_ids=pulumi.Output.all(**{noun: each.group_id for noun, each in machines_made.items()}),
        named=groups,
        ready=[],
    )
    every = {
        **policies(settings, context, layer.groups, layer.principals),
        **network_policies(context, existing or Existing()),
    }
    for name, grant in every.items():
        policy = write_policy(settings, context, name, grant, groups)
        if grant.awaited:
            layer.ready.append(policy)
    return layer


def grant_workloads(
    settings: Settings, context: Context, network: NetworkLayer, cluster: ClusterLayer
) -> list[pulumi.Resource]:
    """The grants for the cluster's own pods. Policies recognise them by the cluster's OCID.

    Returns those that the autoscaler waits for.
    """
    if not settings.identity.manage:
        return []
    found = workload_policies(settings, context, cluster.cluster_id, network.elsewhere)
    written = {name: write_policy(settings, context, name, grant) for name, grant in found.items()}
    return [policy for name, policy in written.items() if found[name].awaited]
