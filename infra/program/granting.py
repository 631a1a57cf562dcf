"""Policies of the environment, which several layers write. All are created in the home region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.identity.access_policy import AccessPolicy, AccessPolicyArgs
from components.identity.identity_domain import IdentityDomainArgs
from infra.settings import Settings

from .context import Context, settle_seconds


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A policy to create."""

    description: str
    statements: Mapping[str, pulumi.Input[str]]
    in_tenancy: bool = False
    awaited: bool = False
    """Whether later resources need the policy, and so wait until it has spread."""


def write_policy(
    settings: Settings, context: Context, name: str, grant: Grant, after: Sequence[pulumi.Resource] = ()
) -> AccessPolicy:
    """A policy in the compartment or in the tenancy. `after` are the groups that it names."""
    args = AccessPolicyArgs(
        compartment_id=context.tenancy_id if grant.in_tenancy else context.compartment_id,
        policy_name=context.name(name),
        description=grant.description,
        statements=grant.statements,
        settle_seconds=settle_seconds(settings, context) if grant.awaited else 0,
        tags=context.tags,
    )
    waits = pulumi.ResourceOptions(depends_on=list(after))
    options = pulumi.ResourceOptions.merge(context.in_home_region, waits)
    return AccessPolicy(context.name(f"{name}-access"), args, options)


def identity_domain(settings: Settings) -> IdentityDomainArgs | None:
    """The domain of the environment's groups. None: groups of IAM without domains."""
    found = settings.identity.domain
    return IdentityDomainArgs(name=found.name, endpoint=found.endpoint) if found else None
