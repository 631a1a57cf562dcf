"""docs/throughput.md against the stored fit."""

import json
import re

import pytest

from infra.project.stackfile import ROOT
from serving.throughput.factors import FILE, fitted_factors
from serving.throughput.fit import usable
from serving.throughput.judge import judge_figure

PAGE = (ROOT / "docs" / "throughput.md").read_text(encoding="utf-8")
STORED = json.loads(FILE.read_text(encoding="utf-8"))["residuals"]
ROWS = {
    name: cells
    for name, *cells in re.findall(r"^\| `([a-z0-9.-]+)`.*\| (\d+) \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)
}


def test_the_table_has_each_source():
    assert set(ROWS) == set(STORED)


@pytest.mark.parametrize("source", sorted(STORED))
def test_its_errors_are_those_of_the_fit(source):
    figures, fitted, left_out = ROWS[source]
    stored = STORED[source]
    assert int(figures) == stored["figures"]
    assert float(fitted.removesuffix(" %")) == pytest.approx(100 * stored["fitted"], abs=0.06)
    if stored["leftOut"] is None:
        assert left_out == "unknown"
    else:
        assert float(left_out.removesuffix(" %")) == pytest.approx(100 * stored["leftOut"], abs=0.06)


def test_the_mean_of_the_sources_is_that_of_the_table():
    errors = [each["leftOut"] for each in STORED.values() if each["leftOut"] is not None]
    (said,) = re.findall(r"mean of the left-out sources is ([\d.]+) %", PAGE)
    assert float(said) == pytest.approx(100 * sum(errors) / len(errors), abs=0.06)


@pytest.mark.parametrize(
    ("pattern", "family", "name"),
    [
        (r"dense models is given with a factor of ([\d.]+)", "dense", "throughput"),
        (r"models with experts with\s+([\d.]+)\.", "experts", "throughput"),
        (r"time between tokens of dense models with a factor of\s+([\d.]+)", "dense", "inter_token"),
        (r"Its range is a factor of ([\d.]+):", "dense", "first_token"),
    ],
)
def test_the_ranges_are_those_of_the_fit(pattern, family, name):
    (said,) = re.findall(pattern, PAGE)
    assert float(said) == pytest.approx(getattr(fitted_factors().ranges[family], name), abs=0.006)


def test_the_times_between_tokens_are_within_the_range_of_the_speed():
    known = fitted_factors()
    judged = [judge_figure(each, known.factors) for each in usable()]
    errors = [
        (each.inter_token, known.ranges[each.family].inter_token) for each in judged if each.inter_token
    ]
    (said,) = re.findall(r"The (\d+) published figures are within it", PAGE)
    assert len(errors) == int(said)
    assert all(1 / most <= error <= most for error, most in errors)
