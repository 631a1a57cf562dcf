"""What Prometheus scrapes, beside what the charts' own monitors add."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facts.charts import CHARTS
from facts.gateways import PROXY_LABELS
from serving.routing.target import CANDIDATE, MODEL_LABEL, ROUTERS, STABLE, TRACK_LABEL

Spec = dict[str, object]

INTERVAL = "15s"


def _meta(label: str) -> str:
    """A pod's label as Prometheus names it during discovery."""
    return "__meta_kubernetes_pod_label_" + re.sub(r"[^a-zA-Z0-9_]", "_", label)


Relabelings = tuple[Mapping[str, object], ...]

OF_ENGINES: Relabelings = (
    {"sourceLabels": [_meta(MODEL_LABEL)], "targetLabel": "model_name"},
    {"sourceLabels": [_meta(TRACK_LABEL)], "targetLabel": "track"},
)
_INSTANCE = [_meta("app.kubernetes.io/instance")]
OF_ROUTERS: Relabelings = (
    # Routers do not have the engines' labels, because they find engines by them. Their name has model and track.
    {
        "sourceLabels": _INSTANCE,
        "regex": f"(.+?)(-{CANDIDATE})?-router",
        "targetLabel": "model_name",
        "replacement": "$1",
    },
    {"targetLabel": "track", "replacement": STABLE},
    {
        "sourceLabels": _INSTANCE,
        "regex": f".+-{CANDIDATE}-router",
        "targetLabel": "track",
        "replacement": CANDIDATE,
    },
)


@dataclass(frozen=True, kw_only=True)
class Monitored:
    """A kind of pod that Prometheus scrapes."""

    selector: Mapping[str, str]
    port: str
    path: str = "/metrics"
    labels: Relabelings = ()
    """How the samples get the labels `model_name` and `track`. Empty for pods that belong to no model."""


MONITORED: Mapping[str, Monitored] = {
    "engines": Monitored(selector={"app.kubernetes.io/name": "model-server"}, port="http", labels=OF_ENGINES),
    "routers": Monitored(
        selector={"app.kubernetes.io/name": "model-router"}, port="metrics", labels=OF_ROUTERS
    ),
    # Source: envoyproxy/gateway, internal/infrastructure/kubernetes/proxy/testdata (port 19001).
    "envoys": Monitored(selector=PROXY_LABELS, port="metrics", path="/stats/prometheus"),
    # Source: envoyproxy/ai-gateway, internal/controller/extproc_builder.go: a container of the same pods (port 1064).
    "ai-gateway": Monitored(selector=PROXY_LABELS, port="aigw-admin"),
}
"""Value of the label `job` to the pods. Rules and dashboards select on it."""


def monitors(features: frozenset[str], namespaces: Sequence[str]) -> Mapping[str, Spec]:
    """The specifications of the PodMonitors. `namespaces`: those of the models."""
    wanted = {
        "engines": "engines" in features,
        "routers": bool(features & {*ROUTERS}),
        "envoys": "gateway" in features,
        "ai-gateway": {"gateway", "aiGateway"} <= features,
    }
    homes = {job: [CHARTS["gateway"].namespace] for job in ("envoys", "ai-gateway")}
    return {
        job: _monitor(job, pods, homes.get(job, sorted(set(namespaces))))
        for job, pods in MONITORED.items()
        if wanted[job]
    }


def _monitor(job: str, pods: Monitored, namespaces: Sequence[str]) -> Spec:
    relabelings = [{"targetLabel": "job", "replacement": job}, *map(dict, pods.labels)]
    endpoint: Spec = {
        "port": pods.port,
        "path": pods.path,
        "interval": INTERVAL,
        "relabelings": relabelings,
    }
    if pods.labels:
        # The engine has a label of the same name and value. Prometheus would keep it as exported_model_name.
        endpoint["metricRelabelings"] = [{"action": "labeldrop", "regex": "exported_model_name"}]
    return {
        "selector": {"matchLabels": dict(pods.selector)},
        "namespaceSelector": {"matchNames": list(namespaces)},
        "podMetricsEndpoints": [endpoint],
    }
