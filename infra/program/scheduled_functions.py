"""What the functions that a schedule invokes need: a way to Oracle's services, and a dynamic group of their own."""

import pulumi

from components.identity.principal_group import PrincipalGroup, PrincipalGroupArgs, principal_group
from components.network.security_group import SecurityGroup, SecurityGroupArgs, SecurityRuleArgs
from facts.policies import DynamicGroup
from infra.settings import Settings

from .context import Context
from .granting import identity_domain
from .outputs import NetworkLayer


def functions_security_group(context: Context, noun: str, network: NetworkLayer) -> SecurityGroup:
    """The security group of functions that call only Oracle's services."""
    rule = SecurityRuleArgs(
        direction="egress", protocol="tcp", peer=network.service_cidr, peer_type="services", min_port=443
    )
    args = SecurityGroupArgs(
        compartment_id=context.compartment_id,
        vcn_id=network.vcn_id,
        rules={"HTTPS to Oracle services": rule},
        tags=context.tags,
    )
    return SecurityGroup(context.name(noun), args, context.in_region)


def functions_principal(
    settings: Settings, context: Context, noun: str, description: str, matching_rule: pulumi.Output[str]
) -> tuple[PrincipalGroup, DynamicGroup]:
    """The dynamic group of functions: the resource, and the group as policies name it."""
    args = PrincipalGroupArgs(
        tenancy_id=context.tenancy_id,
        group_name=context.name(noun),
        description=description,
        matching_rule=matching_rule,
        domain=identity_domain(settings),
        tags=context.tags,
    )
    return PrincipalGroup(context.name(noun), args, context.in_home_region), principal_group(args)


def function_rule(function_id: str) -> str:
    """The matching rule of one function."""
    return f"ALL {{resource.type = 'fnfunc', resource.id = '{function_id}'}}"
