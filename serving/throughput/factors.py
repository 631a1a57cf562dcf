"""The fitted factors, and what the fit says about itself. `python -m serving.throughput.fit` writes the file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from .span import Span, read_span

FILE = Path(__file__).parent / "factors.json"


@dataclass(frozen=True, kw_only=True)
class Range:
    """How far a figure may be from the prediction, as a factor above 1 in both directions."""

    throughput: float
    inter_token: float
    first_token: float


@dataclass(frozen=True, kw_only=True)
class Factors:
    """The file."""

    factors: Mapping[str, float]
    ranges: Mapping[str, Range]
    """By family."""
    spans: Mapping[str, Span]


@cache
def fitted_factors() -> Factors:
    """The factors of the file."""
    content = cast("dict[str, dict[str, object]]", json.loads(FILE.read_text(encoding="utf-8")))
    ranges = cast("dict[str, dict[str, float]]", content["ranges"])
    return Factors(
        factors=cast("dict[str, float]", content["factors"]),
        ranges={
            family: Range(
                throughput=value["throughput"],
                inter_token=value["interToken"],
                first_token=value["firstToken"],
            )
            for family, value in ranges.items()
        },
        spans={name: read_span(cast("dict[str, object]", value)) for name, value in content["spans"].items()},
    )
