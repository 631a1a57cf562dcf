"""Promtool asks the autoscaler's queries in the states of a model: each returns one finite number, or nothing."""

from pathlib import Path

import pytest

from facts.scraped_metrics import known_series
from serving.watching.promql import query_problems
from tests.support.system_tools import tool
from tests.traffic.parts.rule_tests import promtool
from tests.traffic.parts.scaling_states import STATES, promtool_file, queries


@pytest.mark.parametrize("signal", queries())
def test_a_query_reads_only_metrics_that_exist(signal: str) -> None:
    assert not list(query_problems(queries()[signal], known_series("amd_"), path=signal))


@pytest.mark.prove
@pytest.mark.parametrize("name", STATES)
def test_each_query_wants_a_finite_number_of_engines(name: str, tmp_path: Path) -> None:
    state = STATES[name]
    assert state.wants.keys() == queries().keys()
    (tmp_path / "state.yaml").write_text(promtool_file(state, queries()))
    status, said = promtool(tool("promtool"), "test", "rules", "state.yaml", folder=tmp_path)
    assert status == 0, said


@pytest.mark.prove
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" or vector(0)", ""),
        ("unless", "and"),
        (" >= 0)", ")"),
        ('track="stable"', 'track=~".*"'),
        ("> 0)", "> -1)"),
    ],
)
def test_a_changed_query_fails_in_some_state(old: str, new: str, tmp_path: Path) -> None:
    changed = {signal: query.replace(old, new) for signal, query in queries().items()}
    assert changed != queries()
    failed: list[str] = []
    for name, state in STATES.items():
        (tmp_path / "state.yaml").write_text(promtool_file(state, changed))
        status, _ = promtool(tool("promtool"), "test", "rules", "state.yaml", folder=tmp_path)
        failed += [name] if status else []
    assert failed
