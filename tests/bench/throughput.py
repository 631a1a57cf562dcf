"""How wrong the predicted throughput is about sources that the fit has not seen. Needs no GPU: it judges by figures."""

import math
from collections.abc import Callable, Iterable

from facts.throughput.figures import Measurement, measurements
from serving.throughput.factors import fitted_factors
from serving.throughput.fit import ENGINE, fit_factors, usable
from serving.throughput.judge import SEVERAL, Judged, Judgement, covering, judge_figure, judgement, mean_error
from serving.throughput.measured import measured_engine
from tests.bench.figure import Figure

UNCOVERED = 20.0
"""Most per cent of the left-out figures that may be outside the stated range."""


def figures() -> list[Figure]:
    """One figure for each source and version, the means, what the ranges cover, and what is not fitted."""
    judged = judgement(usable(), fit_factors)
    known = judged.known()
    errors = [mean_error(each) for each in _groups(known, _source).values()]
    return [
        *_sources(judged),
        *(
            Figure(f"{name}, left out", 100 * mean_error(each), "%", f"mean error of {len(each)} figures")
            for name, each in _groups(known, _version).items()
        ),
        Figure(
            "all sources, left out", 100 * sum(errors) / len(errors), "%", "mean of the sources; goal: 10 %"
        ),
        Figure(
            "all figures, left out", 100 * mean_error(known), "%", f"mean of {len(known)} figures; goal: 10 %"
        ),
        *_coverage(judged),
        *_latencies(judged),
        *_others(),
    ]


def _sources(judged: Judgement) -> Iterable[Figure]:
    factors = fitted_factors().factors
    for name, each in _groups(judged.left_out, _source).items():
        fitted = mean_error(judge_figure(one.figure, factors) for one in each)
        known = [one for one in each if not one.unknown]
        said = f"{len(known)} of {len(each)} figures in the span of the others; fitted {fitted:.1%}"
        if known:
            yield Figure(f"{name}, left out", 100 * mean_error(known), "%", said)
        else:
            yield Figure(f"{name}, fitted", 100 * fitted, "%", f"unknown if left out: {each[0].unknown[0]}")


def _coverage(judged: Judgement) -> Iterable[Figure]:
    ranges = fitted_factors().ranges
    known = judged.known()
    outside = [
        each for each in known if abs(math.log(each.throughput)) > math.log(ranges[each.family].throughput)
    ]
    share = 100 * len(outside) / len(known)
    yield Figure(
        "left-out figures outside the stated range", share, "%", f"{len(outside)} of {len(known)}", UNCOVERED
    )
    flat, mean = _unseen(known)
    said = f"mean of the sources; {flat:.0%} of the figures"
    yield Figure("covered by the range that the other sources give", 100 * mean, "%", said)


def _unseen(known: list[Judged]) -> tuple[float, float]:
    """What a range from the other sources covers: share of all figures, and the mean of the sources."""
    by_source: dict[str, list[bool]] = {}
    for each in known:
        others = [
            (other.figure.source, other.throughput)
            for other in known
            if other.family == each.family and other.figure.source != each.figure.source
        ]
        if len({name for name, _ in others}) >= SEVERAL - 1:
            inside = abs(math.log(each.throughput)) <= math.log(covering(others))
            by_source.setdefault(each.figure.source, []).append(inside)
    flat = [inside for each in by_source.values() for inside in each]
    means = [sum(each) / len(each) for each in by_source.values()]
    return sum(flat) / len(flat), sum(means) / len(means)


def _latencies(judged: Judgement) -> Iterable[Figure]:
    for name, what in (("first_token", "time to the first token"), ("inter_token", "time between tokens")):
        ratios = [ratio for each in judged.left_out if (ratio := getattr(each, name)) is not None]
        error = sum(abs(ratio - 1) for ratio in ratios) / len(ratios)
        yield Figure(f"{what}, left out", 100 * error, "%", f"{len(ratios)} figures, also outside the span")


def _others() -> Iterable[Figure]:
    factors = fitted_factors().factors
    of_others = [
        judge_figure(each, factors)
        for each in measurements()
        if each.engine != ENGINE and not each.left_out and measured_engine(each) is not None
    ]
    for name, each in _groups(of_others, _version).items():
        yield Figure(
            f"{name}, not fitted", 100 * mean_error(each), "%", f"{len(each)} figures of another engine"
        )
    unused = [each for each in measurements() if each.left_out and measured_engine(each) is not None]
    for reason in dict.fromkeys(each.left_out for each in unused):
        judged = [judge_figure(each, factors) for each in unused if each.left_out == reason]
        said = f"{len(judged)} figures: {reason}"
        yield Figure(f"{judged[0].figure.source}, not used", 100 * mean_error(judged), "%", said)


def _groups(judged: Iterable[Judged], key: Callable[[Measurement], str]) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = {}
    for each in sorted(judged, key=lambda one: key(one.figure)):
        found.setdefault(key(each.figure), []).append(each)
    return found


def _source(figure: Measurement) -> str:
    return figure.source


def _version(figure: Measurement) -> str:
    return f"{figure.engine} {figure.version}"
