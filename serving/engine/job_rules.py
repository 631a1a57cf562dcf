"""Problems of the jobs that test and measure engines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Protocol

from facts.problem import Problem
from facts.schedules import never_comes, schedule_problem
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


class BenchmarkChoices(Protocol):
    """The plain values of a load benchmark, which the component's args and the settings share."""

    @property
    def requests(self) -> int | None: ...
    @property
    def concurrency(self) -> int | None: ...
    @property
    def input_tokens(self) -> int | None: ...
    @property
    def output_tokens(self) -> int | None: ...
    @property
    def tolerance_percent(self) -> int | None: ...
    @property
    def schedule(self) -> str | None: ...
    @property
    def prefix(self) -> str | None: ...


@dataclass(frozen=True, kw_only=True)
class Load:
    """A load benchmark with its defaults."""

    requests: int = 512
    concurrency: int = 64
    input_tokens: int = 1024
    output_tokens: int = 256
    tolerance_percent: int = 10
    schedule: str | None = None
    prefix: str = "benchmarks"


def load_of(benchmark: BenchmarkChoices) -> Load:
    """The benchmark, with defaults for values that are not set."""
    given = {field.name: getattr(benchmark, field.name) for field in fields(Load)}
    return Load(**{name: value for name, value in given.items() if value is not None})


def benchmark_problems(
    benchmark: BenchmarkChoices, *, context_tokens: int | None = None, path: str
) -> Iterator[Problem]:
    """Problems of a load benchmark at `path`.<key as in the stack config>. `context_tokens` is the model's context."""
    load = load_of(benchmark)
    counts = {
        "concurrency": load.concurrency,
        "inputTokens": load.input_tokens,
        "outputTokens": load.output_tokens,
    }
    for key, value in counts.items():
        if value < 1:
            yield Problem(f"{path}.{key}", value, "must be 1 or more")
    if load.requests < load.concurrency:
        allowed = f"must be {load.concurrency} or more, the concurrency"
        yield Problem(
            f"{path}.requests",
            load.requests,
            allowed,
            "With fewer requests that concurrency is never reached",
        )
    if context_tokens is not None and load.input_tokens + load.output_tokens > context_tokens:
        allowed = f"must leave room for an answer of {load.output_tokens} tokens in the context of {context_tokens:,}"
        yield Problem(f"{path}.inputTokens", load.input_tokens, allowed)
    if not 1 <= load.tolerance_percent <= 90:
        yield Problem(f"{path}.tolerancePercent", load.tolerance_percent, "must be from 1 to 90")
    yield from prefix_problems(load.prefix, path=path)
    yield from run_time_problems(load.schedule, path=path)


def prefix_problems(prefix: str, *, path: str) -> Iterator[Problem]:
    """Problems of a folder in a bucket, at `path`.prefix."""
    if not _PREFIX.fullmatch(prefix) or climbs(prefix):
        allowed = "must be names of letters, digits, ., _ and -, separated by /"
        yield Problem(f"{path}.prefix", prefix, allowed)


def run_time_problems(schedule: str | None, *, path: str) -> Iterator[Problem]:
    """Problems of a cron expression, at `path`.schedule. None: the job never runs by itself."""
    if schedule is None:
        return
    why = schedule_problem(schedule)
    if why:
        allowed = f"must be five fields: minute, hour, day, month, weekday; {why}"
        fix = "For example 0 3 * * 0, which is Sundays at 03:00"
        yield Problem(f"{path}.schedule", schedule, allowed, fix)
    elif never_comes(schedule):
        allowed = "must name a day that its months have: it would never run"
        yield Problem(f"{path}.schedule", schedule, allowed)
