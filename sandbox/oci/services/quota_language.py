"""The language of quota statements, as the service reads it.

Sources: Oracle's pages "Quota Policy Syntax" (words, patterns, conditions on request.region and request.ad; names are
compartments or paths such as `parent:child`) and "Overview of Compartment Quotas" (the last statement of a quota
applies; of several quotas, the most restrictive). The words of the refusals are unverified.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from facts.quotas import quota_families
from sandbox.oci.errors import invalid_parameter

_WORDS: Final = re.compile(
    r"\s*(?P<verb>set|unset|zero)\s+(?P<family>[\w-]+)\s+quotas?(?:\s+(?P<names>/[^\s/]+/|[\w-]+(?:\s*,\s*[\w-]+)*))?"
    r"(?:\s+to\s+(?P<value>\d{1,18}))?\s+in\s+(?:(?P<tenancy>tenancy)|compartment\s+(?P<compartment>\S+))"
    r"(?:\s+where\s+(?P<condition>.*?))?\s*",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_TEST: Final = re.compile(r"\s*(request\.(?:region|ad))\s*=\s*'?([^'\s,{}]+)'?\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class QuotaStatement:
    """One statement. `value` is None where it resets a quota to the service limit."""

    family: str
    pattern: tuple[str, ...]
    """Names or patterns; empty for the whole family."""

    value: int | None
    compartment: str | None
    """Name, path or OCID; None for the tenancy."""

    every: bool
    """Whether all tests must be true, not any."""

    tests: tuple[tuple[str, str], ...]

    def concerns(self, family: str, name: str, place: Mapping[str, str]) -> bool:
        """Whether it is about a quota, in a region and availability domain (`region`, `ad`)."""
        if family != self.family or (
            self.pattern and not any(fnmatchcase(name, each) for each in self.pattern)
        ):
            return False
        found = [place.get(variable, "").lower() == value.lower() for variable, value in self.tests]
        return not found or (all(found) if self.every else any(found))


def read_statement(text: str) -> QuotaStatement:
    """Parse a statement. 400 for one that is wrong, and for a family or quota that does not exist."""
    found = _WORDS.fullmatch(text)
    sets = found is not None and found["verb"].lower() == "set"
    if not found or sets != (found["value"] is not None) or (sets and not found["names"]):
        raise invalid_parameter(f"Unable to parse the quota statement: {text}")
    family = quota_families().get(found["family"].lower())
    if family is None:
        raise invalid_parameter(f"Unknown quota family {found['family']} in the quota statement: {text}")
    if sets and family.zero_only:
        raise invalid_parameter(f"Only zero quotas are supported for family {family.name}: {text}")
    names = tuple(each.strip().lower() for each in (found["names"] or "").split(",") if each.strip())
    for name in names:
        if family.refuses(name):
            raise invalid_parameter(
                f"Unknown quota {name} of family {family.name} in the quota statement: {text}"
            )
    every, tests = _condition(found["condition"] or "", text)
    value = {"set": int(found["value"] or 0), "zero": 0}.get(found["verb"].lower())
    return QuotaStatement(
        family=family.name,
        pattern=tuple(each.strip("/") for each in names),
        value=value,
        compartment=found["compartment"],
        every=every,
        tests=tests,
    )


def _condition(text: str, statement: str) -> tuple[bool, tuple[tuple[str, str], ...]]:
    if not text:
        return True, ()
    group = re.fullmatch(r"(any|all)\s*\{(.*)\}", text.strip(), re.IGNORECASE | re.DOTALL)
    parts = group[2].split(",") if group else [text]
    found = [_TEST.fullmatch(each) for each in parts]
    tests = tuple((each[1].split(".")[1].lower(), each[2]) for each in found if each)
    if len(tests) != len(parts):
        raise invalid_parameter(f"Unable to parse the condition of the quota statement: {statement}")
    return not group or group[1].lower() == "all", tests
