"""How wrong the predictor is about a source that the fit has not seen: each source is left out in turn.

From these errors come the ranges. That of the speed covers all left-out figures in the span. That of the time between
tokens covers all figures, that of the first token nine tenths of them, each source with the same weight. A family whose
figures span no left-out source gets the errors of its own sources outside the span, or else the widest range.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from facts.throughput.figures import Measurement

from .loads import Load, burst_terms, run_terms, steady_speed
from .measured import family_of_figure, measured_engine
from .span import outside, spans
from .trend import slower
from .work import Engine, seconds

COVERED = 1.0
"""Share of the left-out speeds in a range. The goal is 0.8 of the figures of a source that nobody has seen."""

COVERED_FIRST = 0.9
"""The same for the times to the first token, which also have the time of the client."""

SEVERAL = 3
"""Left-out sources in the span from which a family has errors enough of its own."""

Fit = Callable[[Sequence[Measurement]], dict[str, float]]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One figure against a prediction."""

    figure: Measurement
    family: str
    throughput: float
    """Predicted answer tokens a second over the published ones."""
    first_token: float | None
    """Predicted time to the first token over the published one. None: none was published."""
    inter_token: float | None = None
    """Predicted time between tokens over the published one. None: none was published."""
    unknown: tuple[str, ...] = ()
    """Why the predictor gives no number here. Empty: it gives one."""

    @property
    def error(self) -> float:
        """Relative error of the throughput."""
        return self.throughput - 1


def judge_figure(figure: Measurement, factors: Mapping[str, float]) -> Judged:
    """A figure against these factors."""
    engine = measured_engine(figure)
    if engine is None:
        raise ValueError(f"{figure.model} is not a known model")
    took = seconds(run_terms(engine, figure), factors) * slower(figure, factors)
    published = figure.requests * figure.answer / figure.output_tps
    return Judged(
        figure=figure,
        family=family_of_figure(figure),
        throughput=published / took,
        first_token=_first_token(engine, figure, factors),
        inter_token=_inter_token(engine, figure, factors),
    )


def _first_token(engine: Engine, figure: Measurement, factors: Mapping[str, float]) -> float | None:
    if figure.ttft_ms is None:
        return None
    if figure.steady:
        predicted = steady_speed(engine, load_of(figure), factors).ttft_seconds
    else:
        predicted = seconds(burst_terms(engine, figure), factors)
    return predicted * slower(figure, factors) * 1000 / figure.ttft_ms


def _inter_token(engine: Engine, figure: Measurement, factors: Mapping[str, float]) -> float | None:
    if figure.itl_ms is None:
        return None
    load = load_of(figure)
    if figure.steady:
        predicted = steady_speed(engine, load, factors).itl_seconds
    else:
        # In a burst, all prompts are read before the answers go on.
        batch = engine.running(load.concurrency, load.context)
        predicted = seconds(engine.step(batch, load.context), factors)
    return predicted * slower(figure, factors) * 1000 / figure.itl_ms


def load_of(figure: Measurement) -> Load:
    """The load of a measurement."""
    concurrency = min(figure.concurrency, figure.requests)
    return Load(prompt=figure.prompt, answer=figure.answer, concurrency=concurrency)


@dataclass(frozen=True)
class Judgement:
    """Every figure, judged by a fit without its source."""

    left_out: tuple[Judged, ...]

    def known(self) -> list[Judged]:
        """Those that the predictor answers with a number."""
        return [each for each in self.left_out if not each.unknown]

    def ranges(
        self, figures: Sequence[Measurement], factors: Mapping[str, float]
    ) -> dict[str, dict[str, float]]:
        """The range of each family, by its JSON name."""
        families = sorted({each.family for each in self.left_out})
        own = {family: self._throughput(family) for family in families}
        widest = max(value for value in own.values() if value is not None)
        judged = [judge_figure(each, factors) for each in figures]
        first = covering(
            [(each.figure.source, each.first_token) for each in judged if each.first_token is not None],
            COVERED_FIRST,
        )
        return {
            family: {
                "throughput": _rounded_up(speed := own[family] or widest),
                "interToken": _rounded_up(max(speed, _between_tokens(judged, family))),
                "firstToken": _rounded_up(first),
            }
            for family in families
        }

    def _throughput(self, family: str) -> float | None:
        of_family = [each for each in self.left_out if each.family == family]
        known = [each for each in of_family if not each.unknown]
        if len({each.figure.source for each in known}) >= SEVERAL:
            return covering((each.figure.source, each.throughput) for each in known)
        if len({each.figure.source for each in of_family}) > 1:
            return covering((each.figure.source, each.throughput) for each in of_family)
        return None

    def residuals(
        self, figures: Sequence[Measurement], factors: Mapping[str, float]
    ) -> dict[str, dict[str, object]]:
        """The mean absolute error of each source: fitted, and left out. None: all of it would be unknown."""
        fitted = [judge_figure(each, factors) for each in figures]
        found: dict[str, dict[str, object]] = {}
        for source in sorted({each.source for each in figures}):
            known = [each for each in self.known() if each.figure.source == source]
            between = [
                abs(each.inter_token - 1)
                for each in fitted
                if each.figure.source == source and each.inter_token is not None
            ]
            found[source] = {
                "figures": sum(each.source == source for each in figures),
                "fitted": _rounded(mean_error(each for each in fitted if each.figure.source == source)),
                "fittedInterToken": _rounded(sum(between) / len(between)) if between else None,
                "leftOut": _rounded(mean_error(known)) if known else None,
                "unknownLeftOut": sum(
                    bool(each.unknown) for each in self.left_out if each.figure.source == source
                ),
            }
        return found


def judgement(figures: Sequence[Measurement], fit: Fit) -> Judgement:
    """Fit without each source in turn, and judge the source by that."""
    return Judgement(tuple(each for source in _names(figures) for each in _left_out(figures, source, fit)))


def _names(figures: Iterable[Measurement]) -> list[str]:
    return sorted({each.source for each in figures})


def _left_out(figures: Sequence[Measurement], source: str, fit: Fit) -> Iterator[Judged]:
    others = [each for each in figures if each.source != source]
    factors, known = fit(others), spans(others)
    for figure in figures:
        engine = measured_engine(figure)
        if figure.source != source or engine is None:
            continue
        judged = judge_figure(figure, factors)
        yield replace(judged, unknown=tuple(outside(engine, load_of(figure), known)))


def _between_tokens(judged: Iterable[Judged], family: str) -> float:
    of_family = [each for each in judged if each.family == family and each.inter_token is not None]
    return covering((each.figure.source, each.inter_token or 1.0) for each in of_family)


def mean_error(judged: Iterable[Judged]) -> float:
    """Mean absolute error of the throughput."""
    errors = [abs(each.error) for each in judged]
    return sum(errors) / len(errors)


def covering(ratios: Iterable[tuple[str, float]], share: float = COVERED) -> float:
    """The factor that covers this share of the ratios, and of them if each source has the same weight."""
    pairs = list(ratios)
    return max(_quantile(pairs, share, by_source=True), _quantile(pairs, share, by_source=False))


def _quantile(pairs: Sequence[tuple[str, float]], share: float, *, by_source: bool) -> float:
    counts: dict[str, int] = {}
    for source, _ in pairs:
        counts[source] = counts.get(source, 0) + 1
    ordered = sorted(
        (abs(math.log(ratio)), 1 / counts[source] if by_source else 1.0) for source, ratio in pairs
    )
    total, reached = sum(weight for _, weight in ordered), 0.0
    for size, weight in ordered:
        reached += weight
        if reached >= share * total - 1e-9:
            return math.exp(size)
    return math.exp(ordered[-1][0])


def _rounded(value: float) -> float:
    return round(value, 4)


def _rounded_up(value: float) -> float:
    """A range must not lose the figure at its end."""
    return math.ceil(value * 1e4) / 1e4
