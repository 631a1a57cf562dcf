"""Each limit that a stack needs, against what is there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from facts.quota_uses import Place, Use, needs_by_place
from facts.quotas import service_of
from report.limits.account import AccountLimits
from report.limits.needs import Counted, counted, domains_of
from report.limits.quotas import Quotas, quotas_of
from report.resources import Resource

MAIN_PROVIDER = "oci"
"""The name of the program's provider for the region of the stack."""

Verdict = Literal["does not fit", "may not fit", "unknown", "fits"]
_WORST: Mapping[Verdict, int] = {"does not fit": 0, "may not fit": 1}


@dataclass(frozen=True, kw_only=True)
class There:
    """What is there of a limit. None: unknown, or without a quota."""

    limit: int | None = None
    used: int | None = None
    quota: int | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One limit in one place, or in several with the same numbers."""

    name: str
    domains: tuple[str, ...]
    """Availability domains; none for a limit of the region."""

    needs: int
    why: str
    there: There
    more: tuple[int, int]
    """The least and the most that the change needs beside what is used."""

    @property
    def lowest(self) -> int | None:
        """The quota or the limit, whichever allows less."""
        known = [each for each in (self.there.quota, self.there.limit) if each is not None]
        return min(known, default=None)

    @property
    def left(self) -> tuple[int | None, int | None]:
        """The least and the most that is left. None: unknown."""
        if self.lowest is None:
            return None, None
        limit, used = self.there.limit, self.there.used
        most = self.lowest - self.needs
        if limit is None or used is None:
            return None, most
        return min(most, limit - used - self.more[1]), min(most, limit - used - self.more[0])

    @property
    def verdict(self) -> Verdict:
        least, most = self.left
        if most is not None and most < 0:
            return "does not fit"
        if least is not None and least < 0:
            return "may not fit"
        return "unknown" if self.there.limit is None else "fits"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the section says."""

    region: str | None
    """None: no provider says it."""

    rows: Sequence[Row]
    """The worst first."""

    counted: Counted
    quotas: Quotas


@dataclass(frozen=True, kw_only=True)
class Given:
    """What is known beside the resources."""

    account: AccountLimits | None = None
    settings: Mapping[str, int] | None = None
    """Quotas of the settings, for policies whose statements are not known yet."""

    pool_limits: Mapping[str, tuple[int, int]] | None = None


def limits_of(after: Sequence[Resource], before: Sequence[Resource] | None, given: Given) -> Limits:
    """The limits that the resources after a change need. `before`: None if it is not known."""
    pools = given.pool_limits or {}
    found = counted(after, pools)
    named = {each.domain for each in given.account.limits if each.domain} if given.account else set[str]()
    domains = sorted({*domains_of(after), *named}) or [""]
    region = region_of(after)
    wanted = needs_by_place(found.uses, domains)
    have = None if before is None else _values(counted(before, pools, largest=False).uses, domains)
    reserved = _values(found.reserved, domains)
    quotas, old = quotas_of(after), quotas_of(before or ())
    rows = [
        Row(
            name=name,
            domains=(str(place),) if place is not None else (),
            needs=need.value,
            why=need.why,
            there=_there(name, "" if place is None else str(place), region, (quotas, old), given),
            more=_more(need.value, have, reserved.get((name, place), 0), (name, place)),
        )
        for name, needs in wanted.items()
        for place, need in needs.items()
    ]
    return Limits(region=region, rows=[*_joined(rows)], counted=found, quotas=quotas)


def region_of(resources: Sequence[Resource]) -> str | None:
    """The region of a stack; None if no provider says it."""
    found = (
        each.inputs.get("region") for each in resources if each.is_provider and each.name == MAIN_PROVIDER
    )
    return next((each for each in found if isinstance(each, str)), None)


_Values = Mapping[tuple[str, Place | None], int]


def _values(uses: Sequence[Use], domains: Sequence[str]) -> _Values:
    found = needs_by_place(uses, domains)
    return {(name, place): need.value for name, needs in found.items() for place, need in needs.items()}


def _more(needs: int, have: _Values | None, reserved: int, key: tuple[str, Place | None]) -> tuple[int, int]:
    if have is None:
        return 0, needs
    most = needs - have.get(key, 0)
    return min(most, most - max(0, reserved - have.get(key, 0))), most


def _there(
    name: str, domain: str, region: str | None, policies: tuple[Quotas, Quotas], given: Given
) -> There:
    quotas, old = policies
    own = quotas.value(name, region or "", domain)
    if own is None and quotas.unknown:
        own = (given.settings or {}).get(name)
    found = given.account.find(name, domain or None, region or "") if given.account else None
    if found is None:
        return There(quota=own)
    # OCI's answer is about the quota of now, which may be the stack's own that the change replaces.
    replaced = old.value(name, region or "", domain)
    other = None if found.quota == replaced and own is not None else found.quota
    quota = min((each for each in (own, other) if each is not None), default=None)
    return There(limit=found.limit, used=found.used, quota=quota)


def _joined(rows: Sequence[Row]) -> Iterator[Row]:
    """One row for the domains with the same numbers: the worst first, then GPUs."""
    same: dict[object, Row] = {}
    for row in rows:
        key = (row.name, row.needs, row.there, row.more) if row.domains else row
        known = same.get(key)
        same[key] = replace(known, domains=(*known.domains, *row.domains)) if known else row
    yield from sorted(
        same.values(),
        key=lambda row: (_WORST.get(row.verdict, 2), not row.name.startswith("gpu"), service_of(row.name)),
    )
