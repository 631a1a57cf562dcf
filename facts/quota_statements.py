"""Statements of quota policies, read. Source of the language: Oracle's page "Quota Policy Syntax"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

HERE = "{compartment}"
"""Stands for the compartment in a statement of the settings."""

TENANCY = "tenancy"

Verb = Literal["set", "unset", "zero"]

_STATEMENT = re.compile(
    r"(?P<verb>set|unset|zero) (?P<family>[a-z][a-z0-9-]*) quotas?"
    r"(?: (?P<names>/\S+/|[a-z0-9-]+(?:, ?[a-z0-9-]+)*))?(?: to (?P<value>\d{1,15}))?"
    r" in (?:(?P<tenancy>tenancy)|compartment (?P<path>(?-i:\{compartment\})|[\w.:-]+))(?: where (?P<where>.+))?",
    re.IGNORECASE | re.ASCII,
)
_TEST = re.compile(r"request\.(region|ad) ?= ?'?([A-Za-z0-9_:-]+)'?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement."""

    verb: Verb
    family: str
    patterns: Sequence[str]
    """Names of quotas, or one pattern between slashes. Empty: all of the family."""

    value: int
    """0 for zero and unset."""

    place: str
    """`tenancy`, or the path of the compartment: its name and those above it, separated by colons."""

    where: str
    """The condition; empty without one."""

    @property
    def tests(self) -> Sequence[tuple[str, str]]:
        """The tests of its condition: `region` or `ad`, and the value."""
        return [(name.lower(), value) for name, value in _TEST.findall(self.where)]

    def holds(self, region: str) -> bool | None:
        """Whether its condition is true in a region. None if that depends on the availability domain."""
        found = [value.lower() == region if name == "region" else None for name, value in self.tests]
        if self.where.lower().startswith("any"):
            return True if True in found else None if None in found else False
        return False if False in found else None if None in found else True

    def covers(self, name: str) -> bool:
        """Whether it is about a quota of its family."""
        return not self.patterns or any(covers(each, name) for each in self.patterns)

    def is_in(self, path: str) -> bool:
        """Whether it is about a compartment, by its path: it names the compartment, one above it, or the tenancy."""
        return self.place == TENANCY or f"{path}:".lower().startswith(f"{self.place}:".lower())

    def applies(self, region: str, domain: str) -> bool:
        """Whether its condition is true in a region and in an availability domain. `domain` is empty for a quota of the
        region."""
        place = {"region": region.lower(), "ad": domain.lower()}
        found = [place[name] == value.lower() for name, value in self.tests]
        return (any if self.where.lower().startswith("any") else all)(found)


def parse_statement(text: str) -> Statement | None:
    """A statement, or None if OCI cannot read it."""
    found = _STATEMENT.fullmatch(text)
    if not found:
        return None
    verb = _VERBS[found["verb"].lower()]
    sets = verb == "set"
    if sets != (found["value"] is not None) or (sets and not found["names"]):
        return None
    return Statement(
        verb=verb,
        family=found["family"].lower(),
        patterns=[each.strip().lower() for each in (found["names"] or "").split(",") if each.strip()],
        value=int(found["value"] or 0),
        place=TENANCY if found["tenancy"] else found["path"],
        where=found["where"] or "",
    )


_VERBS: dict[str, Verb] = {"set": "set", "unset": "unset", "zero": "zero"}


def covers(pattern: str, name: str) -> bool:
    """Whether a name or a pattern between slashes is about a quota."""
    if not pattern.startswith("/"):
        return pattern == name
    return re.fullmatch(re.escape(pattern.strip("/")).replace(r"\*", ".*"), name) is not None
