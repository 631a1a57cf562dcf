"""What is refused about the jobs that test and measure engines."""

import re
from collections.abc import Iterator

from facts.problem import Problem

from .server_rules import image_problems

_FIELD = r"(\*|[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)(/[0-9]+)?"
_CRON = re.compile(rf"{_FIELD}( {_FIELD}){{4}}")
_RANGES = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_PREFIX = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")


def smoke_test_problems(image: str, timeout_seconds: int, *, path: str) -> Iterator[Problem]:
    """Problems at `path`.image and .timeoutSeconds."""
    yield from image_problems(image, f"{path}.image")
    yield from timeout_problems(timeout_seconds, path=path)


def timeout_problems(timeout_seconds: int, *, path: str) -> Iterator[Problem]:
    """Problems at `path`.timeoutSeconds."""
    if not 10 <= timeout_seconds <= 3600:
        yield Problem(
            f"{path}.timeoutSeconds", timeout_seconds, "must be from 10 to 3,600 seconds for one answer"
        )


def benchmark_problems(
    *,
    requests: int,
    concurrency: int,
    input_tokens: int,
    output_tokens: int,
    tolerance_percent: int,
    schedule: str | None,
    prefix: str,
    context_tokens: int | None = None,
    path: str,
) -> Iterator[Problem]:
    """Problems of a load benchmark at `path`.<key as in the stack config>."""
    for key, value in (
        ("concurrency", concurrency),
        ("inputTokens", input_tokens),
        ("outputTokens", output_tokens),
    ):
        if value < 1:
            yield Problem(f"{path}.{key}", value, "must be 1 or more")
    if requests < concurrency:
        fix = "Fewer would never make that many at once"
        yield Problem(f"{path}.requests", requests, f"must be {concurrency} or more, the concurrency", fix)
    if context_tokens is not None and input_tokens + output_tokens > context_tokens:
        allowed = f"must leave room for {output_tokens} tokens of answer in the context of {context_tokens:,}"
        yield Problem(f"{path}.inputTokens", input_tokens, allowed)
    if not 1 <= tolerance_percent <= 90:
        yield Problem(f"{path}.tolerancePercent", tolerance_percent, "must be from 1 to 90")
    if not _PREFIX.fullmatch(prefix):
        yield Problem(
            f"{path}.prefix", prefix, "must be names of letters, digits, ., _ and -, with / between them"
        )
    if schedule is not None:
        yield from cron_problems(schedule, f"{path}.schedule")


def cron_problems(schedule: str, path: str) -> Iterator[Problem]:
    """A schedule that is none, or that Kubernetes would refuse."""
    if not _CRON.fullmatch(schedule):
        fix = "For example 0 3 * * 0, on Sundays at three"
        yield Problem(path, schedule, "must be five fields: minute, hour, day, month, weekday", fix)
        return
    for (name, least, most), field in zip(_RANGES, schedule.split(" "), strict=True):
        for number in re.findall(r"[0-9]+", field.split("/", maxsplit=1)[0]):
            if not least <= int(number) <= most:
                yield Problem(path, schedule, f"has the {name} {number}; it must be from {least} to {most}")
