"""Fits the factors to the published measurements: `python -m serving.throughput.fit` writes `factors.json` again.

Dense models come first: their factors hold for every model. Then each family of models with experts gets two of its
own, for its layers and its prompts. A source counts by the square root of its figures, so that a long table does not
decide alone. With `--check`, it only says whether the file is what the measurements give.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence

from facts.throughput.figures import Measurement, measurements

from .factors import FILE
from .judge import judgement
from .least_squares import Row, fitted
from .loads import burst_terms, run_terms
from .measured import family_of_figure, measured_engine
from .span import spans
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
            factors |= fitted(_rows(of_family), names, dict(factors))
    return {name: float(f"{value:.{DIGITS}g}") for name, value in factors.items()}


def _rows(figures: Sequence[Measurement]) -> list[Row]:
    counts = Counter(each.source for each in figures)
    rows: list[Row] = []
    for each in figures:
        engine = measured_engine(each)
        if engine is None:
            continue
        weight = counts[each.source] ** -0.5
        rows.append(Row(run_terms(engine, each), each.requests * each.answer / each.output_tps, weight))
        if each.ttft_ms is not None and not each.steady:
            terms = burst_terms(engine, each)
            rows.append(Row(terms, each.ttft_ms / 1000, weight * FIRST_TOKEN_WEIGHT))
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
