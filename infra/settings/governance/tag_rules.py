"""Rules for the defined tags."""

from collections.abc import Iterator

from components.governance.tag_rules import (
    constant_problems,
    key_problems,
    namespace_problems,
    size_problems,
)
from facts.names import LONGEST_STACK, TAG_KEY
from facts.ocids import is_placeholder
from facts.problem import Problem
from facts.product import CREATOR_TAG
from infra.settings.governance import Governance
from infra.settings.tenancy import OWN_TAGS, Tenancy

from .tags import CLASSES, TagSettings

PATH = "governance.tags"

_MOST_IGNORED = 97
"""Most ignored tags: the provider accepts 100, and three are in every provider of this program. Source: MaxItems of
`ignore_defined_tags` in internal/provider/provider.go of terraform-provider-oci 8.28.0."""

FIXED = {"CostCentre": "costCentre", "Owner": "owner", "DataClassification": "dataClassification"}
"""The keys that every environment has, by the setting of their value."""


_LONGEST = "x" * LONGEST_STACK
"""Stands for the environment: rules do not know its name, and size is all that it decides."""


def defined_tag_problems(governance: Governance, tenancy: Tenancy | None) -> Iterator[Problem]:
    """Invalid names and values, keys that a resource cannot have, and too much for one resource."""
    wanted, environment = governance.tags, _LONGEST
    if wanted is None:
        return
    if wanted.namespace is not None:
        yield from namespace_problems(wanted.namespace, path=f"{PATH}.namespace")
        if wanted.namespace.lower() == CREATOR_TAG[0]:
            allowed = "must be another name: governance.creatorTag creates the namespace of this name"
            yield Problem(f"{PATH}.namespace", wanted.namespace, allowed)
    for key, setting in FIXED.items():
        value = wanted.values(environment)[key]
        if not is_placeholder(value):
            yield from constant_problems(value, path=f"{PATH}.{setting}")
    chosen = wanted.data_classification
    if chosen not in CLASSES:
        allowed = "must be a class of data"
        yield Problem.not_one_of(f"{PATH}.dataClassification", chosen, CLASSES, allowed)
    fixed = {key.lower(): key for key in (*FIXED, "Environment")}
    for key in wanted.more:
        if key.lower() in fixed:
            allowed = f"must be another key: {fixed[key.lower()]} is set already, and case is ignored"
            yield Problem(f"{PATH}.more[{key!r}]", key, allowed)
    yield from key_problems(wanted.more, path=f"{PATH}.more")
    values = dict(wanted.values(environment))
    if governance.creator_tag:
        values[".".join(CREATOR_TAG)] = "${iam.principal.name}"
    freeform = {**(tenancy.tags if tenancy else {}), **dict.fromkeys(OWN_TAGS, environment)}
    yield from size_problems(wanted.name(environment), values, freeform, path=f"{PATH}.more")
    yield from _ignored_problems(wanted)


def _ignored_problems(wanted: TagSettings) -> Iterator[Problem]:
    if len(wanted.ignored) > _MOST_IGNORED:
        allowed = f"must be {_MOST_IGNORED} tags or fewer"
        yield Problem(f"{PATH}.ignored", len(wanted.ignored), allowed)
    seen = set[str]()
    for index, each in enumerate(wanted.ignored):
        namespace, _, key = each.partition(".")
        if not TAG_KEY.fullmatch(namespace) or not TAG_KEY.fullmatch(key):
            allowed = "must be a tag namespace, a period and a key, e.g. Operations.CostCenter"
            yield Problem(f"{PATH}.ignored[{index}]", each, allowed)
        elif namespace.lower() == (wanted.namespace or "").lower():
            allowed = "must be a tag of another namespace: the program sets the tags of this one"
            yield Problem(f"{PATH}.ignored[{index}]", each, allowed)
        elif each.lower() in seen:
            yield Problem(f"{PATH}.ignored[{index}]", each, "must not be repeated; case is ignored")
        seen.add(each.lower())
