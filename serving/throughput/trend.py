"""Engines get faster from version to version: how much longer an earlier one takes for the same work.

The fit knows one share, `yearly`: a figure of a version that is a year older took this much longer. It counts back from
the newest version of the figures. What came later has no figures to compare, so the prediction does not count on it.
"""

from collections.abc import Mapping
from datetime import date

from facts.throughput.figures import Measurement
from facts.throughput.releases import RELEASED, released

TREND = "yearly"
"""Name of the factor."""

NEWEST = max(RELEASED.values())

YEAR_DAYS = 365.25


def age(figure: Measurement) -> float:
    """Years from the figure's version to the newest, 0 from then on. A version without a number has the age of its
    publication."""
    day = released(figure.version) if figure.engine == "vllm" else None
    return max(0.0, (NEWEST - (day or date.fromisoformat(figure.published))).days / YEAR_DAYS)


def slower(figure: Measurement, factors: Mapping[str, float]) -> float:
    """How many times longer the figure's version took than the newest."""
    return 1 + factors.get(TREND, 0.0) * age(figure)
