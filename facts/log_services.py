"""The services that write logs to OCI Logging, the categories of each, and how long a log is kept.

Source: `data/log-services.yaml` names the page of each service.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import cast

from facts.engine_yaml import read_yaml
from facts.problem import Problem

LOG_DAYS = (30, 60, 90, 120, 150, 180)
"""How long Logging keeps a log, in days. To keep it longer, send it to a bucket through a connector. Source: the
provider's page on `logging_log`."""

CIS_DAYS = 90
"""The least that CIS OCI Foundations Benchmark 3.0 asks for, as OCI's landing zones check it."""

AUDIT_DAYS = (90, 365)
"""Least and most days that the Audit service keeps its events. Source: the provider's page on
`audit_configuration`."""

NAME = "name"
"""The resource of a log that is no OCID: a bucket's name."""


@dataclass(frozen=True, kw_only=True)
class LogService:
    """A service that writes logs."""

    categories: tuple[str, ...]
    resource: str = ""
    """Type in the OCID of the logged resource, or `name`. Empty: not known, or several types."""

    page: str = ""
    """Oracle's page with the categories. Empty: they are from OCI's landing zones."""

    unverified: str = ""
    """What is known only from third-party code."""


@cache
def log_services() -> Mapping[str, LogService]:
    """The services by their names in the API."""
    found = cast(
        "Mapping[str, Mapping[str, object]]",
        read_yaml(Path(__file__).parent / "data" / "log-services.yaml").value,
    )
    return MappingProxyType({name: _service(entry) for name, entry in found.items()})


def _service(entry: Mapping[str, object]) -> LogService:
    texts = {key: str(value) for key, value in entry.items() if key != "categories"}
    return LogService(categories=tuple(cast("Sequence[str]", entry["categories"])), **texts)


def log_source_problems(service: str, category: str, *, path: str) -> Iterator[Problem]:
    """An unknown service, or a category that the service does not have."""
    services = log_services()
    if service not in services:
        allowed = "must be a service that OCI Logging knows"
        yield Problem.not_one_of(f"{path}.service", service, services, allowed)
    elif category not in services[service].categories:
        yield Problem.not_one_of(f"{path}.category", category, services[service].categories)


def log_days_problems(days: int | None, *, path: str) -> Iterator[Problem]:
    """Days for which Logging cannot keep a log. `path`: of the number."""
    if days is not None and days not in LOG_DAYS:
        fix = "To keep a log longer, send it to a bucket through a connector"
        yield Problem(path, days, f"must be one of {', '.join(map(str, LOG_DAYS))} days", fix)
