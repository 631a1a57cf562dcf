"""A security zone: OCI refuses in a compartment what the zone's policies deny."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import cloudguard

from components.options import child, refuse_late
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from facts.security_zones import CIS_POLICIES, POLICIES


@dataclass(frozen=True, kw_only=True)
class SecurityZoneArgs:
    """Arguments of a SecurityZone."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy, in which the policies are looked up."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment. The zone covers the compartments below it. It replaces the compartment's own target of
    Cloud Guard, which must be enabled."""

    zone_name: str
    """Name of the zone and of its recipe, 1 to 255 characters."""

    policies: Sequence[str] | None = None
    """What the zone denies, in Oracle's words: `buckets_without_vault_key`, `block_volume_without_vault_key`,
    `boot_volume_without_vault_key`, `file_system_without_vault_key`, `public_buckets`, `db_instance_public_access`.
    Default: all of these, which the CIS benchmark's levels 1 and 2 want."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the zone and its recipe. Default: none."""


class SecurityZone(CheckedArgs, pulumi.ComponentResource):
    """A security zone with a recipe of its own. Create the keys and their grants first: the zone denies what has no
    key."""

    zone_id: pulumi.Output[str]
    """OCID of the zone."""

    def __init__(self, name: str, args: SecurityZoneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(security_zone_problems(args, zone_name=args.zone_name, path=name), f"the security zone {name}")
        super().__init__("genai:index:SecurityZone", name, {}, opts)
        wanted = CIS_POLICIES if args.policies is None else args.policies
        recipe = cloudguard.SecurityRecipe(
            f"{name}-recipe",
            cloudguard.SecurityRecipeArgs(
                compartment_id=args.compartment_id,
                display_name=args.zone_name,
                security_policies=_policy_ids(self, args.tenancy_id, wanted),
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        zone = cloudguard.SecurityZone(
            f"{name}-zone",
            cloudguard.SecurityZoneArgs(
                compartment_id=args.compartment_id,
                display_name=args.zone_name,
                security_zone_recipe_id=recipe.id,
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        self.zone_id = zone.id
        self.register_outputs({"zoneId": self.zone_id})


class SecurityZoneChoices(Protocol):
    """The plain values of a security zone, which the component's args and the settings both have."""

    @property
    def policies(self) -> Sequence[str] | None: ...


def security_zone_problems(wanted: SecurityZoneChoices, *, zone_name: str, path: str) -> Iterator[Problem]:
    """An invalid name, and policies that are unknown, repeated or missing."""
    if not 1 <= len(zone_name) <= LONGEST_NAME:
        yield Problem(f"{path}.zoneName", zone_name, f"must be 1 to {LONGEST_NAME} characters")
    policies = CIS_POLICIES if wanted.policies is None else wanted.policies
    if not policies:
        fix = "Leave it out for the policies of the CIS benchmark"
        yield Problem(f"{path}.policies", [], "must name at least one policy", fix)
    for index, policy in enumerate(policies):
        at = f"{path}.policies[{index}]"
        if policy not in POLICIES:
            yield Problem.not_one_of(at, policy, POLICIES, "must be a policy of security zones")
        elif policy in list(policies)[:index]:
            yield Problem(at, policy, "must not be repeated")


LONGEST_NAME = 255
"""Source: oci.cloud_guard.models.CreateSecurityZoneDetails."""


def _policy_ids(
    parent: pulumi.Resource, tenancy_id: pulumi.Input[str], wanted: Sequence[str]
) -> pulumi.Output[Sequence[str]]:
    """The OCIDs of the policies, which differ between realms."""
    found = cloudguard.get_security_policies_output(
        compartment_id=tenancy_id, opts=pulumi.InvokeOutputOptions(parent=parent)
    )
    return found.apply(
        lambda answer: _named(
            {
                each.friendly_name: each.id
                for collection in answer.security_policy_collections
                for each in collection.items
            },
            wanted,
        )
    )


def _named(found: Mapping[str, str], wanted: Sequence[str]) -> Sequence[str]:
    missing = [each for each in wanted if f"deny {each}" not in found]
    if missing:
        allowed = f"must contain {', '.join(missing)}: the tenancy has no such policy"
        refuse_late([Problem("policies", list(wanted), allowed)], "the security zone")
    return [found[f"deny {each}"] for each in wanted]
