"""Least squares without negative factors, in plain Python: there are few factors and a few hundred rows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ROUNDS = 8
"""Repetitions with weights from the last errors. More change the fourth digit."""

SWEEPS = 4_000
"""Most sweeps over the factors, one after the other (coordinate descent)."""

SETTLED = 1e-12
"""Largest relative change of a factor in a sweep after which it ends."""

FLOOR = 0.08
"""Errors below this count the same. Above, an error counts by its size and not its square, so that single figures do
not decide."""


@dataclass(frozen=True)
class Row:
    """One figure: the time that the terms must add up to."""

    terms: Mapping[str, float]
    seconds: float
    weight: float
    years: float = 0.0
    """Age, for the trend."""


def fitted(
    rows: Sequence[Row], names: Sequence[str], fixed: Mapping[str, float], trend: str | None = None
) -> dict[str, float]:
    """Factors for these names, none below 0, beside the fixed ones. It minimizes the relative errors, weighted.

    `trend`: name of a factor that makes the time of a row longer by this share for each year of its age.
    """
    used = [name for name in names if any(row.terms.get(name) for row in rows)]
    columns = [[row.terms.get(name, 0.0) / row.seconds for name in used] for row in rows]
    known = [sum(row.terms.get(name, 0.0) * fixed[name] for name in fixed) / row.seconds for row in rows]
    weights, plain = [row.weight for row in rows], [1.0 for _ in rows]
    found: list[float] = []
    for _ in range(ROUNDS):
        # The trend multiplies the other terms. As a term of its own, it multiplies what they were the round before.
        cells = _with_trend(columns, rows, plain) if trend else columns
        found = _solved(cells, [1 - each for each in known], weights)
        plain = [_sum(column, found) + each for column, each in zip(columns, known, strict=True)]
        share = found[len(used)] if trend else 0.0
        ratios = [each * (1 + share * row.years) for each, row in zip(plain, rows, strict=True)]
        weights = [_weight(row, ratio) for row, ratio in zip(rows, ratios, strict=True)]
    return dict(zip([*used, trend] if trend else used, found, strict=True))


def _with_trend(
    columns: Sequence[Sequence[float]], rows: Sequence[Row], plain: Sequence[float]
) -> list[list[float]]:
    return [[*cells, row.years * each] for cells, row, each in zip(columns, rows, plain, strict=True)]


def _sum(column: Sequence[float], factors: Sequence[float]) -> float:
    return sum(cell * factor for cell, factor in zip(column, factors, strict=False))


def _weight(row: Row, ratio: float) -> float:
    return row.weight / max(abs(math.log(max(ratio, 1e-3))), FLOOR) / max(ratio, 1e-3)


def _solved(
    columns: Sequence[Sequence[float]], rest: Sequence[float], weights: Sequence[float]
) -> list[float]:
    size = range(len(columns[0]) if columns else 0)
    products = [[0.0 for _ in size] for _ in size]
    aims = [0.0 for _ in size]
    for column, left, weight in zip(columns, rest, weights, strict=True):
        for one in size:
            aims[one] += weight * column[one] * left
            for other in size:
                products[one][other] += weight * column[one] * column[other]
    found = [0.0 for _ in size]
    for _ in range(SWEEPS):
        change = 0.0
        for one in size:
            if products[one][one] <= 0:
                continue
            slope = aims[one] - sum(products[one][other] * found[other] for other in size)
            better = max(0.0, found[one] + slope / products[one][one])
            change = max(change, abs(better - found[one]) / (better or 1.0))
            found[one] = better
        if change < SETTLED:
            break
    return found
