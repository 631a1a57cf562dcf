"""A dynamic group: instances and resources that are principals themselves."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import identity

from components.options import child
from facts.checked_args import CheckedArgs
from facts.policies import DynamicGroup
from facts.problem import Problem, refuse

from .identity_domain import DYNAMIC_GROUP_SCHEMA, IdentityDomainArgs
from .names import name_problems

_WHOLE = re.compile(r"(?:all|any)\s*\{(?P<body>.+)\}", re.IGNORECASE | re.DOTALL)
_TEST = re.compile(
    r"\b(?:instance|resource|tag)\.[\w.-]+\s*!?=\s*'[^']+'|\btag\.[\w.-]+", re.IGNORECASE | re.UNICODE
)


@dataclass(frozen=True, kw_only=True)
class PrincipalGroupArgs:
    """Instances and resources that match a rule."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy. Dynamic groups do not belong to a compartment."""

    group_name: str
    """Name, unique in the tenancy or domain without regard to case: 1 to 100 letters, digits, periods, hyphens and
    underscores. In a tenancy without domains a change replaces the group."""

    description: str
    """Purpose of the group."""

    matching_rule: pulumi.Input[str]
    """Rule that selects the members, e.g. `ALL {instance.compartment.id = 'ocid1…'}`."""

    domain: IdentityDomainArgs | None = None
    """The identity domain of the group. Default: none, for a tenancy without identity domains."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags, only for a group without a domain. Default: none."""


class PrincipalGroup(CheckedArgs, pulumi.ComponentResource):
    """A dynamic group. With an identity domain, it is a resource of the domain."""

    group_id: pulumi.Output[str]
    """OCID of the dynamic group."""

    group_name: pulumi.Output[str]
    """Name of the dynamic group."""

    def __init__(
        self, name: str, args: PrincipalGroupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"the dynamic group {name}")
        super().__init__("genai:index:PrincipalGroup", name, {}, opts)
        if args.domain:
            in_domain = identity.DomainsDynamicResourceGroup(
                f"{name}-group",
                identity.DomainsDynamicResourceGroupArgs(
                    idcs_endpoint=args.domain.endpoint,
                    schemas=[DYNAMIC_GROUP_SCHEMA],
                    display_name=args.group_name,
                    description=args.description,
                    matching_rule=args.matching_rule,
                ),
                opts=child(self, pulumi.ResourceOptions(ignore_changes=["schemas"])),
            )
            self.group_id = in_domain.ocid
            self.group_name = in_domain.display_name
        else:
            group = identity.DynamicGroup(
                f"{name}-group",
                identity.DynamicGroupArgs(
                    compartment_id=args.tenancy_id,
                    name=args.group_name,
                    description=args.description,
                    matching_rule=args.matching_rule,
                    freeform_tags=args.tags,
                ),
                opts=child(self),
            )
            self.group_id = group.id
            self.group_name = group.name
        self.register_outputs({"groupId": self.group_id, "groupName": self.group_name})


def principal_group(args: PrincipalGroupArgs) -> DynamicGroup:
    """The dynamic group as the subject of a statement."""
    return DynamicGroup(args.group_name, args.domain.name if args.domain else None)


def instances_of(compartment_id: str) -> str:
    """Rule that selects the instances of a compartment."""
    return f"ALL {{instance.compartment.id = '{compartment_id}'}}"


def resources_of(compartment_id: str, *types: str) -> str:
    """Rule that selects the resources of a compartment with one of `types`, e.g. `fnfunc`."""
    rules = [
        f"ALL {{resource.type = '{each}', resource.compartment.id = '{compartment_id}'}}" for each in types
    ]
    return rules[0] if len(rules) == 1 else f"ANY {{{', '.join(rules)}}}"


def matching_rule_problems(rule: str, *, path: str) -> Iterator[Problem]:
    """A rule that IAM cannot parse, or that cannot match anything."""
    whole = _WHOLE.fullmatch(rule.strip())
    body = whole["body"] if whole else rule
    if not _TEST.search(body) or body.count("'") % 2 or body.count("{") != body.count("}"):
        allowed = "must be ALL {…}, ANY {…} or one test of instance, resource or tag"
        yield Problem(path, rule, allowed, "E.g. ALL {instance.compartment.id = 'ocid1.compartment…'}")


def _problems(args: PrincipalGroupArgs, path: str) -> Iterator[Problem]:
    yield from name_problems(args.group_name, path=f"{path}.groupName")
    if isinstance(args.matching_rule, str):
        yield from matching_rule_problems(args.matching_rule, path=f"{path}.matchingRule")
