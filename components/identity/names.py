"""Names of identity resources, which are unique in the tenancy and have only characters that IAM accepts."""

import re
from collections.abc import Iterator

from facts.problem import Problem

BUILT_IN_GROUPS = frozenset({"administrators", "all domain users"})
"""The groups of every tenancy, in lower case."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


def name_problems(name: str, *, path: str) -> Iterator[Problem]:
    """A name that IAM does not accept."""
    if not _NAME.fullmatch(name):
        yield Problem(path, name, "must be 1 to 100 letters, digits, periods, hyphens and underscores")


def group_name_problems(name: str, *, path: str) -> Iterator[Problem]:
    """A group name that IAM does not accept, or that every tenancy already has."""
    yield from name_problems(name, path=path)
    if name.lower() in BUILT_IN_GROUPS:
        fix = "Add the environment's name as a prefix"
        yield Problem(path, name, "must be another name: every tenancy has this group", fix)
