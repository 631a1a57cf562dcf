"""What must hold for a PostgreSQL database system, before anything is created."""

import re
from collections.abc import Iterator, Sequence

from facts.databases import (
    POSTGRESQL_BACKUP_KINDS,
    POSTGRESQL_BACKUP_LAST_DAY,
    POSTGRESQL_IOPS,
    POSTGRESQL_SHAPES,
    POSTGRESQL_VERSIONS,
    postgresql_shape,
)
from facts.problem import Problem
from facts.regions import REGIONS

from .rules import day_problems, least_problems, time_problems, word_problems

_USER = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_TAKEN = re.compile(r"postgres|pg_.*")


def postgresql_problems(
    *,
    db_version: str | None = None,
    shape: str | None = None,
    nodes: int | None = None,
    ocpus: int | None = None,
    memory_gib: int | None = None,
    iops: int | None = None,
    username: str | None = None,
    regionally_durable: bool = True,
    has_domain: bool = False,
    password_secret_version: int | None = None,
    path: str,
) -> Iterator[Problem]:
    """What is wrong with a system's plain values; `has_domain` says that it names an availability domain."""
    yield from word_problems(db_version, POSTGRESQL_VERSIONS, f"{path}.dbVersion")
    yield from least_problems(nodes, 1, f"{path}.nodes")
    yield from least_problems(password_secret_version, 1, f"{path}.passwordSecretVersion")
    yield from _size_problems(shape, ocpus, memory_gib, path)
    if iops is not None and iops not in POSTGRESQL_IOPS:
        tiers = ", ".join(str(tier) for tier in POSTGRESQL_IOPS)
        yield Problem(f"{path}.iops", iops, f"must be one of {tiers}")
    if username is not None and (not _USER.fullmatch(username) or _TAKEN.fullmatch(username)):
        allowed = (
            "must be a role of small letters, digits and _, neither postgres nor one that begins with pg_"
        )
        yield Problem(f"{path}.username", username, allowed)
    yield from _durability_problems(regionally_durable, has_domain, path)


def _size_problems(
    shape: str | None, ocpus: int | None, memory_gib: int | None, path: str
) -> Iterator[Problem]:
    if shape is None:
        shape = next(iter(POSTGRESQL_SHAPES))
    known = postgresql_shape(shape)
    if known is None:
        yield Problem.not_one_of(f"{path}.shape", shape, POSTGRESQL_SHAPES)
        return
    yield from least_problems(ocpus, known.min_ocpus, f"{path}.ocpus", f"for {known.name}")
    yield from least_problems(memory_gib, known.min_memory_gib, f"{path}.memoryGib", f"GiB for {known.name}")


def _durability_problems(regionally_durable: bool, has_domain: bool, path: str) -> Iterator[Problem]:
    where = f"{path}.availabilityDomain"
    if regionally_durable and has_domain:
        fix = "Set regionallyDurable to false for storage in one domain"
        yield Problem(where, "set", "must be left out: regionally durable storage spans the domains", fix)
    elif not regionally_durable and not has_domain:
        yield Problem(where, None, "must be set: the storage is in one availability domain")


def postgresql_backup_problems(
    kind: str,
    *,
    start: str | None = None,
    retention_days: int | None = None,
    days_of_week: Sequence[str] = (),
    days_of_month: Sequence[int] = (),
    copy_region: str | None = None,
    path: str,
) -> Iterator[Problem]:
    """Days that do not suit the kind of backup, and regions to copy to that are none."""
    yield from word_problems(kind, POSTGRESQL_BACKUP_KINDS, f"{path}.kind")
    yield from time_problems(start, f"{path}.start")
    yield from least_problems(retention_days, 1, f"{path}.retentionDays", "days")
    for name, days, own in (
        ("daysOfWeek", days_of_week, "WEEKLY"),
        ("daysOfMonth", days_of_month, "MONTHLY"),
    ):
        if days and kind != own:
            yield Problem(f"{path}.{name}", list(days), f"must be left out: the backup is {kind}, not {own}")
        if not days and kind == own:
            yield Problem(f"{path}.{name}", [], f"must name a day: the backup is {own}")
    for index, day in enumerate(days_of_week):
        yield from day_problems(day, f"{path}.daysOfWeek[{index}]")
    for index, day in enumerate(days_of_month):
        if not 1 <= day <= POSTGRESQL_BACKUP_LAST_DAY:
            allowed = f"must be from 1 to {POSTGRESQL_BACKUP_LAST_DAY}, a day that every month has"
            yield Problem(f"{path}.daysOfMonth[{index}]", day, allowed)
    if copy_region is not None and copy_region not in REGIONS:
        yield Problem.not_one_of(
            f"{path}.copyRegion", copy_region, REGIONS, "must be the name of an OCI region"
        )


def postgresql_window_problems(day: str, start: str, *, path: str) -> Iterator[Problem]:
    """A maintenance window that begins at no time."""
    yield from day_problems(day, f"{path}.day")
    yield from time_problems(start, f"{path}.start")
