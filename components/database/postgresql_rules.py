"""Checks of a PostgreSQL database system before anything is created."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from facts.databases import (
    POSTGRESQL_BACKUP_KINDS,
    POSTGRESQL_BACKUP_LAST_DAY,
    POSTGRESQL_IOPS,
    POSTGRESQL_PREFIX,
    POSTGRESQL_SHAPES,
    POSTGRESQL_VERSIONS,
    postgresql_shape,
)
from facts.problem import Problem
from facts.regions import REGIONS
from facts.shapes import find_shape

from .rules import day_problems, least_problems, time_problems, word_problems

_USER = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_VERSION = re.compile(r"[1-9][0-9]{0,17}")
_RESERVED_USER = re.compile(r"postgres|pg_.*")


class Window(Protocol):
    """When the service may patch nodes."""

    @property
    def day(self) -> str: ...
    @property
    def start(self) -> str: ...


class BackupChoices(Protocol):
    """The plain values of automatic backups, which the component's args and the settings both have."""

    @property
    def kind(self) -> str: ...
    @property
    def start(self) -> str | None: ...
    @property
    def retention_days(self) -> int | None: ...
    @property
    def days_of_week(self) -> Sequence[str] | None: ...
    @property
    def days_of_month(self) -> Sequence[int] | None: ...
    @property
    def copy_region(self) -> str | None: ...


class PostgresqlChoices(Protocol):
    """The plain values of a system, which the component's args and the settings both have."""

    @property
    def db_version(self) -> str | None: ...
    @property
    def shape(self) -> str | None: ...
    @property
    def nodes(self) -> int | None: ...
    @property
    def ocpus(self) -> int | None: ...
    @property
    def memory_gib(self) -> int | None: ...
    @property
    def iops(self) -> int | None: ...
    @property
    def username(self) -> str | None: ...
    @property
    def regionally_durable(self) -> bool | None: ...
    @property
    def availability_domain(self) -> object: ...
    @property
    def password_secret_version(self) -> object: ...
    @property
    def backup(self) -> BackupChoices | None: ...
    @property
    def maintenance(self) -> Window | None: ...


def postgresql_problems(system: PostgresqlChoices, *, path: str) -> Iterator[Problem]:
    """All problems of a system. Its settings and its component use the same messages."""
    yield from word_problems(system.db_version, POSTGRESQL_VERSIONS, f"{path}.dbVersion")
    yield from least_problems(system.nodes, 1, f"{path}.nodes")
    yield from _version_problems(system.password_secret_version, f"{path}.passwordSecretVersion")
    yield from _size_problems(system, path)
    if system.iops is not None and system.iops not in POSTGRESQL_IOPS:
        tiers = ", ".join(str(tier) for tier in POSTGRESQL_IOPS)
        yield Problem(f"{path}.iops", system.iops, f"must be one of {tiers}")
    username = system.username
    if username is not None and (not _USER.fullmatch(username) or _RESERVED_USER.fullmatch(username)):
        allowed = "must be lower-case letters, digits and _, not postgres and not a name that begins with pg_"
        yield Problem(f"{path}.username", username, allowed)
    yield from _durability_problems(system, path)
    if system.backup:
        yield from _backup_problems(system.backup, f"{path}.backup")
    if system.maintenance:
        yield from day_problems(system.maintenance.day, f"{path}.maintenance.day")
        yield from time_problems(system.maintenance.start, f"{path}.maintenance.start")


def _version_problems(version: object, path: str) -> Iterator[Problem]:
    """The provider needs the number as text. A version that is not known yet passes."""
    if isinstance(version, str | int) and not _VERSION.fullmatch(str(version)):
        yield Problem(path, version, "must be 1 or more, a whole number")


def _size_problems(system: PostgresqlChoices, path: str) -> Iterator[Problem]:
    shape = system.shape if system.shape is not None else next(iter(POSTGRESQL_SHAPES))
    known = postgresql_shape(shape)
    if known is None:
        yield Problem.not_one_of(f"{path}.shape", shape, POSTGRESQL_SHAPES)
        return
    yield from least_problems(system.ocpus, known.min_ocpus, f"{path}.ocpus", f"for {known.name}")
    least, unit = known.min_memory_gib, f"GiB for {known.name}"
    yield from least_problems(system.memory_gib, least, f"{path}.memoryGib", unit)
    compute = find_shape(known.name.removeprefix(POSTGRESQL_PREFIX))
    if compute is not None:
        # A node is a machine with this compute shape, whose limits are unverified (facts/shapes.py).
        yield from _most_problems(system.ocpus, compute.max_ocpus, f"{path}.ocpus", known.name)
        yield from _most_problems(system.memory_gib, compute.max_memory_gib, f"{path}.memoryGib", known.name)


def _most_problems(value: int | None, most: float | None, path: str, shape: str) -> Iterator[Problem]:
    if value is not None and most is not None and value > most:
        yield Problem(path, value, f"must be {most:,g} or less for {shape}")


def _durability_problems(system: PostgresqlChoices, path: str) -> Iterator[Problem]:
    durable, has_domain = system.regionally_durable is not False, system.availability_domain is not None
    where = f"{path}.availabilityDomain"
    if durable and has_domain:
        fix = "For storage in one availability domain, set regionallyDurable to false"
        yield Problem(
            where, "set", "must be left out: regionally durable storage spans all availability domains", fix
        )
    elif not durable and not has_domain:
        yield Problem(where, None, "must be set: the storage is in one availability domain")


def _backup_problems(backup: BackupChoices, path: str) -> Iterator[Problem]:
    """Days that do not fit the kind of backup, and unknown regions for copies."""
    kind, weekly, monthly = backup.kind, backup.days_of_week or (), backup.days_of_month or ()
    yield from word_problems(kind, POSTGRESQL_BACKUP_KINDS, f"{path}.kind")
    yield from time_problems(backup.start, f"{path}.start")
    yield from least_problems(backup.retention_days, 1, f"{path}.retentionDays", "days")
    for name, days, own in (("daysOfWeek", weekly, "WEEKLY"), ("daysOfMonth", monthly, "MONTHLY")):
        if days and kind != own:
            yield Problem(f"{path}.{name}", list(days), f"must be left out: the backup is {kind}, not {own}")
        if not days and kind == own:
            yield Problem(f"{path}.{name}", [], f"must name a day: the backup is {own}")
    for index, day in enumerate(weekly):
        yield from day_problems(day, f"{path}.daysOfWeek[{index}]")
    for index, day in enumerate(monthly):
        if not 1 <= day <= POSTGRESQL_BACKUP_LAST_DAY:
            allowed = f"must be from 1 to {POSTGRESQL_BACKUP_LAST_DAY}, a day that every month has"
            yield Problem(f"{path}.daysOfMonth[{index}]", day, allowed)
    copy_region = backup.copy_region
    if copy_region is not None and copy_region not in REGIONS:
        yield Problem.not_one_of(
            f"{path}.copyRegion", copy_region, REGIONS, "must be the name of an OCI region"
        )
