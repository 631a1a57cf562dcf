"""Quotas of a compartment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import limits

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from facts.quotas import family_of

from .quota_rules import HERE, limit_problems, quota_name_problems, quota_problems


@dataclass(frozen=True, kw_only=True)
class CompartmentQuotasArgs:
    """Arguments of CompartmentQuotas."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy, where OCI keeps quotas. A change replaces them."""

    compartment_path: pulumi.Input[str]
    """The compartment, as quota statements name it: the names from the root, separated by colons, e.g.
    `platform:prod`. They are names, not OCIDs, so a renamed compartment needs new statements."""

    quota_name: str
    """Name of the quotas, unique in the tenancy: 1 to 100 letters, digits, periods, hyphens and underscores. A change
    replaces them."""

    description: pulumi.Input[str]
    """What the quotas are for."""

    limits: Mapping[str, int]
    """Most of each quota by its name, e.g. `gpu-mi300x-count`. A quota of availability domains applies in each of
    them."""

    no_other_gpus: bool | None = None
    """Whether the quotas of all other GPUs are 0. Default: no."""

    statements: Sequence[str] | None = None
    """More statements in Oracle's language of quotas. `{compartment}` stands for the path. They come last, and the last
    statement about a quota applies. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class CompartmentQuotas(CheckedArgs, pulumi.ComponentResource):
    """The most that a compartment may use, below the service limits. OCI takes up to 10 minutes to apply a change, and
    takes nothing away that exists already."""

    quota_id: pulumi.Output[str]
    """OCID of the quotas."""

    def __init__(
        self, name: str, args: CompartmentQuotasArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(compartment_quota_problems(args, path=name), f"the quotas {name}")
        super().__init__("genai:index:CompartmentQuotas", name, {}, opts)
        path = pulumi.Output.from_input(args.compartment_path)
        quota = limits.Quota(
            f"{name}-quota",
            limits.QuotaArgs(
                compartment_id=args.tenancy_id,
                name=args.quota_name,
                description=args.description,
                statements=path.apply(lambda found: statements_of(args, found)),
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        self.quota_id = quota.id
        self.register_outputs({"quotaId": self.quota_id})


def compartment_quota_problems(args: CompartmentQuotasArgs, *, path: str) -> Iterator[Problem]:
    """A wrong name, unknown or negative limits, and statements that OCI cannot read or that undo a limit."""
    yield from quota_name_problems(args.quota_name, path=f"{path}.quotaName")
    yield from limit_problems(args.limits, path=f"{path}.limits")
    if not args.limits and not args.no_other_gpus and not args.statements:
        yield Problem(f"{path}.limits", [], "must have a limit or more, or there must be statements")
    yield from quota_problems(args, path=path)


def statements_of(args: CompartmentQuotasArgs, path: str) -> list[str]:
    """The statements in Oracle's language. The last one about a quota applies, so the exceptions come later."""
    others = [f"zero compute-core quotas /gpu*/ in compartment {path}"] if args.no_other_gpus else []
    own = [
        f"set {family_of(name)} quota {name} to {most} in compartment {path}"
        for name, most in args.limits.items()
    ]
    return [*others, *own, *(each.replace(HERE, path) for each in args.statements or ())]
