"""Predicts how fast an engine answers a load, with the range that the fit believes, or says that it is unknown."""

from dataclasses import dataclass

from .factors import fitted_factors
from .loads import Load, Speed, steady_speed
from .span import outside, span_name
from .work import Engine, family_of


@dataclass(frozen=True, kw_only=True)
class Between:
    """A predicted figure with its range."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """The speed of one engine under steady traffic."""

    running: float
    """Requests at the same time that have room in the cache."""
    output_tps: Between
    """Answer tokens a second."""
    total_tps: Between
    """Prompt and answer tokens a second."""
    requests_per_minute: Between
    ttft_seconds: Between
    """Mean time to the first token."""
    itl_seconds: Between
    """Mean time between tokens."""
    sources: tuple[str, ...]
    """Sources of the figures that span it (facts/throughput/figures)."""


@dataclass(frozen=True)
class Unknown:
    """Outside what the figures span."""

    reasons: tuple[str, ...]


def predict(engine: Engine, load: Load) -> Prediction | Unknown:
    """The speed of the engine under this load."""
    known = fitted_factors()
    reasons = outside(engine, load, known.spans)
    if not reasons and engine.plan.tokens < load.prompt + load.answer:
        reasons = [f"{engine.plan.tokens:,} tokens fit in its cache, fewer than one request needs"]
    if reasons:
        return Unknown(tuple(reasons))
    speed = steady_speed(engine, load, known.factors)
    span = known.spans[span_name(engine)]
    return _prediction(speed, engine, span.sources)


def _prediction(speed: Speed, engine: Engine, sources: tuple[str, ...]) -> Prediction:
    limits = fitted_factors().ranges[family_of(engine.model)]
    return Prediction(
        running=speed.running,
        output_tps=_between(speed.output_tps, limits.throughput),
        total_tps=_between(speed.total_tps, limits.throughput),
        requests_per_minute=_between(speed.requests_per_second * 60, limits.throughput),
        ttft_seconds=_between(speed.ttft_seconds, limits.first_token),
        itl_seconds=_between(speed.itl_seconds, limits.inter_token),
        sources=sources,
    )


def _between(value: float, factor: float) -> Between:
    return Between(low=value / factor, value=value, high=value * factor)
