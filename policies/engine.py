"""The pack for the engine: the same policies, as pulumi_policy knows them.

Only this file needs the pack's own environment.
"""
# The project's environment, in which the types are checked, does not have pulumi_policy.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Callable, Mapping
from typing import Any

import pulumi_policy as sdk

from policies.listed import PACK, POLICIES
from policies.model import Policy, Resource

LEVELS = {
    "advisory": sdk.EnforcementLevel.ADVISORY,
    "mandatory": sdk.EnforcementLevel.MANDATORY,
    "disabled": sdk.EnforcementLevel.DISABLED,
}


def serve() -> None:
    """Answer the engine's calls until it ends this process."""
    seen: dict[str, Resource] = {}
    policies = [
        made for each in POLICIES for made in (_for_resources(each, seen), _for_stack(each, seen)) if made
    ]
    sdk.PolicyPack(PACK, policies=policies, enforcement_level=sdk.EnforcementLevel.MANDATORY)


def _common(policy: Policy) -> dict[str, Any]:
    schema = sdk.PolicyConfigSchema({name: dict(each) for name, each in policy.schema.items()})
    return {
        "name": policy.name,
        "description": policy.description,
        "enforcement_level": LEVELS[policy.level],
        "config_schema": schema if policy.schema else None,
    }


def _for_resources(policy: Policy, seen: dict[str, Resource]) -> Any:
    """The policy for single resources. It also notes each resource with its inputs, by URN: the engine gives the
    policies of a stack only outputs, to which a provider adds its own values."""
    judge = policy.judge
    if judge is None:
        return None

    def validate(args: Any, report: Callable[..., None]) -> None:
        resource = seen[args.urn] = _resource(args)
        for said in judge(resource, {**policy.defaults, **args.get_config()}):
            report(said)

    return sdk.ResourceValidationPolicy(validate=validate, **_common(policy))


def _for_stack(policy: Policy, seen: Mapping[str, Resource]) -> Any:
    judge = policy.judge_stack
    if judge is None:
        return None

    def validate(args: Any, report: Callable[..., None]) -> None:
        resources = [_with_dependencies(each, seen.get(each.urn)) for each in args.resources]
        for resource, said in judge(resources, {**policy.defaults, **args.get_config()}):
            report(said, resource.urn)

    return sdk.StackValidationPolicy(validate=validate, **_common(policy))


def _with_dependencies(given: Any, seen: Resource | None) -> Resource:
    outputs = _raw(given.props)
    return Resource(
        urn=given.urn,
        type=given.resource_type,
        inputs=seen.inputs if seen else outputs,
        id=_id(outputs),
        protect=bool(given.opts.protect),
        outputs=outputs,
        dependencies={
            name: [each.urn for each in found] for name, found in given.property_dependencies.items()
        },
    )


def _id(outputs: Mapping[str, object]) -> str:
    found = outputs.get("id")
    return found if isinstance(found, str) else ""


def _resource(args: Any) -> Resource:
    return Resource(
        urn=args.urn, type=args.resource_type, inputs=_raw(args.props), protect=bool(args.opts.protect)
    )


def _raw(value: Any) -> Any:
    """A value without the proxies that raise an error for everything unknown: the policies know unknown values.

    Whole numbers have no decimal point, as in the engine's JSON.
    """
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    try:
        value = value["__target"]
    except (KeyError, TypeError, IndexError):
        return value
    if isinstance(value, dict):
        return {name: _raw(each) for name, each in value.items()}
    return [_raw(each) for each in value]
