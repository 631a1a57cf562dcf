"""What Prometheus scrapes, beside what the charts' own monitors add."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facts.charts import CHARTS
from facts.gateways import PROXY_LABELS

Spec = dict[str, object]

INTERVAL = "15s"
MODEL_LABEL = "__meta_kubernetes_pod_label_genai_playground_model"
TRACK_LABEL = "__meta_kubernetes_pod_label_genai_playground_track"
"""The pods' labels genai-playground/model and genai-playground/track, as Prometheus names them."""


@dataclass(frozen=True, kw_only=True)
class Monitored:
    """A kind of pod that Prometheus scrapes."""

    selector: Mapping[str, str]
    port: str
    path: str = "/metrics"
    of_model: bool = True
    """Whether the pods belong to a model."""


MONITORED: Mapping[str, Monitored] = {
    "engines": Monitored(selector={"app.kubernetes.io/name": "model-server"}, port="http"),
    "routers": Monitored(selector={"app.kubernetes.io/name": "model-router"}, port="metrics"),
    # Source: envoyproxy/gateway, internal/infrastructure/kubernetes/proxy/testdata (port 19001).
    "envoys": Monitored(selector=PROXY_LABELS, port="metrics", path="/stats/prometheus", of_model=False),
}
"""Value of the label `job` to the pods. Rules and dashboards select on it."""


def monitors(features: frozenset[str], namespaces: Sequence[str]) -> Mapping[str, Spec]:
    """The specifications of the PodMonitors. `namespaces`: those of the models."""
    wanted = {
        "engines": "engines" in features,
        "routers": bool(features & {"smg", "vllm-router"}),
        "envoys": "gateway" in features,
    }
    homes = {"envoys": [CHARTS["gateway"].namespace]}
    return {
        job: _monitor(job, pods, homes.get(job, sorted(set(namespaces))))
        for job, pods in MONITORED.items()
        if wanted[job]
    }


def _monitor(job: str, pods: Monitored, namespaces: Sequence[str]) -> Spec:
    relabelings: list[Spec] = [{"targetLabel": "job", "replacement": job}]
    if pods.of_model:
        for source, target in ((MODEL_LABEL, "model_name"), (TRACK_LABEL, "track")):
            relabelings.append({"sourceLabels": [source], "targetLabel": target})
    endpoint: Spec = {
        "port": pods.port,
        "path": pods.path,
        "interval": INTERVAL,
        "relabelings": relabelings,
    }
    if pods.of_model:
        # The engine has a label of the same name and value. Prometheus would keep it as exported_model_name.
        endpoint["metricRelabelings"] = [{"action": "labeldrop", "regex": "exported_model_name"}]
    return {
        "selector": {"matchLabels": dict(pods.selector)},
        "namespaceSelector": {"matchNames": list(namespaces)},
        "podMetricsEndpoints": [endpoint],
    }
