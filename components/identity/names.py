"""Names of identity resources: unique in the tenancy, and of the characters that IAM takes."""

import re
from collections.abc import Iterator

from facts.problem import Problem

BUILT_IN_GROUPS = frozenset({"administrators", "all domain users"})
"""Groups that every tenancy has already, in small letters."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


def name_problems(name: str, *, path: str) -> Iterator[Problem]:
    """A name that IAM does not take."""
    if not _NAME.fullmatch(name):
        yield Problem(path, name, "must be 1 to 100 letters, digits, periods, hyphens and underscores")


def group_name_problems(name: str, *, path: str) -> Iterator[Problem]:
    """A group's name that IAM does not take, or that every tenancy has."""
    yield from name_problems(name, path=path)
    if name.lower() in BUILT_IN_GROUPS:
        fix = "Put the environment's name before it"
        yield Problem(path, name, "must be another name: every tenancy has this group", fix)
