"""Service level objectives: how much of the traffic may fail or be late, and how fast that budget is used up.

An alert compares the share of bad events in two windows with a multiple of the budget. The long window shows that it
matters, and the short one that it still lasts. The windows and multiples are those of
Google's SRE workbook, for 30 days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from facts.problem import Problem
from facts.scraped_metrics import bucket_edges

FIRST_TOKEN = "vllm:time_to_first_token_seconds"  # noqa: S105  a metric
INTER_TOKEN = "vllm:inter_token_latency_seconds"  # noqa: S105  a metric

DEFAULT_AVAILABILITY = 99.5
DEFAULT_FIRST_TOKEN = 2.5
DEFAULT_INTER_TOKEN = 0.1

LATE_PERCENT = 5
"""The objectives for latency are 95th percentiles."""

WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
BURN_WINDOWS: Mapping[str, tuple[tuple[str, str, float], ...]] = {
    "fast": (("1h", "5m", 14.4),),
    "medium": (("6h", "30m", 6),),
    "slow": (("1d", "2h", 3), ("3d", "6h", 1)),
}
"""Long window, short window, and multiple of the budget."""

LEAST_EVENTS = 20
"""Events in the long window below which nothing fires: one failed request in a quiet night is no reason to call."""

FASTEST = 14.4
BY = "by (model_name, track)"


class ObjectiveChoices(Protocol):
    """The plain values of the objectives, which the component's args and the settings share."""

    @property
    def availability_percent(self) -> float | None: ...
    @property
    def first_token_seconds(self) -> float | None: ...
    @property
    def inter_token_seconds(self) -> float | None: ...


@dataclass(frozen=True, kw_only=True)
class Objective:
    """One objective: the bad events, all events, and the allowed share of bad ones."""

    name: str
    bad: str
    """PromQL with `${window}`."""

    all: str
    """PromQL with `${window}`."""

    budget: float
    """Allowed share of bad events, 0 to 1."""

    def series(self, window: str) -> str:
        """Name of the recorded share in a window."""
        return f"{RECORDED[self.name]}:ratio_rate{window}"


RECORDED: Mapping[str, str] = {
    "availability": "model:errors",
    "firstToken": "model:late_first_tokens",
    "interToken": "model:late_tokens",
}


def objective_problems(choices: ObjectiveChoices, *, path: str) -> Iterator[Problem]:
    """Objectives that the metrics cannot measure: off a histogram's bucket, or a budget that no burn rate fits."""
    most = 100 - 100 / FASTEST
    available = choices.availability_percent
    if available is not None and not most < available < 100:
        allowed = f"must be above {most:.1f} and below 100: {FASTEST} times the budget would be all requests"
        yield Problem(f"{path}.availabilityPercent", available, allowed)
    for key, value, histogram in (
        ("firstTokenSeconds", choices.first_token_seconds, FIRST_TOKEN),
        ("interTokenSeconds", choices.inter_token_seconds, INTER_TOKEN),
    ):
        edges = bucket_edges(histogram)
        if value is not None and value not in edges:
            shown = ", ".join(f"{edge:g}" for edge in edges)
            yield Problem(f"{path}.{key}", value, f"must be a bucket of {histogram}: {shown}")


def objectives(choices: ObjectiveChoices, features: frozenset[str]) -> Mapping[str, Objective]:
    """The objectives by name. Errors are counted at the router if there is one, else at the engine."""
    bad, everything = _errors(features)
    late = LATE_PERCENT / 100
    available = choices.availability_percent or DEFAULT_AVAILABILITY
    first = choices.first_token_seconds or DEFAULT_FIRST_TOKEN
    inter = choices.inter_token_seconds or DEFAULT_INTER_TOKEN
    return {
        "availability": Objective(
            name="availability", bad=bad, all=everything, budget=(100 - available) / 100
        ),
        "firstToken": _late("firstToken", FIRST_TOKEN, first, late),
        "interToken": _late("interToken", INTER_TOKEN, inter, late),
    }


def _errors(features: frozenset[str]) -> tuple[str, str]:
    if "smg" in features:
        paths = 'path=~"/v1/.*"'
        failed = f'smg_http_responses_total{{{paths},status_code=~"5.."}}'
        return _rate(failed), _rate(f"smg_http_responses_total{{{paths}}}")
    if "vllm-router" in features:
        # Its counter of requests leaves out those that failed on every engine.
        failed, answered = "vllm_router_retries_exhausted_total", "vllm_router_requests_total"
        return _rate(failed), f"({_rate(answered)} + {_rate(failed)})"
    paths = 'handler=~"/v1/.*"'
    failed = f'http_requests_total{{{paths},status="5xx"}}'
    return _rate(failed), _rate(f"http_requests_total{{{paths}}}")


def _rate(selector: str) -> str:
    return f"sum {BY} (rate({selector}[${{window}}]))"


def _late(name: str, histogram: str, seconds: float, budget: float) -> Objective:
    everything = _rate(f"{histogram}_count")
    in_time = _rate(f'{histogram}_bucket{{le=~"{edge_pattern(seconds)}"}}')
    return Objective(name=name, bad=f"({everything} - {in_time})", all=everything, budget=budget)


def edge_pattern(seconds: float) -> str:
    """The values of `le` for a bucket. Prometheus 3 writes 1.0 where some programs and Prometheus 2 write 1."""
    whole = f"{seconds:g}"
    return "|".join(dict.fromkeys((whole, repr(float(seconds)))))


def recordings(objective: Objective) -> Iterator[tuple[str, str]]:
    """The recorded shares of bad events, and of the events in the windows that alerts begin with."""
    for window in WINDOWS:
        bad, everything = (each.replace("${window}", window) for each in (objective.bad, objective.all))
        # Without any bad event there is no series of them.
        yield objective.series(window), f"({bad} or 0 * {everything}) / {everything}"


def burn_expression(objective: Objective, burn: str) -> str:
    """The condition of an alert: the budget burns too fast in a long and a short window, and there is traffic."""
    parts = [
        f"({objective.series(long)} > {factor * objective.budget:.6g}"
        f" and {objective.series(short)} > {factor * objective.budget:.6g}"
        f" and {objective.all.replace('${window}', long)} * {_SECONDS[long]} > {LEAST_EVENTS})"
        for long, short, factor in BURN_WINDOWS[burn]
    ]
    return " or ".join(parts)


_SECONDS = {"1h": 3_600, "6h": 21_600, "1d": 86_400, "3d": 259_200}
