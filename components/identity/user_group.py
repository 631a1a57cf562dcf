"""A group of users, in an identity domain or in the tenancy."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import identity

from components.options import child
from facts.checked_args import CheckedArgs
from facts.policies import Group
from facts.problem import refuse

from .identity_domain import GROUP_SCHEMA, IdentityDomainArgs
from .names import group_name_problems

_DESCRIPTION_SCHEMA = "urn:ietf:params:scim:schemas:oracle:idcs:extension:group:Group"


@dataclass(frozen=True, kw_only=True)
class UserGroupArgs:
    """A group. People add its members, never the program."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy. Groups do not belong to a compartment."""

    group_name: str
    """Name, unique in the tenancy or domain without regard to case: 1 to 100 letters, digits, periods, hyphens and
    underscores. In a tenancy without domains a change replaces the group."""

    description: str
    """Purpose of the group."""

    domain: IdentityDomainArgs | None = None
    """The identity domain of the group. Default: none, for a tenancy without identity domains."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags, only for a group without a domain. Default: none."""


class UserGroup(CheckedArgs, pulumi.ComponentResource):
    """A group. People manage its members; the program does not change them."""

    group_id: pulumi.Output[str]
    """OCID of the group."""

    group_name: pulumi.Output[str]
    """Name of the group."""

    def __init__(self, name: str, args: UserGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(group_name_problems(args.group_name, path=f"{name}.groupName"), f"the group {name}")
        super().__init__("genai:index:UserGroup", name, {}, opts)
        if args.domain:
            # The domain adds schemas and members, which would appear as a change in every preview.
            kept = pulumi.ResourceOptions(ignore_changes=["members", "schemas"])
            in_domain = identity.DomainsGroup(
                f"{name}-group", _in_domain(args, args.domain), opts=child(self, kept)
            )
            self.group_id = in_domain.ocid
            self.group_name = in_domain.display_name
        else:
            group = identity.Group(
                f"{name}-group",
                identity.GroupArgs(
                    compartment_id=args.tenancy_id,
                    name=args.group_name,
                    description=args.description,
                    freeform_tags=args.tags,
                ),
                opts=child(self),
            )
            self.group_id = group.id
            self.group_name = group.name
        self.register_outputs({"groupId": self.group_id, "groupName": self.group_name})


def user_group(args: UserGroupArgs) -> Group:
    """The group as the subject of a statement."""
    return Group(args.group_name, args.domain.name if args.domain else None)


def _in_domain(args: UserGroupArgs, domain: IdentityDomainArgs) -> "identity.DomainsGroupArgs":
    return identity.DomainsGroupArgs(
        idcs_endpoint=domain.endpoint,
        schemas=[GROUP_SCHEMA, _DESCRIPTION_SCHEMA],
        display_name=args.group_name,
        urnietfparamsscimschemasoracleidcsextensiongroup_group=identity.DomainsGroupUrnietfparamsscimschemasoracleidcsextensiongroupGroupArgs(
            description=args.description
        ),
    )
