"""A tag namespace with its keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import identity

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import refuse

from .tag_rules import key_problems, namespace_problems


@dataclass(frozen=True, kw_only=True)
class TagKeyArgs:
    """One key of a tag namespace."""

    description: str
    """What a value of the key says."""

    value: str | None = None
    """Value of the key on the resources of one environment, 256 characters at most. The key itself does not hold it:
    DefaultTags and `defined_tags` of resources do. Default: none."""

    values: Sequence[str] | None = None
    """The only values that the key accepts, 100 at most. Default: any value."""

    required: bool | None = None
    """Whether OCI refuses resources without a value in the compartment of the default. It needs `value`. Default:
    no."""

    cost_tracking: bool | None = None
    """Whether cost reports and budgets can be grouped by the key. A tenancy has at most ten such keys. Default: no."""


@dataclass(frozen=True, kw_only=True)
class TagNamespaceArgs:
    """Arguments of a TagNamespace."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment of the namespace. It can be used in the whole tenancy."""

    namespace_name: str
    """Name, unique in the tenancy regardless of case: 1 to 100 characters without periods and spaces. The name of a
    retired or deleted namespace stays taken for a while. A change replaces the namespace."""

    description: str
    """What the tags are for."""

    keys: Mapping[str, TagKeyArgs]
    """Keys by their names, which have the same limits. Case is ignored."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class TagNamespace(CheckedArgs, pulumi.ComponentResource):
    """A tag namespace and its keys, in the home region. OCI retires a namespace before it deletes it, and takes up to
    48 hours for that; its tags then disappear from all resources."""

    key_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the keys by their names."""

    def __init__(self, name: str, args: TagNamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(
            [
                *namespace_problems(args.namespace_name, path=f"{name}.namespaceName"),
                *key_problems(args.keys, path=f"{name}.keys"),
            ],
            f"the tag namespace {name}",
        )
        super().__init__("genai:index:TagNamespace", name, {}, opts)
        namespace = identity.TagNamespace(
            f"{name}-namespace",
            identity.TagNamespaceArgs(
                compartment_id=args.compartment_id,
                name=args.namespace_name,
                description=args.description,
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        # OCI deletes one key of a tenancy at a time. Each waits for the one before, and is deleted before it.
        keys: dict[str, identity.Tag] = {}
        for key, each in args.keys.items():
            waits = child(self, pulumi.ResourceOptions(depends_on=[*keys.values()][-1:]))
            keys[key] = identity.Tag(f"{name}-{key}", _key(key, each, namespace.id, args), opts=waits)
        self.key_ids = pulumi.Output.all(**{key: each.id for key, each in keys.items()})
        self.register_outputs({"keyIds": self.key_ids})


def _key(
    key: str, wanted: TagKeyArgs, namespace_id: pulumi.Output[str], args: TagNamespaceArgs
) -> "identity.TagArgs":
    return identity.TagArgs(
        tag_namespace_id=namespace_id,
        name=key,
        description=wanted.description,
        is_cost_tracking=bool(wanted.cost_tracking),
        validator=identity.TagValidatorArgs(validator_type="ENUM", values=list(wanted.values))
        if wanted.values
        else None,
        freeform_tags=args.tags,
    )
