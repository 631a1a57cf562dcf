"""The tag namespace of the environment, and the default tags of its compartment."""

import pulumi

from components.governance.default_tags import DefaultTagArgs, DefaultTags, DefaultTagsArgs
from components.governance.tag_namespace import TagKeyArgs, TagNamespace, TagNamespaceArgs
from facts.product import CREATOR_TAG
from infra.program.context import Context
from infra.program.outputs import TagsLayer
from infra.settings import Settings

CREATOR_VALUE = "${iam.principal.name}"
"""OCI's variable for who creates a resource, which control 4.1 of the CIS benchmark looks for in the root compartment.
Sources: Oracle's page "Using Tag Variables", and the checker that facts/cis.py names."""


def create_tags(settings: Settings, context: Context) -> TagsLayer:
    """Creates the namespace and its keys, in the compartment of the settings. It comes before everything that is
    tagged, the environment's own compartment included."""
    wanted = settings.governance.tags
    if wanted is None:
        return TagsLayer(values={}, keys=[], key_ids=None)
    tags = wanted.defined(settings.environment)
    if not wanted.manage:
        return TagsLayer(values=tags, keys=[], key_ids=None)
    made = TagNamespace(
        context.name("tags"),
        TagNamespaceArgs(
            compartment_id=context.compartment_id,
            namespace_name=wanted.name(settings.environment),
            description=f"Whose the resources of {settings.environment} are, and how confidential",
            keys=wanted.keys(settings.environment),
            tags=context.tags,
        ),
        context.in_home_region,
    )
    return TagsLayer(values=tags, keys=[made], key_ids=made.key_ids)


def create_default_tags(settings: Settings, context: Context, tags: TagsLayer) -> None:
    """Creates the defaults of the environment's compartment, for what services and people create there."""
    wanted = settings.governance.tags
    if wanted is None or tags.key_ids is None:
        return
    keys = wanted.keys(settings.environment)
    defaults = {
        key: DefaultTagArgs(key_id=tags.key_ids[key], value=each.value, required=each.required)
        for key, each in keys.items()
        if each.value is not None
    }
    args = DefaultTagsArgs(compartment_id=context.compartment_id, defaults=defaults)
    DefaultTags(context.name("default-tags"), args, context.in_home_region)


def create_creator_tag(settings: Settings, context: Context, tags: TagsLayer) -> None:
    """Creates the tag of creators, with its default in the tenancy's root compartment. Who creates a resource needs no
    access to the namespace of a default: Oracle's page "Managing Tag Defaults"."""
    if not settings.governance.creator_tag:
        return
    namespace, key = CREATOR_TAG
    # OCI deletes one key of a tenancy at a time. This one is deleted before those of the environment.
    after = pulumi.ResourceOptions(depends_on=[*tags.keys])
    made = TagNamespace(
        context.name("creator-tag"),
        TagNamespaceArgs(
            compartment_id=context.compartment_id,
            namespace_name=namespace,
            description="Who created a resource of the tenancy",
            keys={key: TagKeyArgs(description="The principal that created the resource")},
            tags=context.tags,
        ),
        pulumi.ResourceOptions.merge(context.in_home_region, after),
    )
    default = DefaultTagArgs(key_id=made.key_ids[key], value=CREATOR_VALUE)
    DefaultTags(
        context.name("creator-default-tag"),
        DefaultTagsArgs(compartment_id=context.tenancy_id, defaults={key: default}),
        context.in_home_region,
    )
