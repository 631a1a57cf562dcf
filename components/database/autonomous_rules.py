"""Checks of an Autonomous Database and its replicas before anything is created."""

import re
from collections.abc import Iterator
from typing import Protocol

from facts.databases import (
    AUTONOMOUS_BACKUP_DAYS,
    AUTONOMOUS_ECPUS_LEAST,
    AUTONOMOUS_LICENSES,
    AUTONOMOUS_NAME,
    AUTONOMOUS_STORAGE_TB,
    AUTONOMOUS_VERSIONS,
    AUTONOMOUS_WORKLOADS,
    REFRESH_SECONDS,
)
from facts.problem import Problem

from .rules import day_problems, least_problems, minutes, range_problems, time_problems, word_problems


class Window(Protocol):
    """When Oracle may patch a database."""

    @property
    def day(self) -> str: ...
    @property
    def start(self) -> str: ...
    @property
    def end(self) -> str: ...


class AutonomousChoices(Protocol):
    """The plain values of a database, which the component's args and the settings both have."""

    @property
    def db_name(self) -> str: ...
    @property
    def ecpus(self) -> int | None: ...
    @property
    def storage_tb(self) -> int | None: ...
    @property
    def replicas(self) -> int | None: ...
    @property
    def refresh_seconds(self) -> int | None: ...
    @property
    def db_version(self) -> str | None: ...
    @property
    def workload(self) -> str | None: ...
    @property
    def license_model(self) -> str | None: ...
    @property
    def backup_days(self) -> int | None: ...
    @property
    def maintenance(self) -> Window | None: ...
    @property
    def vault_id(self) -> object: ...
    @property
    def password_secret_version(self) -> int | None: ...


def autonomous_database_problems(
    database: AutonomousChoices, *, has_key: bool, path: str
) -> Iterator[Problem]:
    """All problems of a database. Its settings and its component use the same messages."""
    replicas, version = database.replicas, database.password_secret_version
    yield from _name_problems(database.db_name, replicas or 0, path)
    yield from least_problems(database.ecpus, AUTONOMOUS_ECPUS_LEAST, f"{path}.ecpus")
    yield from range_problems(database.storage_tb, AUTONOMOUS_STORAGE_TB, f"{path}.storageTb", "TB")
    yield from least_problems(replicas, 0, f"{path}.replicas")
    yield from least_problems(version, 1, f"{path}.passwordSecretVersion")
    yield from word_problems(database.db_version, AUTONOMOUS_VERSIONS, f"{path}.dbVersion")
    yield from word_problems(database.workload, AUTONOMOUS_WORKLOADS, f"{path}.workload")
    yield from word_problems(database.license_model, AUTONOMOUS_LICENSES, f"{path}.licenseModel")
    yield from range_problems(database.backup_days, AUTONOMOUS_BACKUP_DAYS, f"{path}.backupDays", "days")
    yield from _refresh_problems(database.refresh_seconds, replicas or 0, path)
    if database.maintenance:
        yield from _window_problems(database.maintenance, f"{path}.maintenance")
    if has_key != (database.vault_id is not None):
        missing, other = ("vaultId", "keyId") if has_key else ("keyId", "vaultId")
        yield Problem(
            f"{path}.{missing}", None, f"must be set with {other}: OCI requires a key and its vault"
        )


def _name_problems(db_name: str, replicas: int, path: str) -> Iterator[Problem]:
    if not re.fullmatch(AUTONOMOUS_NAME, db_name):
        yield Problem(f"{path}.dbName", db_name, "must be a letter, then letters and digits, 30 at most")
    elif replicas > 0 and len(f"{db_name}R{replicas}") > 30:
        most = 30 - len(f"R{replicas}")
        yield Problem(f"{path}.dbName", db_name, f"must have {most} characters at most: replicas add R1, R2…")


def _refresh_problems(refresh_seconds: int | None, replicas: int, path: str) -> Iterator[Problem]:
    where = f"{path}.refreshSeconds"
    if refresh_seconds is not None and replicas < 1:
        yield Problem(where, refresh_seconds, "must not be set: the database has no replicas")
    else:
        yield from range_problems(refresh_seconds, REFRESH_SECONDS, where, "seconds")


def _window_problems(window: Window, path: str) -> Iterator[Problem]:
    start, end = window.start, window.end
    times = [*time_problems(start, f"{path}.start"), *time_problems(end, f"{path}.end")]
    yield from day_problems(window.day, f"{path}.day")
    yield from times
    if not times and minutes(end) <= minutes(start):
        yield Problem(f"{path}.end", end, f"must be later than start, {start}")
