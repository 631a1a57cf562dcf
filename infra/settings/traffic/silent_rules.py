"""Settings of charts and engines with which the alerts and the autoscaler would see nothing.

Sources: values.yaml of kube-prometheus-stack 88.5.3 and of KEDA 2.20; vllm/v1/engine/async_llm.py of vLLM 0.33, which
has no metrics of its own without `log_stats`.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from facts.problem import Problem
from infra.settings.serving import Serving
from serving.watching.objectives import WINDOWS

from . import Traffic
from .candidates import CandidateModel, with_candidates

_PROMETHEUS: Mapping[str, object] = {
    "prometheus.enabled": False,
    "prometheus.agentMode": True,
    "prometheusOperator.enabled": False,
    "kubeStateMetrics.enabled": False,
    **{
        f"prometheus.prometheusSpec.{kind}SelectorNilUsesHelmValues": True
        for kind in ("rule", "podMonitor", "serviceMonitor")
    },
}
"""Values of the chart that remove what evaluates the rules, or the numbers of pods."""

_SELECTORS = tuple(
    f"prometheus.prometheusSpec.{kind}{of}Selector"
    for kind in ("rule", "podMonitor", "serviceMonitor")
    for of in ("", "Namespace")
)
"""Values that choose rules and monitors. Those of this program have no label for it."""

_NO_STATISTICS = "disable-log-stats"


def silent_problems(serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """What leaves `traffic.watching` without rules, series or history, and `traffic.scaling` without KEDA."""
    keda, path = serving.platform.keda, "serving.platform.keda.values.watchNamespace"
    namespaces = keda.values.get("watchNamespace") if keda and traffic.scaling else None
    if namespaces:
        allowed = "must be left out with traffic.scaling: KEDA would see the models of no other namespace"
        yield Problem(path, namespaces, allowed, "Remove one of them")
    if traffic.watching is None:
        return
    yield from _engine_problems(serving, traffic)
    chart, path = serving.platform.prometheus, "serving.platform.prometheus"
    if chart is None:
        return
    longest = max(int(window.removesuffix("d")) for window in WINDOWS if window.endswith("d"))
    if 1 <= chart.retention_days < longest:
        allowed = f"must be {longest} or more with traffic.watching: its objectives look back {longest} days"
        yield Problem(f"{path}.retentionDays", chart.retention_days, allowed)
    for key, value in _PROMETHEUS.items():
        if _at(chart.values, key) is value:
            allowed = (
                "must be left out with traffic.watching: its rules would not be evaluated, or see no pods"
            )
            yield Problem(f"{path}.values.{key}", value, allowed, "Remove one of them")
    for key in _SELECTORS:
        if _at(chart.values, key):
            allowed = "must be left out with traffic.watching: its rules and monitors have no such label"
            yield Problem(f"{path}.values.{key}", "given", allowed, "Remove one of them")


def _engine_problems(serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    for index, model in enumerate(with_candidates(serving, traffic.candidates).models):
        stable = model.stable if isinstance(model, CandidateModel) else None
        if model.engine_options.get(_NO_STATISTICS) != "true":
            continue
        # A candidate with the options of its model has no problem of its own.
        if stable is None or stable.engine_options != model.engine_options:
            path = f"serving.models[{index}]" if stable is None else f"traffic.candidates.{stable.name}"
            allowed = "must be left out with traffic.watching: the engine would have no metrics"
            yield Problem(f"{path}.engineOptions.{_NO_STATISTICS}", "true", allowed, "Remove one of them")


def _at(values: object, key: str) -> object:
    """The value at a path such as `prometheus.enabled`."""
    for step in key.split("."):
        values = cast(Mapping[str, object], values).get(step) if isinstance(values, Mapping) else None
    return values
