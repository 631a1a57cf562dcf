"""Grafana's dashboards read what exists."""

import json

import pytest

from serving.watching.catalogue import FEATURES
from serving.watching.dashboards import dashboards
from serving.watching.promql import query_problems
from serving.watching.rendering import Watched, all_series


def watched(*features: str, prefix: str = "amd_", **values) -> Watched:
    prices = values.pop("hour_prices", {"a": 6.0, "b": 12.0})
    return Watched(
        features=frozenset(features), models={"a": 60}, gpu_prefix=prefix, hour_prices=prices, **values
    )


def queries(what: Watched) -> list[tuple[str, str]]:
    """The place and the query of every panel, with a value for the variable."""
    return [
        (f"{name}: {panel['title']}", target["expr"].replace("$model", "a"))
        for name, text in dashboards(what).items()
        for panel in json.loads(text)["panels"]
        for target in panel["targets"]
    ]


@pytest.mark.parametrize("prefix", ["amd_", "", "my_"])
@pytest.mark.parametrize("router", ["smg", "vllm-router"])
def test_every_query_of_a_panel_reads_metrics_and_labels_that_exist(prefix: str, router: str) -> None:
    features = {*FEATURES} - {"smg", "vllm-router"} | {router}
    known = all_series(prefix)
    found = queries(watched(*features, prefix=prefix))
    assert len(found) > 20
    assert not [problem for title, query in found for problem in query_problems(query, known, path=title)]


def test_an_environment_gets_the_dashboards_of_its_parts() -> None:
    assert set(dashboards(watched())) == {"overview", "model", "cost"}
    assert set(dashboards(watched(*FEATURES))) == {"overview", "model", "gpu", "tenant", "router", "cost"}
    assert "cost" not in dashboards(watched(hour_prices={}))


def test_panels_do_not_overlap_and_have_their_own_numbers() -> None:
    for name, text in dashboards(watched(*FEATURES)).items():
        panels = json.loads(text)["panels"]
        places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
        assert len(places) == len({panel["id"] for panel in panels}) == len(panels), name
        assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)


def test_nothing_is_left_to_fill_in() -> None:
    assert "${" not in "".join(dashboards(watched(*FEATURES)).values())


def test_the_cost_of_a_model_is_that_of_its_engines() -> None:
    (query, *_) = [query for title, query in queries(watched()) if title.startswith("cost")]
    assert 'up{job="engines",model_name="a"}) * 6' in query
    assert 'up{job="engines",model_name="b"}) * 12' in query
