"""What must hold for an Autonomous Database and its replicas, before anything is created."""

import re
from collections.abc import Iterator

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


def autonomous_database_problems(
    db_name: str,
    *,
    ecpus: int | None = None,
    storage_tb: int | None = None,
    replicas: int | None = None,
    refresh_seconds: int | None = None,
    db_version: str | None = None,
    workload: str | None = None,
    license_model: str | None = None,
    backup_days: int | None = None,
    maintenance: tuple[str, str, str] | None = None,
    has_key: bool = False,
    has_vault: bool = False,
    password_secret_version: int | None = None,
    path: str,
) -> Iterator[Problem]:
    """What is wrong with the plain values; `maintenance` is day, start and end."""
    yield from _name_problems(db_name, replicas or 0, path)
    yield from least_problems(ecpus, AUTONOMOUS_ECPUS_LEAST, f"{path}.ecpus")
    yield from range_problems(storage_tb, AUTONOMOUS_STORAGE_TB, f"{path}.storageTb", "TB")
    yield from least_problems(replicas, 0, f"{path}.replicas")
    yield from least_problems(password_secret_version, 1, f"{path}.passwordSecretVersion")
    yield from word_problems(db_version, AUTONOMOUS_VERSIONS, f"{path}.dbVersion")
    yield from word_problems(workload, AUTONOMOUS_WORKLOADS, f"{path}.workload")
    yield from word_problems(license_model, AUTONOMOUS_LICENSES, f"{path}.licenseModel")
    yield from range_problems(backup_days, AUTONOMOUS_BACKUP_DAYS, f"{path}.backupDays", "days")
    yield from _refresh_problems(refresh_seconds, replicas or 0, path)
    if maintenance:
        yield from _window_problems(*maintenance, path=f"{path}.maintenance")
    if has_key != has_vault:
        missing, other = ("vaultId", "keyId") if has_key else ("keyId", "vaultId")
        yield Problem(
            f"{path}.{missing}", None, f"must be set with {other}: OCI asks for a key and its vault"
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
        yield Problem(where, refresh_seconds, "must not be set: there are no replicas to refresh")
    else:
        yield from range_problems(refresh_seconds, REFRESH_SECONDS, where, "seconds")


def _window_problems(day: str, start: str, end: str, *, path: str) -> Iterator[Problem]:
    times = [*time_problems(start, f"{path}.start"), *time_problems(end, f"{path}.end")]
    yield from day_problems(day, f"{path}.day")
    yield from times
    if not times and minutes(end) <= minutes(start):
        yield Problem(f"{path}.end", end, f"must be later than start, {start}")
