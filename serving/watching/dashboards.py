"""Grafana dashboards from dashboards.yaml, as the JSON that Grafana reads.

Source of the fields: Grafana's JSON model of dashboards, schema version 39. They are the few that these panels need.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from facts.engine_yaml import parse_yaml

from .rendering import Watched, fill

FILE = Path(__file__).parent / "dashboards.yaml"
LABELS = {"grafana_dashboard": "1"}
"""Labels by which the sidecar of kube-prometheus-stack's Grafana finds dashboards, in any namespace."""

WIDTH, HEIGHT, COLUMNS = 12, 8, 2
SOURCE = {"type": "prometheus", "uid": "prometheus"}
"""The data source that kube-prometheus-stack creates."""

Entry = Mapping[str, Any]


@cache
def entries() -> Mapping[str, Entry]:
    """The dashboards of the file, by name."""
    read = parse_yaml(FILE.read_text(encoding="utf-8"), FILE.name).value
    return cast("Mapping[str, Entry]", read)


def dashboards(watched: Watched) -> Mapping[str, str]:
    """The dashboards of an environment by name, as JSON. Without engines there are only those of other parts."""
    return {
        name: json.dumps(_dashboard(name, entry, watched), indent=1)
        for name, entry in entries().items()
        if _wanted(entry, watched) and any(True for _ in panels(entry, watched))
    }


def panels(entry: Entry, watched: Watched) -> Iterator[Entry]:
    """The panels that have something to show in this environment, with their queries filled in."""
    for panel in cast("Sequence[Entry]", entry["panels"]):
        if not _wanted(panel, watched) or ("${cost}" in panel["query"] and not watched.hour_prices):
            continue
        words = {"gpu": watched.gpu_prefix, "cost": _cost(watched)}
        yield {**panel, "query": fill(str(panel["query"]), words)}


def _wanted(entry: Entry, watched: Watched) -> bool:
    needed = str(entry.get("onlyWith", "")).split()
    return not needed or bool(watched.features & set(needed))


def _cost(watched: Watched) -> str:
    """The price of the engines of each model in an hour: the number of engines times the price of one."""
    return " or ".join(
        f'sum by (model_name) (up{{job="engines",model_name="{model}"}}) * {price:.6g}'
        for model, price in watched.hour_prices.items()
    )


def _dashboard(name: str, entry: Entry, watched: Watched) -> dict[str, object]:
    return {
        "uid": f"genai-{name}",
        "title": entry["title"],
        "tags": ["genai"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [_variable(entry["variable"])] if "variable" in entry else []},
        "panels": [_panel(index, panel) for index, panel in enumerate(panels(entry, watched))],
    }


def _variable(variable: Entry) -> dict[str, object]:
    return {
        "name": variable["name"],
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": variable["query"], "refId": "variable"},
        "refresh": 2,
    }


def _panel(index: int, panel: Entry) -> dict[str, object]:
    row, column = divmod(index, COLUMNS)
    return {
        "id": index + 1,
        "type": "timeseries",
        "title": panel["title"],
        "datasource": SOURCE,
        "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel["unit"], "min": 0}, "overrides": []},
        "targets": [{"refId": "A", "datasource": SOURCE, "expr": panel["query"]}],
    }
