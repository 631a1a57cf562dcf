"""The real API server for `make prove` has the versions that the toolkit deploys."""

import re

import pytest

from facts.charts import CHARTS, CRD_CHARTS
from tools.api_server.build import MODULE, VERSION
from tools.api_server.definitions import SOURCES, Source


def test_the_build_pins_the_newest_version_of_oke():
    pinned = re.findall(r"^\s*k8s\.io/kubernetes (\S+)", (MODULE / "go.mod").read_text(), re.MULTILINE)
    assert pinned == [f"v{VERSION}"]


@pytest.mark.parametrize("source", [each for each in SOURCES if each.chart], ids=lambda each: each.chart)
def test_definitions_have_the_version_of_the_chart_or_name_it(source: Source):
    chart = CHARTS[source.chart or ""].version.removeprefix("v")
    own = source.version.removeprefix("v")
    assert (source.instead_of or own) == chart
    assert source.instead_of != own


def test_definitions_of_the_prometheus_operator_have_the_version_that_its_chart_states():
    (operator,) = (each for each in SOURCES if "prometheus-operator" in each.module)
    assert operator.version in CRD_CHARTS["prometheusCrds"].purpose
