"""Checks of a schedule that stops node pools out of hours."""

import re
from collections.abc import Iterator
from typing import Protocol

from facts.names import DIGEST
from facts.ocids import is_placeholder
from facts.problem import Problem
from facts.schedules import never_comes, schedule_problem

from .pool_rules import FIXED, program_sizes

MOST_POOLS = 30
"""Pools of one schedule. A function's configuration has at most 4 KB, and a pool's OCID and size need up to 120
bytes."""

_IMAGE = re.compile(r"(?P<place>[a-z0-9-]+)\.ocir\.io/[\w.-]+(/[\w.-]+)+:[\w.-]+", re.ASCII)


class ScheduleChoices(Protocol):
    """The plain values of a schedule that settings and component share."""

    @property
    def stop(self) -> str: ...
    @property
    def start(self) -> str: ...
    @property
    def image(self) -> str: ...
    @property
    def image_digest(self) -> str: ...


def schedule_choice_problems(chosen: ScheduleChoices, *, path: str) -> Iterator[Problem]:
    """Times that never come or cannot be read, and an image that Functions cannot run or that can change."""
    for key, text in (("stop", chosen.stop), ("start", chosen.start)):
        yield from time_problems(text, path=f"{path}.{key}")
    if chosen.stop == chosen.start:
        yield Problem(
            f"{path}.start", chosen.start, "must differ from stop: one of them would undo the other"
        )
    yield from image_problems(chosen.image, chosen.image_digest, path=path)


def image_problems(image: str, digest: str, *, path: str) -> Iterator[Problem]:
    """An image that Functions cannot run, or that can change."""
    if not is_placeholder(image) and not _IMAGE.fullmatch(image):
        allowed = "must be an image with a tag in OCI's registry, e.g. iad.ocir.io/NAMESPACE/pool-hours:1.0.0"
        yield Problem(f"{path}.image", image, allowed, "Functions pulls images only from there")
    if not is_placeholder(digest) and not DIGEST.fullmatch(digest):
        allowed = "must be sha256: and 64 hexadecimal digits"
        yield Problem(f"{path}.imageDigest", digest, allowed, "A tag can be pushed again")


def owner_problems(size_owner: str, *, path: str) -> Iterator[Problem]:
    """A pool whose size has another owner, such as an autoscaler, which would start nodes again at once."""
    if not program_sizes(size_owner):
        allowed = f"must be a pool with sizeOwner {FIXED}: here, {size_owner} and the schedule would both set the size"
        yield Problem(
            path, size_owner, allowed, "Leave the pool out: an autoscaler can also go down to minNodes 0"
        )


def pool_count_problems(count: int, *, path: str) -> Iterator[Problem]:
    """No pool, or more than the function's configuration has room for."""
    if not 1 <= count <= MOST_POOLS:
        yield Problem(f"{path}.pools", count, f"must be 1 to {MOST_POOLS} pools")


def image_place(image: str) -> str | None:
    """The region, by key or name, of the registry of an image; None for another text."""
    found = _IMAGE.fullmatch(image)
    return found["place"] if found else None


def time_problems(text: str, *, path: str) -> Iterator[Problem]:
    """A cron expression that Resource Scheduler does not take, or that never comes."""
    if len(text.split()) in (6, 7):
        allowed = "must have five fields: minute, hour, day, month and weekday, in UTC"
        yield Problem(
            path, text, allowed, "Leave out the seconds or the year: Resource Scheduler does not have them"
        )
        return
    why = "a name instead of five fields" if text.startswith("@") else schedule_problem(text)
    if why:
        yield Problem(path, text, f"must be a cron expression in UTC, e.g. 30 19 * * 1-5: {why}")
    elif never_comes(text):
        yield Problem(path, text, "must name a day that exists")
