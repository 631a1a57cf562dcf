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
    if not _PREFIX.fullmatch(load.prefix) or climbs(load.prefix):
        allowed = "must be names of letters, digits, ., _ and -, separated by /"
        yield Problem(f"{path}.prefix", load.prefix, allowed)
    why = schedule_problem(load.schedule) if load.schedule is not None else None
    if why:
        allowed = f"must be five fields: minute, hour, day, month, weekday; {why}"
        yield Problem(
            f"{path}.schedule", load.schedule, allowed, "For example 0 3 * * 0, which is Sundays at 03:00"
        )
    elif load.schedule is not None and never_comes(load.schedule):
        yield Problem(
            f"{path}.schedule", load.schedule, "must name a day that its months have: it would never run"
        )
