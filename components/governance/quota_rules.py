"""Checks of compartment quotas, and their statements.

Source of the language: Oracle's page "Quota Policy Syntax"; the names are those of `facts/data/quotas.yaml`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from facts.problem import Problem
from facts.quota_statements import HERE, TENANCY, Statement, covers, parse_statement
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
class Floor:
    """What a stack needs of one quota at least."""

    family: str
    name: str | None
    """None for a family whose names no source says: then only a statement about all of its quotas is compared."""

    value: int
    why: str
    region: str | None = None
    """Region of what needs it. Default: that of the stack."""

    in_root: bool = False
    """Whether what needs it is in the root compartment, so that a statement about the stack's does not concern it."""

    def problem(self, allowed: int, *, path: str) -> Problem:
        """A limit below the need."""
        if self.name is None:
            must = f"must not be said of all quotas of {self.family}: the stack needs {self.why}"
            return Problem(path, allowed, must, "Remove it, or name the quotas that the stack does not use")
        most = f"must allow {self.value:,} or more of {self.name}: needed are {self.why}"
        return Problem(path, allowed, most, "Raise it, or lower what the stack needs")

    def is_covered(self, statement: Statement) -> bool:
        """Whether a statement is about it."""
        if statement.family != self.family or (self.in_root and statement.place != TENANCY):
            return False
        if self.name is None:
            return not statement.patterns or "/*/" in statement.patterns
        return statement.covers(self.name)


def quota_problems(wanted: QuotaChoices, *, path: str) -> Iterator[Problem]:
    """Statements that OCI cannot read, and families and names that do not exist."""
    statements = list(wanted.statements or ())
    for index, text in enumerate(statements):
        yield from statement_problems(text, path=f"{path}.statements[{index}]")
        if text in statements[:index]:
            yield Problem(f"{path}.statements[{index}]", text, "must not be repeated")


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
        elif quota_families()[family_of(name) or ""].zero_only:
            allowed = f"must be left out: OCI takes only `zero` statements about quotas of {family_of(name)}"
            yield Problem(place, value, allowed)
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
    if found.verb == "set" and family.zero_only:
        allowed = f"must begin with `zero`: OCI takes no other statement about quotas of {family.name}"
        yield Problem(path, text, allowed)
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
    return (
        family.is_whole
        and pattern.startswith("/")
        and not any(covers(pattern, name) for name in family.names)
    )


def shortfall_problems(
    limits: Mapping[str, int],
    statements: Sequence[str],
    floors: Iterable[Floor],
    *,
    region: str,
    places: Sequence[str],
    path: str,
) -> Iterator[Problem]:
    """Limits and statements that allow less than is needed in the region, here or in the whole tenancy. Of those about
    other compartments nothing is known. The last statement about a quota applies; statements come after limits.

    `places`: paths and OCIDs of the compartment and of those above it, as far as they are known.
    """
    here = [(f"{path}.statements[{index}]", each) for index, each in about_here(statements, places)]
    for floor in floors:
        name = floor.name
        own = name is not None and name in limits and family_of(name) == floor.family
        applies = [(f"{path}.limits[{name!r}]", limits[name])] if own and name else []
        for at, each in here:
            holds = each.holds(floor.region or region)
            if holds is not False and floor.is_covered(each):
                now = [] if each.verb == "unset" else [(at, each.value)]
                applies = now if holds else [*applies, *now]
        yield from (floor.problem(value, path=at) for at, value in applies if 0 <= value < floor.value)


def unnamed_problems(
    statements: Sequence[str], floors: Iterable[Floor], *, places: Sequence[str], path: str
) -> Iterator[Problem]:
    """Statements about single quotas of a family that the stack uses and whose names no source says: nobody can tell
    what they leave."""
    unnamed = {floor.family: floor.why for floor in floors if floor.name is None}
    for index, each in about_here(statements, places):
        if each.family in unnamed and each.patterns and each.verb != "unset" and "/*/" not in each.patterns:
            allowed = f"is not compared with what the stack needs ({unnamed[each.family]}): no source names"
            fix = f"`oci limits definition list --service-name {each.family}` shows them"
            yield Problem(
                f"{path}.statements[{index}]",
                statements[index],
                f"{allowed} the quotas of {each.family}",
                fix,
            )


def about_here(statements: Sequence[str], places: Sequence[str]) -> Iterator[tuple[int, Statement]]:
    """The statements about the compartment, or one above it, with their numbers. `places`: see
    `shortfall_problems`."""
    for index, text in enumerate(statements):
        found = parse_statement(text)
        if found and (found.place in (TENANCY, HERE) or any(found.is_in(place) for place in places)):
            yield index, found
