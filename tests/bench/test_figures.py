"""The table of the bench says PASS or FAIL for each figure with a bound."""

import io

import pytest
from rich.console import Console

from tests.bench.__main__ import table
from tests.bench.figure import Figure


@pytest.mark.parametrize(
    ("value", "bound", "verdict"), [(1.0, 1.0, "PASS"), (1.1, 1.0, "FAIL"), (1.0, None, "")]
)
def test_a_figure_is_judged_by_its_bound(value: float, bound: float | None, verdict: str) -> None:
    figure = Figure("a figure", value, "x", "compared", bound)
    shown = io.StringIO()
    Console(file=shown, width=100).print(table([figure]))
    assert figure.verdict == figure.as_json()["verdict"] == verdict
    assert [word for word in ("PASS", "FAIL") if word in shown.getvalue()] == ([verdict] if verdict else [])
