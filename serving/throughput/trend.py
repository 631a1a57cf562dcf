"""Engines got faster from version to version: how much longer an earlier one takes for the same work.

The fit knows one share, `yearly`: a figure of a version that is a year older took this much longer. It counts back from
the fastest version of the loads that AMD measures with each version. Those after it are not faster: they answer few
requests in the same time, and many requests more slowly. So they count as it.
"""

from collections.abc import Mapping
from datetime import date

from facts.throughput.figures import Measurement
from facts.throughput.releases import RELEASED, released

TREND = "yearly"
"""Name of the factor."""

FASTEST = RELEASED["0.9.0"]
"""Each other version is slower on the loads of `amd-vllm-docker` that it shares with this one, on average."""

YEAR_DAYS = 365.25


def age(figure: Measurement) -> float:
    """Years from the figure's version to the fastest, 0 from then on. A version without a number has the age of its
    publication."""
    day = released(figure.version) if figure.engine == "vllm" else None
    return max(0.0, (FASTEST - (day or date.fromisoformat(figure.published))).days / YEAR_DAYS)


def slower(figure: Measurement, factors: Mapping[str, float]) -> float:
    """How many times longer the figure's version took than the fastest."""
    return 1 + factors.get(TREND, 0.0) * age(figure)
