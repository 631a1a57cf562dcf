"""The numbers of the autoscaler: when an engine is added, when one is removed, and how fast.

Each signal is a sum over the engines. It has two values per engine: above the first, an engine is added; below the
second, one is removed. Between the two nothing changes. After an engine was removed, the others have at most the second
value, so they are not above the first. Docs/scaling.md says how the requirement's thresholds became these numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from serving.watching.objectives import DEFAULT_FIRST_TOKEN

REQUESTS_OUT, REQUESTS_IN = 48.0, 32.0
"""Running and waiting requests of an engine. Assumed: three quarters and half of the 64 at which
`serving.jobs.benchmark` measures. The requirement's queue of 100 and 10 requests counts only what waits, so it begins
to add an engine minutes too late."""

CACHE_OUT, CACHE_IN = 85.0, 50.0
"""Percent of the key-value cache: the requirement's 85 % and 50 % of a GPU. A GPU that runs any request is fully busy,
so its activity says nothing."""

LATE_SHARE = 0.05
"""The guard adds an engine above this share of late first tokens, the objective's. Above half of it, none is
removed."""

GUARD_STEP = 1.2
"""What the guard wants for each engine: with any number, at least one more, and more than the tolerance of 10 %."""

LEAST_EVENTS = 20
"""First tokens in the guard's window below which it does not act."""

OUT_SECONDS, IN_SECONDS = 300, 600
"""The requirement's times: one engine in this time, out and in."""

FAILURES = 3
"""Failed queries, one every 15 s, after which KEDA keeps the present number."""


class ScalingChoices(Protocol):
    """The plain values that the settings and the component share."""

    @property
    def min_engines(self) -> int | None: ...
    @property
    def max_engines(self) -> int | None: ...
    @property
    def requests_out(self) -> float | None: ...
    @property
    def requests_in(self) -> float | None: ...
    @property
    def cache_percent_out(self) -> float | None: ...
    @property
    def cache_percent_in(self) -> float | None: ...
    @property
    def first_token_seconds(self) -> float | None: ...
    @property
    def out_seconds(self) -> int | None: ...
    @property
    def in_seconds(self) -> int | None: ...
    @property
    def queries(self) -> "Mapping[str, OwnQueryChoices] | None": ...


class OwnQueryChoices(Protocol):
    """The plain values of a user's own signal."""

    @property
    def expr(self) -> str: ...
    @property
    def out_above(self) -> float: ...
    @property
    def in_below(self) -> float: ...


@dataclass(frozen=True, kw_only=True)
class Band:
    """Two values per engine of one signal."""

    out: float
    into: float

    def wish(self, load: float, present: int) -> float:
        """The engines that a load needs. The queries compute the same."""
        return max(load / self.out, min(present, load / self.into))


@dataclass(frozen=True, kw_only=True)
class ScalingPolicy:
    """The choices with their defaults."""

    requests: Band
    cache: Band
    """Shares of 1."""

    first_token_seconds: float
    out_seconds: int
    in_seconds: int

    @property
    def behavior(self) -> Mapping[str, object]:
        """The behaviour of the HorizontalPodAutoscaler: one engine in a period, in only after a quiet time."""

        def one(seconds: int, quiet: int) -> Mapping[str, object]:
            step = {"type": "Pods", "value": 1, "periodSeconds": seconds}
            return {"stabilizationWindowSeconds": quiet, "selectPolicy": "Max", "policies": [step]}

        return {
            "scaleUp": one(self.out_seconds, 0),
            "scaleDown": one(self.in_seconds, self.in_seconds),
        }


def policy_of(choices: ScalingChoices) -> ScalingPolicy:
    """The policy of a model."""
    percent_out, percent_in = (
        _or(choices.cache_percent_out, CACHE_OUT),
        _or(choices.cache_percent_in, CACHE_IN),
    )
    return ScalingPolicy(
        requests=Band(
            out=_or(choices.requests_out, REQUESTS_OUT), into=_or(choices.requests_in, REQUESTS_IN)
        ),
        cache=Band(out=percent_out / 100, into=percent_in / 100),
        first_token_seconds=_or(choices.first_token_seconds, DEFAULT_FIRST_TOKEN),
        out_seconds=OUT_SECONDS if choices.out_seconds is None else choices.out_seconds,
        in_seconds=IN_SECONDS if choices.in_seconds is None else choices.in_seconds,
    )


def _or(given: float | None, default: float) -> float:
    return default if given is None else given
