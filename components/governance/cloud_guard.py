"""Cloud Guard: its configuration in the tenancy, and the compartments that it watches."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import cloudguard

from components.options import child, refuse_late
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from facts.regions import REGIONS

DETECTORS = ("IAAS_ACTIVITY_DETECTOR", "IAAS_CONFIGURATION_DETECTOR", "IAAS_THREAT_DETECTOR")
"""The detectors whose recipes a target gets, in the order of its recipes. Source: oci.cloud_guard.models.DetectorRecipe
(`detector`)."""

ORACLE = "ORACLE"
"""The owner of the recipes that Oracle keeps up to date."""

_TARGET = re.compile(r"[a-z][a-z0-9-]{0,62}")


@dataclass(frozen=True, kw_only=True)
class CloudGuardArgs:
    """Arguments of a CloudGuard."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy, which has one configuration of Cloud Guard."""

    targets: Mapping[str, pulumi.Input[str]]
    """OCIDs of the compartments to watch, by a name of 1 to 63 lower-case letters, digits and hyphens. A target covers
    the compartments below its own. OCI accepts one target per compartment. A new OCID replaces the target."""

    reporting_region: str | None = None
    """The region in which Cloud Guard collects problems. It cannot be changed while Cloud Guard is enabled. Required,
    except with `enabled_elsewhere`."""

    enabled_elsewhere: bool | None = None
    """Whether Cloud Guard is already enabled in the tenancy. Its configuration then stays as it is, and only the
    targets are created. Default: no, the component enables it."""

    name_prefix: str | None = None
    """Text in front of each target's name in the console. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the targets. Default: none."""


class CloudGuard(CheckedArgs, pulumi.ComponentResource):
    """Cloud Guard with Oracle's recipes. After a deletion of the component Cloud Guard stays enabled: the provider's
    delete of the configuration does nothing. The targets are deleted."""

    target_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the targets by their names."""

    def __init__(self, name: str, args: CloudGuardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(cloud_guard_problems(args, path=name), f"Cloud Guard {name}")
        super().__init__("genai:index:CloudGuard", name, {}, opts)
        self.tags = args.tags
        self.enabled: pulumi.Resource | None = None
        if not args.enabled_elsewhere:
            self.enabled = cloudguard.CloudGuardConfiguration(
                f"{name}-configuration",
                cloudguard.CloudGuardConfigurationArgs(
                    compartment_id=args.tenancy_id,
                    reporting_region=args.reporting_region or "",
                    status="ENABLED",
                ),
                opts=child(self),
            )
        recipes = _recipes(self, args)
        targets = {
            key: _target(self, f"{name}-{key}-target", f"{args.name_prefix or ''}{key}", id_, recipes)
            for key, id_ in args.targets.items()
        }
        ids: Mapping[str, pulumi.Input[str]] = {key: target.id for key, target in targets.items()}
        self.target_ids = pulumi.Output.all(**ids)
        self.register_outputs({"targetIds": self.target_ids})


class GuardedCompartments(Protocol):
    """The plain values of Cloud Guard, which the component's args and the plan of the settings both have."""

    @property
    def targets(self) -> Mapping[str, object]: ...
    @property
    def reporting_region(self) -> str | None: ...
    @property
    def enabled_elsewhere(self) -> bool | None: ...


def cloud_guard_problems(wanted: GuardedCompartments, *, path: str) -> Iterator[Problem]:
    """Invalid names of targets, and a reporting region that is unknown, missing, or not for this stack to set."""
    if not wanted.targets:
        yield Problem(f"{path}.targets", {}, "must name at least one compartment")
    for name in wanted.targets:
        if not _TARGET.fullmatch(name):
            allowed = "must be 1 to 63 lower-case letters, digits and hyphens, a letter first"
            yield Problem(f"{path}.targets", name, allowed)
    region, at = wanted.reporting_region, f"{path}.reportingRegion"
    if wanted.enabled_elsewhere and region is not None:
        allowed = "must not be set with enabledElsewhere: only the configuration of Cloud Guard has it"
        yield Problem(at, region, allowed, "Remove one of the two")
    elif region is None and not wanted.enabled_elsewhere:
        yield Problem(at, None, "must be the name of an OCI region")
    elif region is not None and region not in REGIONS:
        yield Problem.not_one_of(at, region, REGIONS, "must be the name of an OCI region")


def _recipes(
    parent: "CloudGuard", args: CloudGuardArgs
) -> tuple[pulumi.Output[Sequence[str]], pulumi.Output[Sequence[str]]]:
    """OCIDs of Oracle's recipes for detectors and responders. OCI lists them only when Cloud Guard is enabled."""
    after = [parent.enabled] if parent.enabled else None
    options = pulumi.InvokeOutputOptions(parent=parent, depends_on=after)
    detectors = cloudguard.get_detector_recipes_output(compartment_id=args.tenancy_id, opts=options)
    responders = cloudguard.get_responder_recipes_output(compartment_id=args.tenancy_id, opts=options)
    return detectors.apply(
        lambda found: _of_oracle(
            (each.owner, each.detector, each.id)
            for collection in found.detector_recipe_collections
            for each in collection.items
        )
    ), responders.apply(
        lambda found: _of_oracle(
            (
                (each.owner, "responder", each.id)
                for held in found.responder_recipe_collections
                for each in held.items
            ),
            ("responder",),
        )
    )


def _of_oracle(listed: Iterable[tuple[str, str, str]], wanted: Sequence[str] = DETECTORS) -> Sequence[str]:
    """Oracle's recipes in the wanted order, from owner, kind and OCID of each. Refuses a tenancy that lacks one."""
    found = {kind: id_ for owner, kind, id_ in listed if owner == ORACLE}
    missing = [each for each in wanted if each not in found]
    if missing:
        allowed = f"must contain Oracle's own for {', '.join(missing)}"
        fix = "Enable Cloud Guard in the tenancy, or leave out enabledElsewhere"
        refuse_late([Problem("recipes", sorted(found), allowed, fix)], "Cloud Guard")
    return [found[each] for each in wanted]


def _target(
    parent: "CloudGuard",
    name: str,
    shown: str,
    compartment_id: pulumi.Input[str],
    recipes: tuple[pulumi.Output[Sequence[str]], pulumi.Output[Sequence[str]]],
) -> "cloudguard.Target":
    detectors, responders = recipes
    return cloudguard.Target(
        name,
        cloudguard.TargetArgs(
            compartment_id=compartment_id,
            display_name=shown,
            target_resource_id=compartment_id,
            target_resource_type="COMPARTMENT",
            target_detector_recipes=detectors.apply(
                lambda ids: [
                    cloudguard.TargetTargetDetectorRecipeArgs(detector_recipe_id=each) for each in ids
                ]
            ),
            target_responder_recipes=responders.apply(
                lambda ids: [
                    cloudguard.TargetTargetResponderRecipeArgs(responder_recipe_id=each) for each in ids
                ]
            ),
            freeform_tags=parent.tags,
        ),
        # OCI accepts one target per compartment, so the old one must go first.
        opts=child(parent, pulumi.ResourceOptions(delete_before_replace=True)),
    )
