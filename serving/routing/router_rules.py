"""Problems of a router before any object is created, in the user's terms."""

import re
from collections.abc import Iterator, Mapping
from math import inf, isfinite
from typing import Protocol

from facts.problem import Problem
from facts.routers import RouterOption
from serving.engine.server_rules import image_problems
from serving.traces import find_collector

from .programs import PROGRAMS, find_program
from .router_program import RouterProgram

REPLICAS, MOST_REPLICAS = 2, 20
ATTEMPTS, MOST_ATTEMPTS = 5, 10
BREAKER_FAILURES = 2
BREAKER_SECONDS, MOST_BREAKER_SECONDS = 10, 600
HEALTH_SECONDS, MOST_HEALTH_SECONDS = 2, 10
CPUS, MOST_CPUS = 1, 32
TRACE, TRACES = "enable-trace", "otlp-traces-endpoint"
MEMORY_GIB, MOST_MEMORY_GIB = 2, 256

_WHOLE = re.compile(r"-?[0-9]+", re.ASCII)
"""Both programs refuse any other value of an option whose default is whole (compared for all 111 such options)."""

MOST_WHOLE = 2**31 - 1
"""Both programs keep some options in 32 bits, and end at once with a higher number."""

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
"""The name of a header (RFC 9110, "token")."""

_NUMBERS = (
    "prometheus-duration-buckets", "retry-initial-backoff-ms", "retry-max-backoff-ms", "retry-backoff-multiplier",
    "retry-jitter-factor", "cb-success-threshold", "cb-window-duration-secs", "kv-aware-session-affinity-ttl-secs",
    "zmq-engine-count", "rdma-slot-ttl-s", "mm-pixel-cache-mb", "multimodal-max-inflight-bytes",
    "multimodal-shm-min-bytes",
)  # fmt: skip
"""Options that are numbers, and that have no default in the help of one program."""

_BACKOFFS = {"retry-initial-backoff-ms": 50, "retry-max-backoff-ms": 30_000}
"""Defaults of both programs."""


class RouterChoices(Protocol):
    """The plain values of a router, which the component's args and the settings share."""

    @property
    def implementation(self) -> str | None: ...
    @property
    def replicas(self) -> int | None: ...
    @property
    def attempts(self) -> int | None: ...
    @property
    def breaker_failures(self) -> int | None: ...
    @property
    def breaker_seconds(self) -> int | None: ...
    @property
    def health_seconds(self) -> int | None: ...
    @property
    def cpus(self) -> int | None: ...
    @property
    def memory_gib(self) -> int | None: ...
    @property
    def options(self) -> Mapping[str, str] | None: ...


def default(value: int | None, otherwise: int) -> int:
    """The value, or its default."""
    return otherwise if value is None else value


def router_problems(router: RouterChoices, *, path: str) -> Iterator[Problem]:
    """Problems at `path`.<key>: unknown program, numbers outside their limits, a breaker that opens too late, and
    options that the program does not have or that are not the user's."""
    program = find_program(router.implementation)
    if program is None:
        allowed = f"must be one of {', '.join(PROGRAMS)}"
        yield Problem.not_one_of(f"{path}.implementation", router.implementation or "", PROGRAMS, allowed)
    yield from _range_problems(router, path)
    failures, attempts = (
        default(router.breaker_failures, BREAKER_FAILURES),
        default(router.attempts, ATTEMPTS),
    )
    if 1 <= attempts <= failures:
        yield Problem(
            f"{path}.breakerFailures",
            failures,
            f"must be below `attempts`, {attempts}: all attempts of a request could go to the same stopped engine",
            f"Set it to {BREAKER_FAILURES}, and `attempts` to {ATTEMPTS}",
        )
    if program is not None:
        for name, value in (router.options or {}).items():
            yield from _option_problems(program, name, value, f"{path}.options.{name}")
        yield from _backoff_problems(router.options or {}, f"{path}.options")
        if TRACES in program.options:
            yield from _trace_problems(router.options or {}, f"{path}.options")


def router_image_problems(image: str, path: str) -> Iterator[Problem]:
    """Problems of the image: it must be pinned by its digest."""
    yield from image_problems(image, path)


def _range_problems(router: RouterChoices, path: str) -> Iterator[Problem]:
    ranges = {
        "replicas": (router.replicas, 1, MOST_REPLICAS),
        "attempts": (router.attempts, 2, MOST_ATTEMPTS),
        "breakerFailures": (router.breaker_failures, 1, MOST_ATTEMPTS),
        "breakerSeconds": (router.breaker_seconds, 1, MOST_BREAKER_SECONDS),
        "healthSeconds": (router.health_seconds, 1, MOST_HEALTH_SECONDS),
        "cpus": (router.cpus, 1, MOST_CPUS),
        "memoryGib": (router.memory_gib, 1, MOST_MEMORY_GIB),
    }
    for key, (value, least, most) in ranges.items():
        if value is not None and not least <= value <= most:
            yield Problem(f"{path}.{key}", value, f"must be {least} to {most}")


def _option_problems(program: RouterProgram, name: str, value: str, path: str) -> Iterator[Problem]:
    option = program.options.get(name)
    if option is None:
        allowed = f"is not an option of {program.name}"
        yield Problem.not_one_of(path, name, program.options, allowed)
    elif reason := program.refused.get(option.name):
        yield Problem(path, value, f"must not be set: {reason}", "Leave it out")
    else:
        yield from _value_problems(option, value, path)


def _value_problems(option: RouterOption, value: str, path: str) -> Iterator[Problem]:
    if option.kind == "switch" and value not in ("true", "false"):
        yield Problem(path, value, "must be true or false: the option is a switch")
    elif option.kind == "choice" and value not in option.choices:
        allowed = f"must be one of {', '.join(option.choices)}"
        yield Problem.not_one_of(path, value, option.choices, allowed)
    elif option.kind in ("value", "list") and (
        not value or (value.startswith("-") and not _is_number(value))
    ):
        yield Problem(path, value, "must be a value that does not begin with a dash")
    elif _WHOLE.fullmatch(option.default or "") and not _WHOLE.fullmatch(value):
        yield Problem(path, value, f"must be a whole number: the default is {option.default}")
    elif _is_number(option.default or "") and not _is_number(value):
        yield Problem(path, value, f"must be a number: the default is {option.default}")
    elif _WHOLE.fullmatch(value) and abs(float(value)) > MOST_WHOLE:
        allowed = (
            f"must be -{MOST_WHOLE:,} to {MOST_WHOLE:,}: the router ends at once with a number of more bits"
        )
        yield Problem(path, value, allowed)
    elif option.name.endswith("-headers") and not _HEADER.fullmatch(value):
        yield Problem(
            path, value, "must be the name of one header: the router ends at once with another text"
        )
    elif option.name in _NUMBERS and not _is_number(value):
        yield Problem(path, value, "must be a number: the router ends at once with another text")
    else:
        yield from _bound_problems(option, value, path)


def _bound_problems(option: RouterOption, value: str, path: str) -> Iterator[Problem]:
    """Numbers with which the real program ends or serves nothing."""
    if option.whole and not _WHOLE.fullmatch(value):
        yield Problem(path, value, "must be a whole number: the router ends at once with another one")
    elif option.least is not None and not option.least <= float(value) <= option.most:
        least, most = (
            f"{each:,.0f}" if each == round(each, 0) else f"{each:g}"
            for each in (option.least, min(option.most, MOST_WHOLE))
        )
        allowed = f"{least} or more" if option.most == inf else f"{least} to {most}"
        yield Problem(
            path,
            value,
            f"must be {allowed}: with another value the router ends at once, or answers no request",
        )


def _backoff_problems(options: Mapping[str, str], path: str) -> Iterator[Problem]:
    given = {name: options.get(name, str(default)) for name, default in _BACKOFFS.items()}
    if not all(_WHOLE.fullmatch(each) for each in given.values()):
        return
    (first, initial), (last, most) = given.items()
    if int(most) < int(initial):
        name, allowed = (
            (last, f"must be {first}, {initial}, or more")
            if last in options
            else (first, f"must be {last}, {most}, or less")
        )
        yield Problem(f"{path}.{name}", given[name], f"{allowed}: the router ends at once with another value")


def _trace_problems(options: Mapping[str, str], path: str) -> Iterator[Problem]:
    endpoint, on = options.get(TRACES), options.get(TRACE) == "true"
    if on and endpoint is None:
        allowed = "would send traces to the router's own pod: that is the default"
        yield Problem(f"{path}.{TRACE}", "true", allowed, f"Set {TRACES} to the collector, e.g. host:4317")
    if endpoint and trace_port(options) is None:
        allowed = "must be the host and port of a collector, e.g. collector.monitoring.svc.cluster.local:4317"
        yield Problem(f"{path}.{TRACES}", endpoint, allowed)
    if endpoint and not on:
        yield Problem(f"{path}.{TRACES}", endpoint, f'has no effect without {TRACE}: "true"')


def trace_port(options: Mapping[str, str]) -> int | None:
    """Port of the collector of traces, which the router must reach."""
    collector = find_collector(options[TRACES]) if TRACES in options else None
    return collector.port if collector is not None else None


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False
