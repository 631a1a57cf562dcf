"""The policies of what watches and reports costs."""

from collections.abc import Mapping, Sequence

import pulumi

from components.identity.access_policy import AccessPolicy, AccessPolicyArgs
from infra.program.context import Context


def write_grant(
    context: Context,
    name: str,
    statements: Mapping[str, pulumi.Input[str]],
    *,
    description: str,
    in_tenancy: bool = False,
    after: Sequence[pulumi.Resource] = (),
    settle_seconds: int = 0,
) -> AccessPolicy:
    """A policy in the environment's compartment or in the tenancy. `settle_seconds`: how long its users wait for it."""
    args = AccessPolicyArgs(
        compartment_id=context.tenancy_id if in_tenancy else context.compartment_id,
        policy_name=context.name(name),
        description=description,
        statements=statements,
        settle_seconds=settle_seconds,
        tags=context.tags,
    )
    waits = pulumi.ResourceOptions(depends_on=list(after))
    options = pulumi.ResourceOptions.merge(context.in_home_region, waits)
    return AccessPolicy(context.name(f"{name}-access"), args, options)
