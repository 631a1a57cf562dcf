"""Checks of compartment quotas, and their statements.

Source of the language: Oracle's page "Quota Policy Syntax"; the names are those of `facts/data/quotas.yaml`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from facts.problem import Problem
from facts.quota_statements import HERE, TENANCY, parse_statement
from facts.quotas import family_of, quota_families

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
    """Limits for unknown quotas, and negative ones."""
    for name, value in limits.items():
        place = f"{path}[{name!r}]"
        if family_of(name) is None:
            known = sorted(each for family in quota_families().values() for each in family.names)
            yield Problem.not_one_of(place, name, known, "must be the name of a quota")
        elif value < 0:
            yield Problem(place, value, "must be 0 or more")


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
    for name in found.patterns:
        if family.refuses(name):
            yield Problem.not_one_of(path, name, family.names, f"must be a quota of {family.name}")


def shortfall_problems(
    limits: Mapping[str, int], statements: Sequence[str], needs: Needs, *, path: str
) -> Iterator[Problem]:
    """Limits and statements that allow less than is needed, here or in the whole tenancy. Of those about other
    compartments nothing is known."""
    for name, value in limits.items():
        yield from needs.problem(name, value, path=f"{path}.limits[{name!r}]")
    for index, text in enumerate(statements):
        found = parse_statement(text)
        family = quota_families().get(found.family.lower()) if found else None
        if not found or not family or found.verb == "unset":
            continue
        if found.place not in (TENANCY, HERE):
            continue
        for name in family.names:
            if found.covers(name):
                yield from needs.problem(name, found.value, path=f"{path}.statements[{index}]")
