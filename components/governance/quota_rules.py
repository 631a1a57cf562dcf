"""Checks of compartment quotas, and their statements.

Source of the language: Oracle's page "Quota Policy Syntax"; the names are those of `facts/data/quotas.yaml`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from facts.problem import Problem
from facts.quota_statements import HERE, TENANCY, covers, parse_statement
from facts.quotas import QuotaFamily, family_of, quota_families
from facts.regions import REGIONS, find_region

MOST = 10**15 - 1
"""Largest limit, the toolkit's own: a number of more digits is probably a mistake."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_TEST = r"request\.(region|ad) ?= ?'?[A-Za-z0-9_:-]+'?"
_WHERE = re.compile(rf"{_TEST}|(any|all) ?\{{ ?{_TEST}(, ?{_TEST})* ?\}}", re.IGNORECASE | re.ASCII)


class QuotaChoices(Protocol):
    """The plain values of quotas that settings and component share."""

    @property
    def statements(self) -> Sequence[str] | None: ...


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What is needed of the quotas, and for what, by their names."""

    values: Mapping[str, int]
    why: Mapping[str, str]

    def problem(self, name: str, allowed: int, *, path: str) -> Iterator[Problem]:
        """A limit below the need."""
        if name in self.values and 0 <= allowed < self.values[name]:
            most = f"must allow {self.values[name]:,} or more of {name}: needed are {self.why[name]}"
            yield Problem(path, allowed, most, "Raise it, or lower what the stack needs")


def quota_problems(wanted: QuotaChoices, *, path: str) -> Iterator[Problem]:
    """Statements that OCI cannot read, and families and names that do not exist."""
    for index, text in enumerate(wanted.statements or ()):
        yield from statement_problems(text, path=f"{path}.statements[{index}]")


def quota_name_problems(name: str, *, path: str) -> Iterator[Problem]:
    """A name that OCI refuses."""
    if not _NAME.fullmatch(name):
        allowed = "must be 1 to 100 letters, digits, periods, hyphens and underscores"
        yield Problem(path, name, allowed)


def limit_problems(limits: Mapping[str, int], *, path: str) -> Iterator[Problem]:
    """Limits for unknown quotas, and numbers out of range."""
    for name, value in limits.items():
        place = f"{path}[{name!r}]"
        if family_of(name) is None:
            known = sorted(each for family in quota_families().values() for each in family.names)
            yield Problem.not_one_of(place, name, known, "must be the name of a quota")
        elif not 0 <= value <= MOST:
            allowed = "must be 0 or more" if value < 0 else f"must be {MOST:,} or less"
            yield Problem(place, value, allowed)


def statement_problems(text: str, *, path: str) -> Iterator[Problem]:
    """A statement that OCI cannot read, or with an unknown family or name."""
    found = parse_statement(text)
    if found is None:
        allowed = (
            "must be `set FAMILY quota NAME to NUMBER in compartment {compartment}`, `zero FAMILY quota NAME in …` or"
            " `unset FAMILY quota NAME in …`"
        )
        yield Problem(path, text, allowed, "Several names have a comma between them; /gpu*/ is a pattern")
        return
    family = quota_families().get(found.family.lower())
    if family is None:
        yield Problem.not_one_of(path, found.family, quota_families(), "must be a family of quotas")
        return
    if found.where and not _WHERE.fullmatch(found.where):
        allowed = "must have a condition on request.region or request.ad, e.g. where request.region = 'us-ashburn-1'"
        yield Problem(path, found.where, allowed)
    for variable, value in found.tests:
        if variable == "region" and find_region(value) is None:
            yield Problem.not_one_of(path, value, REGIONS, "must be the name of an OCI region")
    for name in found.patterns:
        if family.refuses(name) or _covers_nothing(name, family):
            yield Problem.not_one_of(path, name, family.names, f"must be a quota of {family.name}")


def _covers_nothing(pattern: str, family: QuotaFamily) -> bool:
    known = bool(family.names) and not family.partial
    return known and pattern.startswith("/") and not any(covers(pattern, name) for name in family.names)


def shortfall_problems(
    limits: Mapping[str, int], statements: Sequence[str], needs: Needs, *, region: str, path: str
) -> Iterator[Problem]:
    """Limits and statements that allow less than is needed in the region, here or in the whole tenancy. Of those about
    other compartments nothing is known. The last statement about a quota applies; statements come after limits."""
    applies = {name: [(f"{path}.limits[{name!r}]", value)] for name, value in limits.items()}
    for index, text in enumerate(statements):
        found = parse_statement(text)
        family = quota_families().get(found.family.lower()) if found else None
        if not found or not family or found.place not in (TENANCY, HERE):
            continue
        holds = found.holds(region)
        for name in family.names if holds is not False else ():
            if found.covers(name):
                before = [] if holds else applies.get(name, [])
                now = [] if found.verb == "unset" else [(f"{path}.statements[{index}]", found.value)]
                applies[name] = [*before, *now]
    for name, each in applies.items():
        for at, value in each:
            yield from needs.problem(name, value, path=at)
