"""Defined tags on every resource that takes them, in one place.

The components set free-form tags, which need nothing else. A defined tag needs its key first, and has the same value on
all resources. So the program adds them while it registers resources, in its own process: a preview gets no slower.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import pulumi
from pulumi import ResourceTransformationArgs, ResourceTransformationResult

from .outputs import TagsLayer

_TAGS: Final = "defined_tags"
_MARK: Final = "_pulumi_input_type"
"""What the SDK sets on its classes of nested arguments, which keep their values under their Python names."""


def tag_what_follows(tags: TagsLayer) -> None:
    """Add the tags to all resources that are registered from now on. They wait until the keys exist."""
    if tags.values:
        pulumi.runtime.register_stack_transformation(lambda args: tagged(args, tags.values, tags.keys))


def tagged(
    args: ResourceTransformationArgs, values: Mapping[str, str], after: Sequence[pulumi.Resource]
) -> ResourceTransformationResult | None:
    """The resource with the tags, or None if its type takes none.

    A part of a resource gets them too if it has free-form tags: the nodes of a pool, the balancers and volumes that
    Kubernetes creates, the instances of a cluster network.
    """
    if _TAGS not in args.props:
        return None
    for part in args.props.values():
        _tag_parts(part, values)
    given = cast("Mapping[str, str]", args.props[_TAGS] or {})
    props: dict[str, Any] = {**args.props, _TAGS: {**values, **given}}
    waits = pulumi.ResourceOptions(depends_on=list(after))
    return ResourceTransformationResult(props=props, opts=pulumi.ResourceOptions.merge(args.opts, waits))


def _tag_parts(part: object, values: Mapping[str, str]) -> None:
    if isinstance(part, list | tuple):
        for each in cast("Sequence[object]", part):
            _tag_parts(each, values)
    elif hasattr(type(part), _MARK):  # an output has every attribute
        given = cast("dict[str, object]", vars(part))
        for inner in [*given.values()]:
            _tag_parts(inner, values)
        if "freeform_tags" in given and hasattr(type(part), _TAGS):
            given[_TAGS] = dict(values)
