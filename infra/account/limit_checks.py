"""Whether the limits of the account and the quotas of the compartment allow what the settings need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from facts.problem import Problem
from facts.quota_uses import Need, needs_by_place
from facts.quotas import scope_of, unit_of
from facts.shapes import find_shape
from infra.settings import Settings
from infra.settings.governance.quota_needs import uses
from report.limits.account import AccountLimit, Scope

from .image_checks import Check, check


@dataclass(frozen=True)
class Availability:
    """The unused and used part of a limit in one place; None if OCI does not return it."""

    available: int | None
    used: int | None
    quota: int | None = None
    """The most that a quota policy lets the environment's compartment use; None without one."""

    service: str = ""
    """The service's name in OCI's limits."""

    scope: Scope | None = None

    @property
    def limit(self) -> int | None:
        if self.available is None or self.used is None:
            return None
        return self.available + self.used


class LimitAccount(Protocol):
    """What the checks need to know about limits."""

    def limit(self, name: str, availability_domain: str | None) -> Availability:
        """The limit in a domain, by its full name, or in the region."""
        ...


def limit_checks(settings: Settings, domains: Sequence[str], account: LimitAccount) -> Iterator[Check]:
    """Each limit that the settings need, in each place, all pools of the place together.

    `domains`: the availability domains of the region, by their full names.
    """
    numbers = range(1, len(domains) + 1)
    for name, needs in needs_by_place(uses(settings), [*numbers]).items():
        for place, need in needs.items():
            number = place if isinstance(place, int) else None
            domain = domains[number - 1] if number else None
            path, value = _path(settings, name, number)
            where = domain or settings.tenancy.region
            wanted = _Wanted(name=name, where=where, need=need, path=path, value=value)
            yield from _checks(wanted, domain, account.limit(name, domain))


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What is needed of one limit in one place."""

    name: str
    where: str
    """The availability domain or the region."""

    need: Need
    path: str
    value: object
    """The path and the value of the setting that needs most of it."""

    @property
    def amount(self) -> str:
        unit = unit_of(self.name)
        return f"{self.need.value} {unit}" if unit != "count" else str(self.need.value)

    def problem(self, there: str, fix: str) -> Problem:
        parts = f" ({self.need.why})" if ", " in self.need.why or self.path == self.name else ""
        return Problem(self.path, self.value, f"needs {self.amount} in {self.where}{parts}; {there}", fix)


def _checks(wanted: _Wanted, domain: str | None, found: Availability) -> Iterator[Check]:
    name, need = wanted.name, wanted.need.value
    row = AccountLimit(
        name=name,
        service=found.service,
        scope=found.scope or ("AD" if scope_of(name) == "ad" else "REGION"),
        domain=domain,
        needed=need,
        limit=found.limit,
        used=found.used,
        available=found.available,
        quota=found.quota,
    )
    question = f"{wanted.where}: the limit {name} is high enough"
    if found.limit is None:
        yield Check(question, f"{wanted.amount} needed; OCI does not return the limit", limit=row)
    else:
        used = f"{found.used} in use (including those of this environment)"
        answer = f"{wanted.amount} needed, limit {found.limit}, {used}"
        counts = ". It counts GPUs, not nodes" if unit_of(name) == "GPUs" else ""
        fix = f"Request a higher limit in the console under Limits{counts}"
        problem = wanted.problem(f"the limit is {found.limit}", fix)
        yield Check(question, answer, None if need <= found.limit else problem, limit=row)
    if found.quota is not None:
        fix = "Change the quota: `oci limits quota list`"
        problem = wanted.problem(f"a quota policy allows the compartment {found.quota}", fix)
        yield check(
            f"{wanted.where}: the compartment's quota {name} is high enough",
            f"{wanted.amount} needed, quota {found.quota}",
            need <= found.quota,
            problem,
        )


def _path(settings: Settings, name: str, number: int | None) -> tuple[str, object]:
    """The setting that needs most of a limit and its value: a pool's nodes, or for other limits the limit itself."""
    pools = [
        (pool.nodes, index)
        for index, pool in enumerate(settings.gpu.pools)
        if pool.availability_domain == number
        and (shape := find_shape(pool.shape))
        and shape.gpu_limit_name == name
    ]
    if not pools:
        return name, None
    nodes, index = max(pools, key=lambda each: each[0])
    return f"gpu.pools[{index}].nodes", nodes
