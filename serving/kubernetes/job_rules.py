"""What is refused about the jobs that test and measure engines."""

import re
from collections.abc import Iterator

from facts.problem import Problem
from facts.schedules import schedule_problem
from facts.storage import climbs

from .server_rules import image_problems

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
    if not _PREFIX.fullmatch(prefix) or climbs(prefix):
        yield Problem(
            f"{path}.prefix", prefix, "must be names of letters, digits, ., _ and -, with / between them"
        )
    if schedule is not None:
        why = schedule_problem(schedule)
        if why:
            allowed = f"must be five fields: minute, hour, day, month, weekday; {why}"
            yield Problem(f"{path}.schedule", schedule, allowed, "For example 0 3 * * 0, on Sundays at three")
