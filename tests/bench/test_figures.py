"""The table of the bench says PASS or FAIL for each figure with a bound."""

import io

import pytest
from click.testing import CliRunner
from rich.console import Console

from tests.bench import __main__ as bench
from tests.bench.__main__ import table
from tests.bench.figure import Figure
from tools.system_tools import REDIS


@pytest.mark.parametrize(
    ("value", "bound", "verdict"), [(1.0, 1.0, "PASS"), (1.1, 1.0, "FAIL"), (1.0, None, "")]
)
def test_a_figure_is_judged_by_its_bound(value: float, bound: float | None, verdict: str) -> None:
    figure = Figure("a figure", value, "x", "compared", bound)
    shown = io.StringIO()
    Console(file=shown, width=100).print(table([figure]))
    assert figure.verdict == figure.as_json()["verdict"] == verdict
    assert [word for word in ("PASS", "FAIL") if word in shown.getvalue()] == ([verdict] if verdict else [])


def test_a_missing_program_is_refused_before_anything_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "ensure", lambda tools: [tool for tool in tools if tool.name == REDIS.name])
    monkeypatch.setitem(bench.PARTS, "traffic", lambda: pytest.fail("measured"))
    ran = CliRunner().invoke(bench.main, ["traffic"])
    assert ran.exit_code == 1
    assert f"{REDIS.name} is missing (apt-get install {REDIS.debian})" in ran.output
    assert "name other parts than traffic" in ran.output
