"""Dashboard: its document, its panels, and what Management Dashboard would refuse."""

import json
from typing import Any

import pytest

from components.observability.dashboard import Dashboard, DashboardArgs
from components.observability.panels import Panel, panel_problems, panels
from facts.dashboards import COLUMNS, DASHBOARD_KEYS, SEARCH_KEYS, TILE_KEYS
from facts.problem import InvalidInput
from tests.support.monitor import Recording, oci_options, run

IMPORT = "oci:ManagementDashboard/managementDashboardsImport:ManagementDashboardsImport"
EVERY = tuple(panels())


def dashboard(chosen: tuple[str, ...] = EVERY) -> Recording:
    args = DashboardArgs(
        compartment_id="ocid1.compartment.oc1..c", region="us-ashburn-1", title="prod", panels=chosen
    )
    return run(lambda: Dashboard("prod", args, oci_options()) and None)


def document(chosen: tuple[str, ...] = EVERY) -> dict[str, Any]:
    inputs = dashboard(chosen).one(IMPORT).inputs
    assert inputs["overrideSameName"] == "true", "a second import must not make a second dashboard"
    (found,) = json.loads(inputs["importDetails"])["dashboards"]
    return found


def test_the_document_has_all_that_the_api_requires():
    found = document()
    assert set(DASHBOARD_KEYS) <= set(found)
    assert all(set(SEARCH_KEYS) <= set(each) for each in found["savedSearches"])
    assert all(set(TILE_KEYS) <= set(each) for each in found["tiles"])


def test_every_tile_shows_a_search_of_the_document_and_none_covers_another():
    found = document()
    searches = {each["id"] for each in found["savedSearches"]}
    assert [each["savedSearchId"] in searches for each in found["tiles"]] == [True] * len(EVERY)
    cells = [
        (tile["row"] + row, tile["column"] + column)
        for tile in found["tiles"]
        for row in range(tile["height"])
        for column in range(tile["width"])
    ]
    assert len(set(cells)) == len(cells)
    assert {column for _, column in cells} == set(range(COLUMNS))


def test_latency_errors_gpus_and_cost_have_panels():
    kinds = {each.title.partition(":")[0] for each in panels().values()}
    assert kinds == {"Latency", "Errors", "GPU", "Cost"}


def test_a_search_asks_monitoring_for_the_query_of_its_panel():
    (search,) = document(("gpu-use",))["savedSearches"]
    (source,) = search["dataConfig"]
    assert source["type"] == "monitoringDataSource"
    assert source["parameters"]["mql"] == "GpuUtilization[5m].groupBy(resourceDisplayName).mean()"
    assert source["parameters"]["namespace"] == "gpu_infrastructure_health"
    assert search["uiConfig"]["defaultDataSource"] == source["name"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"namespace": "oci_lbas"}, "p.namespace"),
        ({"query": "responseTime[5m].groupBy(backendSetName).mean()"}, "p.query"),
        ({"query": "responseTimeHttpHeader[5m].mean("}, "p.query"),
        ({"series": "backendset"}, "p.series"),
        ({"only_with": "balancer"}, "p.onlyWith"),
    ],
)
def test_a_panel_that_would_show_nothing_is_refused(changes: dict[str, str], path: str):
    right = panels()["balancer-latency"]
    assert [*panel_problems(right, path="p")] == []
    wrong = Panel(**{**vars(right), **changes})
    assert {each.path for each in panel_problems(wrong, path="p")} == {path}


@pytest.mark.parametrize(("chosen", "path"), [((), "prod.panels"), (("gpu",), "prod.panels[0]")])
def test_a_dashboard_without_panels_or_with_unknown_ones_is_refused(chosen: tuple[str, ...], path: str):
    with pytest.raises(InvalidInput) as refused:
        dashboard(chosen)
    assert [each.path for each in refused.value.problems] == [path]
