"""Refuses what two stacks of the project must not both do: manage one tenancy, set quotas of one compartment, or set
default tags there that the other does not leave alone.

Both would set the same configuration in turn, and the destruction of one would take it from the other. The quotas of a
compartment hold for everything in it: each stack would be held to the other's. Its default tags are set on everything
new in it: each stack would remove the other's from its own resources.
"""

import json
from collections.abc import Iterator, Mapping
from typing import cast

from pydantic import ValidationError

from facts.problem import InvalidInput, Problem
from facts.projects import NoProjectError
from infra.settings.governance import MANAGES_TENANCY
from infra.settings.governance.tags import IGNORED, TagSettings

from .stackfile import read_stack_file, stack_names


def other_stack_problems(stack: str, sections: Mapping[str, object]) -> Iterator[Problem]:
    """A problem for each other stack file of the project that does the same. Equal placeholders are the same tenancy or
    compartment. A stack without a file in the project, such as an example's, is compared with none."""
    tenancy, compartment = _managed_tenancy(sections), _limited_compartment(sections)
    tagged = _shared_compartment(sections) if _tags(sections) else None
    if tenancy is None and compartment is None and tagged is None:
        return
    try:
        names = stack_names()
    except NoProjectError:
        return
    for other in names if stack in names else ():
        if other == stack:
            continue
        found = _sections_of(other)
        if tenancy and _managed_tenancy(found) == tenancy:
            allowed = f"must be set by one stack per tenancy; Pulumi.{other}.yaml sets it for the same one"
            yield Problem(MANAGES_TENANCY, True, allowed, "Remove it from one of the two files")
        if compartment and _limited_compartment(found) == compartment:
            allowed = (
                f"must be of one stack with `governance.quotas`; Pulumi.{other}.yaml has them for it too"
            )
            fix = "Give each environment its own, or set `identity.compartment: created`"
            yield Problem("tenancy.compartmentId", compartment, allowed, fix)
        if tagged and _shared_compartment(found) == tagged:
            yield from _tag_problems(stack, sections, other, found)


def _tag_problems(
    stack: str, sections: Mapping[str, object], other: str, found: Mapping[str, object]
) -> Iterator[Problem]:
    """Default tags of another stack that this one would remove from its resources. Case does not matter to OCI."""
    own, theirs = _tags(sections), _tags(found)
    if own is None or theirs is None or not theirs.manage:
        return
    known = {each.lower() for each in (*own.ignored, *own.defined(stack))}
    missing = [each for each in theirs.defined(other) if each.lower() not in known]
    if missing:
        allowed = (
            f"must contain {', '.join(missing)}: Pulumi.{other}.yaml sets them as default tags of the same "
            "compartment, and each `up` of this stack would remove them"
        )
        fix = "Add them, give each environment its own compartment, or set `identity.compartment: created`"
        yield Problem(IGNORED, list(own.ignored), allowed, fix)


def _sections_of(stack: str) -> Mapping[str, object]:
    """The sections of another stack. Its own check reports a file that cannot be read."""
    try:
        return read_stack_file(stack).sections
    except InvalidInput:
        return {}


def _section(sections: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = sections.get(name)
    return cast("Mapping[str, object]", found) if isinstance(found, Mapping) else {}


def _text(section: Mapping[str, object], key: str) -> str | None:
    found = section.get(key)
    return found if isinstance(found, str) else None


def _managed_tenancy(sections: Mapping[str, object]) -> str | None:
    """The OCID of the tenancy that a stack with these sections manages."""
    manages = _section(sections, "governance").get("managesTenancy") is True
    return _text(_section(sections, "tenancy"), "tenancyId") if manages else None


def _tags(sections: Mapping[str, object]) -> TagSettings | None:
    """The tags that a stack with these sections sets. Its own check reports tags that are wrong."""
    found = _section(sections, "governance").get("tags")
    try:
        return TagSettings.model_validate_json(json.dumps(found)) if isinstance(found, Mapping) else None
    except (TypeError, ValidationError):
        return None


def _limited_compartment(sections: Mapping[str, object]) -> str | None:
    """The OCID of the existing compartment whose quotas a stack with these sections sets."""
    sets = isinstance(_section(sections, "governance").get("quotas"), Mapping)
    return _shared_compartment(sections) if sets else None


def _shared_compartment(sections: Mapping[str, object]) -> str | None:
    """The OCID of the existing compartment that a stack with these sections uses."""
    own = _section(sections, "identity").get("compartment") == "created"
    return _text(_section(sections, "tenancy"), "compartmentId") if not own else None
