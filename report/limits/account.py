"""The answer of an account about its limits: `playground preflight STACK --json` writes it, `--limits` reads it.

The list of `sandbox cloud limits --json` is read too: it has limits, and not how much of them is used.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

from facts.json_text import read_json
from facts.problem import InvalidInput, Problem, unknown_keys
from facts.quotas import unit_of
from report.resources import as_mapping, as_sequence
from report.times import moment_of

VERSION = 1
MOST = 10**15
"""The highest number that is read, as in statements of quotas."""

Scope = Literal["AD", "REGION", "GLOBAL"]
SCOPES: Sequence[Scope] = ("AD", "REGION", "GLOBAL")

_NUMBERS = ("needed", "limit", "used", "available", "quota")
_KEYS = ("name", "service", "scope", "availabilityDomain", "unit", *_NUMBERS)


@dataclass(frozen=True, kw_only=True)
class AccountLimit:
    """One limit in one place. None: OCI does not return the number."""

    name: str
    service: str = ""
    """The service's name in OCI's limits; empty if it is unknown."""

    scope: Scope
    domain: str | None = None
    """The availability domain. None: a limit of the region, or of each domain."""

    region: str | None = None
    """None: the stack's."""

    needed: int | None = None
    """What the settings of the stack need."""

    limit: int | None
    used: int | None = None
    """Used by everything in the tenancy, also by the stack."""

    available: int | None = None
    quota: int | None = None
    """The most that quota policies let the stack's compartment use; None without one, or if it is unknown."""

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "service": self.service,
            "scope": self.scope,
            "availabilityDomain": self.domain,
            "unit": unit_of(self.name),
            "needed": self.needed,
            "limit": self.limit,
            "used": self.used,
            "available": self.available,
            "quota": self.quota,
        }


@dataclass(frozen=True, kw_only=True)
class AccountLimits:
    """All limits that an account was asked for."""

    origin: Literal["account", "sandbox"]
    at: datetime | None
    """When it was asked, in UTC. None: the sandbox's settings of now."""

    limits: Sequence[AccountLimit]

    def find(self, name: str, domain: str | None, region: str) -> AccountLimit | None:
        """The limit in a place: of the domain, otherwise of the region, otherwise of all regions."""
        there = [each for each in self.limits if each.name == name and each.region in (None, region)]
        fitting = [each for each in there if each.domain in (None, domain)]
        return max(fitting, key=lambda each: (each.domain is not None, each.region is not None), default=None)


def answer_json(limits: Sequence[AccountLimit], now: datetime) -> dict[str, object]:
    """The part of the answer that `read_limits` reads, beside `stack`."""
    return {
        "version": VERSION,
        "at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "limits": [each.as_json() for each in limits],
    }


def read_limits(text: str, name: str, stack: str, now: datetime) -> AccountLimits:
    """Read an answer. Raises InvalidInput with every wrong entry. `name`: the file's, for the message."""
    again = f"Write it again: `playground preflight {stack} --json`"
    try:
        data = read_json(text, by_hand=True)
    except ValueError as error:
        raise InvalidInput(
            [Problem("--limits", name, f"must be whole JSON: {error}", again)], name
        ) from error
    if isinstance(data, list):
        return _of_sandbox(cast("list[object]", data), name)
    content = as_mapping(data)
    problems = [*_head_problems(content, name, stack, now, again)]
    if not problems:
        rows = as_sequence(content["limits"])
        problems = [each for index, row in enumerate(rows) for each in _row_problems(f"limits[{index}]", row)]
    if problems:
        raise InvalidInput(problems, name)
    return AccountLimits(
        origin="account",
        at=moment_of(content["at"]),
        limits=[_read(as_mapping(row)) for row in as_sequence(content["limits"])],
    )


def _head_problems(
    data: Mapping[str, object], name: str, stack: str, now: datetime, again: str
) -> Iterator[Problem]:
    if not {"stack", "checks"} <= data.keys():
        yield Problem("--limits", name, "must be the answer of `playground preflight STACK --json`", again)
        return
    if data["stack"] != stack:
        yield Problem("stack", data["stack"], f"must be {stack}, the stack of the report", again)
    if data.get("version") != VERSION or isinstance(data.get("version"), bool):
        allowed = f"must be {VERSION}: the file is of another release of this program"
        yield Problem("version", data.get("version"), allowed, again)
        return
    if not isinstance(data.get("limits"), list):
        yield Problem("limits", data.get("limits"), "must be a list", again)
    at = moment_of(data.get("at"))
    if at is None:
        yield Problem(
            "at", data.get("at"), "must be a time with its zone, such as 2026-11-01T00:00:00Z", again
        )
    elif at > now:
        yield Problem("at", data.get("at"), "must not be in the future", again)


def _row_problems(path: str, row: object) -> Iterator[Problem]:
    if not isinstance(row, dict):
        yield Problem(path, row, f"must be an object with {', '.join(_KEYS)}")
        return
    data = cast("dict[str, object]", row)
    yield from unknown_keys(data, _KEYS, path)
    if not isinstance(data.get("name"), str) or not data["name"]:
        yield Problem(f"{path}.name", data.get("name"), "must be the name of a limit, e.g. gpu-mi300x-count")
    if data.get("scope") not in SCOPES:
        yield Problem(f"{path}.scope", data.get("scope"), f"must be one of {', '.join(SCOPES)}")
    domain = data.get("availabilityDomain")
    if not (isinstance(domain, str) and domain) and (domain is not None or data.get("scope") == "AD"):
        allowed = "must be the name of an availability domain, and null only for another scope than AD"
        yield Problem(f"{path}.availabilityDomain", domain, allowed)
    for key in _NUMBERS:
        if key not in data or not _is_number(data[key]):
            yield Problem(f"{path}.{key}", data.get(key), "must be a whole number, 0 or more, or null")


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST)


def _read(row: Mapping[str, object]) -> AccountLimit:
    needed, limit, used, available, quota = (cast("int | None", row[key]) for key in _NUMBERS)
    return AccountLimit(
        name=str(row["name"]),
        service=str(row.get("service") or ""),
        scope=cast("Scope", row["scope"]),
        domain=cast("str | None", row.get("availabilityDomain")),
        needed=needed,
        limit=limit,
        used=used,
        available=available,
        quota=quota,
    )


def _of_sandbox(rows: Sequence[object], name: str) -> AccountLimits:
    again = "Write it again: `sandbox cloud limits --json`"
    problems = [
        each for index, row in enumerate(rows) for each in _sandbox_problems(f"[{index}]", row, again)
    ]
    if not rows:
        problems = [Problem("--limits", name, "must have a limit or more", again)]
    if problems:
        raise InvalidInput(problems, name)
    listed = [each for each in map(as_mapping, rows) if each["origin"] != "capacity"]
    limits = [
        AccountLimit(
            name=str(each["limit"]),
            scope="AD" if each["domain"] else "REGION",
            domain=str(each["domain"]) or None,
            region=str(each["region"]) or None,
            limit=cast("int", each["value"]),
        )
        for each in listed
    ]
    return AccountLimits(origin="sandbox", at=None, limits=limits)


def _sandbox_problems(path: str, row: object, again: str) -> Iterator[Problem]:
    data = as_mapping(row)
    if not all(isinstance(data.get(key), str) for key in ("limit", "region", "domain", "origin")):
        allowed = "must be a limit of the sandbox, with limit, value, region, domain and origin"
        yield Problem(path, row, allowed, again)
    elif data.get("value") is None or not _is_number(data["value"]):
        yield Problem(f"{path}.value", data.get("value"), "must be a whole number, 0 or more", again)
