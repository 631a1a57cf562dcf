"""The fit: the solver against known factors, and the stored file against the measurements."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.throughput import fit
from serving.throughput.factors import FILE, fitted_factors
from serving.throughput.judge import Judgement, judge_figure, judgement, mean_error
from serving.throughput.least_squares import Row, fitted
from serving.throughput.trend import slower

factor = st.floats(0, 10)
cells = st.lists(st.tuples(*[st.floats(0.1, 10)] * 3), min_size=8, max_size=12, unique=True)


@given(st.tuples(factor, factor, factor), cells)
def test_the_solver_never_misses_times_that_factors_explain(wanted, columns):
    rows = []
    for column in columns:
        took = sum(one * other for one, other in zip(wanted, column, strict=True)) + 0.5 * column[0]
        if took > 0.01:
            rows.append(Row(dict(zip("abc", column, strict=True)), took, 1.0))
    if not rows:
        return
    found = fitted(rows, "bc", {"a": wanted[0] + 0.5})
    assert all(value >= 0 for value in found.values())
    for row in rows:
        reached = sum(row.terms[name] * value for name, value in found.items())
        assert reached + row.terms["a"] * (wanted[0] + 0.5) == pytest.approx(row.seconds, rel=0.02)


def test_a_factor_that_would_be_negative_is_nothing():
    rows = [Row({"a": 1.0, "b": part}, 10 - part, 1.0) for part in (1.0, 2.0, 3.0)]
    found = fitted(rows, "ab", {})
    assert found["b"] == 0
    assert found["a"] == pytest.approx(8, rel=0.1)


@pytest.fixture(scope="module")
def content() -> str:
    return fit.content()


@pytest.fixture(scope="module")
def judged() -> Judgement:
    return judgement(fit.usable(), fit.fit_factors)


def test_the_command_reproduces_the_stored_factors(content):
    assert FILE.read_text(encoding="utf-8") == content, "run python -m serving.throughput.fit, and commit it"


def test_the_command_writes_the_file_and_notices_another(content, tmp_path, monkeypatch, capsys):
    other = tmp_path / "factors.json"
    monkeypatch.setattr(fit, "FILE", other)
    monkeypatch.setattr(fit, "content", lambda: content)
    assert fit.main(["--check"]) == 1
    assert "run the fit" in capsys.readouterr().out
    assert fit.main([]) == 0
    assert fit.main(["--check"]) == 0
    assert other.read_text(encoding="utf-8") == content


def test_no_factor_beats_the_peak_of_the_hardware():
    factors = fitted_factors().factors
    for name in ("weights", "cache", "multiply", "exchange", "prompt", "promptAttention"):
        assert factors[name] >= 1, name


def test_the_stated_ranges_cover_four_fifths_of_the_figures_of_left_out_sources(judged):
    known, ranges = judged.known(), fitted_factors().ranges
    inside = [abs(math.log(each.throughput)) <= math.log(ranges[each.family].throughput) for each in known]
    assert len({each.figure.source for each in known}) >= 5
    assert sum(inside) / len(inside) >= 0.8


def test_the_fitted_figures_are_within_a_tenth_on_average():
    factors = fitted_factors().factors
    assert mean_error(judge_figure(each, factors) for each in fit.usable()) < 0.1


def test_a_left_out_source_does_not_decide_its_own_prediction(judged):
    source = "oracle-405b"
    without = fit.fit_factors([each for each in fit.usable() if each.source != source])
    for each in (one for one in judged.left_out if one.figure.source == source):
        assert each.throughput == judge_figure(each.figure, without).throughput


def test_what_only_one_source_has_is_unknown_without_it(judged):
    alone = [each for each in judged.left_out if each.figure.source == "dstack-r1"]
    assert all("no figure is of latent" in each.unknown[0] for each in alone)


def test_the_file_has_the_residuals_of_each_source():
    stored = json.loads(FILE.read_text(encoding="utf-8"))["residuals"]
    assert set(stored) == {each.source for each in fit.usable()}
    assert all(0 <= each["fitted"] < 0.25 for each in stored.values())


def test_left_out_sources_are_predicted_within_a_tenth(judged):
    by_source = {each.figure.source for each in judged.known()}
    errors = [
        mean_error(each for each in judged.known() if each.figure.source == source) for source in by_source
    ]
    assert sum(errors) / len(errors) < 0.1
    assert mean_error(judged.known()) < 0.1


def test_the_solver_finds_a_trend_and_its_terms():
    rows = [
        Row({"a": one, "b": other}, (2 * one + 3 * other) * (1 + 0.2 * years), 1.0, years)
        for years, (one, other) in zip(
            (0.0, 0.5, 1.0, 1.5, 0.2), ((1, 4), (4, 1), (2, 2), (5, 1), (1, 6)), strict=True
        )
    ]
    assert fitted(rows, "ab", {}, "trend") == pytest.approx({"a": 2, "b": 3, "trend": 0.2}, rel=0.01)


def test_an_older_version_of_the_same_load_is_predicted_slower():
    factors = fitted_factors().factors
    same = [
        each
        for each in fit.usable()
        if each.source == "amd-vllm-docker" and each.gpus == 8 and (each.prompt, each.concurrency) == (128, 8)
    ]
    took = {each.version: slower(each, factors) for each in same}
    assert took["0.6.6"] > took["0.8.5"] > took["0.9.1"] > 1
    assert slower(replace(same[0], version="0.26.0"), factors) == 1
