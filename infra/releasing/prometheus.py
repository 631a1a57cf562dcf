"""Instant queries to a Prometheus, with the standard library."""

import http.client
import math
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast
from urllib.parse import urlencode

from facts.json_text import read_json
from facts.problem import InvalidInput, Problem
from facts.web_addresses import shown_address, split_address

SECONDS = 20
"""Time limit of a query."""


class NoPrometheusError(RuntimeError):
    """Prometheus gave no usable answer."""


@dataclass(frozen=True)
class Sample:
    """A value of a series."""

    labels: Mapping[str, str]
    value: float


class Asked(Protocol):
    """Where queries go."""

    def query(self, text: str) -> Sequence[Sample]: ...


class Prometheus:
    """A Prometheus at an address, such as a port that kubectl forwards."""

    def __init__(self, url: str) -> None:
        parts, shown = split_address(url, ("http", "https")), shown_address(url)
        if parts is None or parts.query or parts.fragment:
            allowed = "must be the address of a Prometheus, e.g. http://127.0.0.1:9090"
            raise InvalidInput([Problem("--prometheus", shown, allowed)])
        if parts.username is not None:
            allowed = "must not have a user or a password"
            raise InvalidInput([Problem("--prometheus", shown, allowed, "Forward its port with kubectl")])
        self._url = url.rstrip("/")

    def query(self, text: str) -> Sequence[Sample]:
        """The values of a query now; without those that are not a number. Raises NoPrometheusError."""
        address = f"{self._url}/api/v1/query?{urlencode({'query': text})}"
        try:
            with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310  checked above
                found = read_json(answer.read().decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            raise NoPrometheusError(
                f"Prometheus at {self._url} does not answer the query: {reason}"
            ) from None
        try:
            return [*_samples(found)]
        except (KeyError, TypeError, ValueError, IndexError):
            raise NoPrometheusError(f"{self._url} answers otherwise than Prometheus does") from None


def _samples(found: object) -> Sequence[Sample]:
    data = cast("Mapping[str, Mapping[str, object]]", found)["data"]
    if data["resultType"] != "vector":
        raise ValueError(data["resultType"])
    rows = cast("Sequence[Mapping[str, object]]", data["result"])
    samples = [
        Sample(cast("Mapping[str, str]", row["metric"]), float(cast("Sequence[str]", row["value"])[1]))
        for row in rows
    ]
    return [each for each in samples if not math.isnan(each.value)]
