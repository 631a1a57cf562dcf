"""Own queries, of alerts and of the autoscaler, on metrics of what the environment does not have."""

from collections.abc import Iterator, Mapping

from facts.problem import Problem
from facts.scraped_metrics import known_series
from infra.settings.serving import Serving
from serving.platform.chart_values import DEFAULT_METRIC_PREFIX
from serving.watching.promql import parse, selectors

from . import Traffic

ROUTERS = ("smg", "vllm-router")
"""Programs of routers, which name the files of their metrics too (facts/data/metrics)."""

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
        used = set[str]() if isinstance(parsed, str) else {each.name for each in selectors(parsed)}
        for metric in sorted(used & series.keys()):
            if why := _absent(series[metric].source, traffic, serving):
                yield Problem(path, metric, why[0], why[1])


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
