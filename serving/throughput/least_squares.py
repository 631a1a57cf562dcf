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


def fitted(rows: Sequence[Row], names: Sequence[str], fixed: Mapping[str, float]) -> dict[str, float]:
    """Factors for these names, none below 0, beside the fixed ones. It minimizes the relative errors, weighted."""
    used = [name for name in names if any(row.terms.get(name) for row in rows)]
    columns = [[row.terms.get(name, 0.0) / row.seconds for name in used] for row in rows]
    rest = [1 - sum(row.terms.get(name, 0.0) * fixed[name] for name in fixed) / row.seconds for row in rows]
    weights = [row.weight for row in rows]
    found = [0.0] * len(used)
    for _ in range(ROUNDS):
        found = _solved(columns, rest, weights)
        reached = [
            sum(cell * factor for cell, factor in zip(column, found, strict=True)) + 1 - left
            for column, left in zip(columns, rest, strict=True)
        ]
        weights = [
            row.weight / max(abs(math.log(max(ratio, 1e-3))), FLOOR) / max(ratio, 1e-3)
            for row, ratio in zip(rows, reached, strict=True)
        ]
    return dict(zip(used, found, strict=True))


def _solved(columns: list[list[float]], rest: list[float], weights: list[float]) -> list[float]:
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
