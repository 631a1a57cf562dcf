"""Fits the factors to the published measurements: `python -m serving.throughput.fit` writes `factors.json` again.

Dense models come first: their factors hold for every model, and so does their trend over the versions. Then each
family of models with experts gets two of its own, for its layers and its prompts. The last factor says how much longer
than its work and its wait a first token takes under steady traffic. A source counts by the square root of its figures,
so that a long table does not decide alone. With `--check`, it only says whether the file is what the measurements give.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence

from facts.throughput.figures import Measurement, measurements

from .factors import FILE
from .judge import judge_figure, judgement
from .least_squares import Row, fitted
from .loads import FIRST_TOKEN, burst_terms, run_terms
from .measured import family_of_figure, measured_engine
from .span import spans
from .trend import TREND, age, slower
from .work import DENSE_TERMS, family_terms

ENGINE = "vllm"
"""Only its figures are fitted: the engines of this toolkit are vLLM."""

FIRST_TOKEN_WEIGHT = 0.3
"""Weight of a time to the first token beside a throughput: it also has the time of the client."""

DIGITS = 5
"""Digits that are kept of a factor."""


def usable() -> tuple[Measurement, ...]:
    """The measurements that the fit may use."""
    return tuple(
        each
        for each in measurements()
        if each.engine == ENGINE and not each.left_out and measured_engine(each) is not None
    )


def fit_factors(figures: Sequence[Measurement]) -> dict[str, float]:
    """The factors that fit these figures best."""
    factors: dict[str, float] = {}
    for family in ("dense", "experts", "latent"):
        of_family = [each for each in figures if family_of_figure(each) == family]
        names = DENSE_TERMS if family == "dense" else family_terms(family)
        if of_family:
            found = fitted(_rows(of_family, factors), names, factors, None if TREND in factors else TREND)
            factors |= found
    factors[FIRST_TOKEN] = _first_token(figures, factors)
    return {name: float(f"{value:.{DIGITS}g}") for name, value in factors.items()}


def _first_token(figures: Sequence[Measurement], factors: Mapping[str, float]) -> float:
    """The weighted median of published over predicted, under steady traffic. 1: no figure has it."""
    steady = [each for each in figures if each.steady and each.ttft_ms is not None]
    counts = Counter(each.source for each in steady)
    ratios = sorted(
        (1 / ratio, counts[each.source] ** -0.5)
        for each in steady
        if (ratio := judge_figure(each, factors).first_token)
    )
    half, reached = sum(weight for _, weight in ratios) / 2, 0.0
    for ratio, weight in ratios:
        reached += weight
        if reached >= half:
            return ratio
    return 1.0


def _rows(figures: Sequence[Measurement], known: Mapping[str, float]) -> list[Row]:
    counts = Counter(each.source for each in figures)
    rows: list[Row] = []
    for each in figures:
        engine = measured_engine(each)
        if engine is None:
            continue
        weight, years, before = counts[each.source] ** -0.5, age(each), slower(each, known)
        took = each.requests * each.answer / each.output_tps
        rows.append(Row(run_terms(engine, each), took / before, weight, years))
        if each.ttft_ms is not None and not each.steady:
            terms = burst_terms(engine, each)
            rows.append(Row(terms, each.ttft_ms / 1000 / before, weight * FIRST_TOKEN_WEIGHT, years))
    return rows


def content() -> str:
    """What the file must contain."""
    figures = usable()
    factors = fit_factors(figures)
    judged = judgement(figures, fit_factors)
    value = {
        "factors": factors,
        "ranges": judged.ranges(figures, factors),
        "spans": {name: span.as_json() for name, span in spans(figures).items()},
        "residuals": judged.residuals(figures, factors),
    }
    return json.dumps(value, indent=2) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the file, or check it."""
    wanted = content()
    if list(arguments) == ["--check"]:
        same = FILE.is_file() and FILE.read_text(encoding="utf-8") == wanted
        print("factors.json is up to date" if same else "factors.json differs: run the fit and commit it")  # noqa: T201
        return 0 if same else 1
    FILE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
