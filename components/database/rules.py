"""Checks that the databases share: bounds, words, times."""

import re
from collections.abc import Iterator, Sequence

from facts.databases import DAYS
from facts.problem import Problem

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


def range_problems(
    value: int | None, bounds: tuple[int, int], path: str, unit: str = ""
) -> Iterator[Problem]:
    """A number outside its bounds. The bounds themselves are allowed. None is valid."""
    low, high = bounds
    if value is not None and not low <= value <= high:
        yield Problem(path, value, f"must be from {low:,} to {high:,}{unit and f' {unit}'}")


def least_problems(value: int | None, least: int, path: str, unit: str = "") -> Iterator[Problem]:
    """A number below the minimum. None is valid."""
    if value is not None and value < least:
        yield Problem(path, value, f"must be {least:,} or more{unit and f' {unit}'}")


def word_problems(value: str | None, words: Sequence[str], path: str) -> Iterator[Problem]:
    """A word that the service does not know. None is valid."""
    if value is None or value in words:
        return
    yield Problem.not_one_of(path, value, words)


def time_problems(value: str | None, path: str) -> Iterator[Problem]:
    """An invalid time of day. None is valid."""
    if value is not None and not _TIME.fullmatch(value):
        yield Problem(path, value, "must be a time of day in UTC, HH:MM, in quotes")


def day_problems(value: str | None, path: str) -> Iterator[Problem]:
    """An unknown day of the week. None is valid."""
    yield from word_problems(value, DAYS, path)


def minutes(time: str) -> int:
    """Minutes since midnight of a valid time of day."""
    hours, _, rest = time.partition(":")
    return int(hours) * 60 + int(rest)


def endpoint_problems(nsg_ids: Sequence[object], *, path: str) -> Iterator[Problem]:
    """A private endpoint without a security group: the subnet's own list would allow nobody, or everybody."""
    if not nsg_ids:
        yield Problem(f"{path}.nsgIds", [], "must name at least one network security group")
