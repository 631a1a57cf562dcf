"""Default tags of a compartment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import identity

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .tag_rules import value_problems


@dataclass(frozen=True, kw_only=True)
class DefaultTagArgs:
    """The default value of one tag."""

    key_id: pulumi.Input[str]
    """OCID of the tag key. A change replaces the default."""

    value: str
    """Value that OCI gives to resources that are created without one, 256 characters at most. It may contain OCI's
    variables, such as `${iam.principal.name}`."""

    required: bool | None = None
    """Whether OCI refuses a resource for which nobody gave a value, instead of giving it the default. That includes
    resources that services create. Default: no."""


@dataclass(frozen=True, kw_only=True)
class DefaultTagsArgs:
    """Arguments of DefaultTags."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment. Its children inherit the defaults. A change replaces them."""

    defaults: Mapping[str, DefaultTagArgs]
    """Defaults by the name of the key, 1 or more."""


class DefaultTags(CheckedArgs, pulumi.ComponentResource):
    """Tags that OCI adds to new resources of a compartment, also to those that services create. Resources that exist
    already stay as they are."""

    default_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the defaults by the name of the key."""

    def __init__(self, name: str, args: DefaultTagsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(default_problems(args, path=name), f"the default tags {name}")
        super().__init__("genai:index:DefaultTags", name, {}, opts)
        made = {
            key: identity.TagDefault(
                f"{name}-{key}",
                identity.TagDefaultArgs(
                    compartment_id=args.compartment_id,
                    tag_definition_id=each.key_id,
                    value=each.value,
                    is_required=bool(each.required),
                ),
                opts=child(self, pulumi.ResourceOptions(delete_before_replace=True)),
            )
            for key, each in args.defaults.items()
        }
        self.default_ids = pulumi.Output.all(**{key: each.id for key, each in made.items()})
        self.register_outputs({"defaultIds": self.default_ids})


def default_problems(args: DefaultTagsArgs, *, path: str) -> Iterator[Problem]:
    """No default, and values that OCI refuses."""
    if not args.defaults:
        yield Problem(f"{path}.defaults", [], "must have a default or more")
    for key, each in args.defaults.items():
        yield from value_problems(each.value, path=f"{path}.defaults[{key!r}].value")
