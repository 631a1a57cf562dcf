"""The panels of the dashboard: reads and checks panels.yaml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from facts.alarm_queries import query_problems
from facts.engine_yaml import read_yaml
from facts.metrics import metric_of
from facts.mql import parse_mql
from facts.problem import Problem, refuse

from .definitions import NEEDS

_FILE = Path(__file__).parent / "panels.yaml"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One chart."""

    title: str
    namespace: str
    """Namespace of the metrics."""

    query: str
    """What the chart shows, in MQL."""

    series: str
    """The dimension that names the lines."""

    only_with: str
    """What an environment must have to get the panel: a key of NEEDS."""


@cache
def panels() -> Mapping[str, Panel]:
    """The panels by name, in their order. Raises InvalidInput if the file is wrong."""
    entries = cast("Mapping[str, Mapping[str, str]]", read_yaml(_FILE).value)
    found = {
        name: Panel(**{"only_with" if key == "onlyWith" else key: text for key, text in entry.items()})
        for name, entry in entries.items()
    }
    refuse(
        (problem for name, each in found.items() for problem in panel_problems(each, path=name)),
        "the panels of the dashboard",
    )
    return found


def panel_problems(panel: Panel, *, path: str) -> Iterator[Problem]:
    """Queries that Monitoring does not accept, or that show nothing. A chart has no comparison, and what it shows is
    what an alarm could compare."""
    compared = f"{panel.query} > 0"
    yield from query_problems(panel.namespace, compared, path=path)
    for condition in parse_mql(compared) or ():
        for query in condition.queries:
            metric = metric_of(panel.namespace, query.metric)
            if metric is not None and panel.series not in metric.dimensions:
                dimensions = sorted(metric.dimensions)
                yield Problem.not_one_of(f"{path}.series", panel.series, dimensions)
    if panel.only_with not in NEEDS:
        yield Problem.not_one_of(f"{path}.onlyWith", panel.only_with, NEEDS)
