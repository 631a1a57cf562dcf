"""Own queries, of alerts and of the autoscaler, on metrics of what the environment does not have."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from facts.problem import Problem
from facts.scraped_metrics import known_series
from infra.settings.serving import Serving
from serving.platform.chart_values import DEFAULT_METRIC_PREFIX
from serving.routing.target import ROUTERS, TRACKS
from serving.watching.promql import parse, selectors

from . import Traffic

CHARTS: Mapping[str, str] = {
    "ai-gateway": "aiGateway",
    "cert-manager": "certManager",
    "envoy": "gateway",
    "gpu": "metricsExporter",
    "keda": "keda",
    "rate-limit": "gateway",
}
"""The chart of serving.platform whose parts have the metrics of a file."""


def metric_prefix(serving: Serving | None) -> str:
    """Prefix of the GPU metrics: the exporter's."""
    chart = serving.platform.metrics_exporter if serving else None
    return chart.metric_prefix if chart else DEFAULT_METRIC_PREFIX


def absent_metric_problems(
    queries: Mapping[str, str], traffic: Traffic, serving: Serving | None
) -> Iterator[Problem]:
    """Metrics that nothing in this environment has. `queries`: by their paths."""
    series = known_series(metric_prefix(serving))
    for path, query in queries.items():
        parsed = parse(query)
        found = [] if isinstance(parsed, str) else [each for each in selectors(parsed) if each.name in series]
        for metric in sorted({each.name for each in found}):
            if why := _absent(series[metric].source, traffic, serving):
                yield Problem(path, metric, why[0], why[1])
        named = {pair: None for each in found for pair in each.equal}
        yield from _label_problems(named, serving, path)


def _label_problems(
    named: Iterable[tuple[str, str]], serving: Serving | None, path: str
) -> Iterator[Problem]:
    """Values of the labels that this program adds, which no series has."""
    models = [model.name for model in serving.models] if serving else []
    known: Mapping[str, Collection[str]] = {"track": TRACKS, **({"model_name": models} if models else {})}
    for label, value in named:
        if value and label in known and value not in known[label]:
            allowed = f"is not a value of the label {label}: {', '.join(known[label])}"
            yield Problem.not_one_of(path, value, known[label], allowed)


def _absent(source: str, traffic: Traffic, serving: Serving | None) -> tuple[str, str] | None:
    """What is missing for the metrics of a file, and how to fix it."""
    runs = traffic.router.implementation if traffic.router else None
    if source in ROUTERS and source != runs:
        return f"is a metric of {source}, but traffic.router runs {runs or 'none'}: it has no value", ""
    chart = CHARTS.get(source)
    if chart is not None and serving is not None and chart not in serving.platform.chosen():
        return (
            f"is a metric of the chart {chart}, which serving.platform does not have: it has no value",
            f"Add {chart} to serving.platform, or remove the query",
        )
    return None
