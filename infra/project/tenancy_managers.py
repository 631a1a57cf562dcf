"""Refuses a stack that manages a tenancy which another stack of the project manages too.

Both stacks would set the same configuration in turn, and the destruction of one would take it from the other.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from facts.problem import InvalidInput, Problem
from facts.projects import NoProjectError
from infra.settings.governance import MANAGES_TENANCY

from .stackfile import read_stack_file, stack_names


def second_manager_problems(stack: str, sections: Mapping[str, object]) -> Iterator[Problem]:
    """Each other stack file of the project whose stack manages the same tenancy. Equal placeholders are the same
    tenancy. A stack without a file in the project, such as an example's, is compared with none."""
    tenancy = _managed(sections)
    if tenancy is None:
        return
    try:
        names = stack_names()
    except NoProjectError:
        return
    for other in names if stack in names else ():
        if other != stack and _managed(_sections_of(other)) == tenancy:
            allowed = f"must be set by one stack per tenancy; Pulumi.{other}.yaml sets it for the same one"
            yield Problem(MANAGES_TENANCY, True, allowed, "Remove it from one of the two files")


def _sections_of(stack: str) -> Mapping[str, object]:
    """The sections of another stack. Its own check reports a file that cannot be read."""
    try:
        return read_stack_file(stack).sections
    except InvalidInput:
        return {}


def _managed(sections: Mapping[str, object]) -> str | None:
    """The OCID of the tenancy that a stack with these sections manages."""
    governance, tenancy = sections.get("governance"), sections.get("tenancy")
    if not isinstance(governance, Mapping) or not isinstance(tenancy, Mapping):
        return None
    if cast(Mapping[str, object], governance).get("managesTenancy") is not True:
        return None
    found = cast(Mapping[str, object], tenancy).get("tenancyId")
    return found if isinstance(found, str) else None
