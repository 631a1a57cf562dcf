"""Values of the platform's charts, from the user's few choices for each.

Keys are those of the charts' own values files at the versions in `facts.charts`. Only settings for OKE and MI300X are
here. Everything else is the chart's default, or in the user's own `values`, which have priority (`merged`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import pulumi

from facts.charts import CHARTS
from facts.kubernetes import GPU_TAINT_KEY, SHAPE_LABEL
from facts.shapes import MI300X

from .node_checks import node_check_settings

Values = Mapping[str, object]

METRICS_PORT = 5000
"""Port of the GPU metrics exporter."""

EXPORTER_CONFIG = "gpu-metrics-config"
"""Name of the ConfigMap with the exporter's configuration."""

DEFAULT_METRIC_PREFIX = "amd_"
"""Prefix of every GPU metric's name. Rules and dashboards must use the same prefix, as OCI's dashboards do."""

AI_GATEWAY_PORT = 1063
"""Port of AI Gateway's extension for Envoy Gateway."""

RATE_LIMIT_TIMEOUT = "250ms"
"""How long Envoy waits for the rate limit service. The default, 20 ms, is too short for a cache on another node."""

KEEP = {"helm.sh/resource-policy": "keep"}
"""Annotation that keeps custom kinds and all their objects after an uninstall."""


@dataclass(frozen=True, kw_only=True)
class RateLimiting:
    """Where limits are counted, and what happens if they cannot be."""

    address: pulumi.Input[str]
    """`host:port` of the cache, which accepts only TLS."""

    login_secret: str
    """Secret in Envoy Gateway's namespace with `user:password` under the key `auth`."""

    fail_closed: bool = False


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The user's choices for a chart. Each builder uses the fields that concern it."""

    replicas: int = 2
    """Replicas of a controller. One is active, the others are on standby."""

    monitored: bool = False
    """Whether the Prometheus operator's kinds exist, so that charts can add monitors."""

    image_digest: str | None = None
    """`sha256:…` of the chart's own image."""

    retention_days: int = 15
    storage_gib: int = 100
    grafana: bool = True
    shapes: Sequence[str] = ()
    """Compute shapes of the GPU nodes."""

    metric_prefix: str = DEFAULT_METRIC_PREFIX
    driver_image: str | None = None
    """Pinned image of the container that waits for the driver."""

    with_ai: bool = False
    """Whether AI Gateway extends Envoy Gateway."""

    rate_limiting: RateLimiting | None = None
    """Whether Envoy Gateway runs the rate limit service."""


def tag(chart: str, digest: str | None, version: str | None = None) -> str:
    """A tag with a digest: `v1.5.2@sha256:…`. Charts write it after the repository and a colon."""
    label = version or CHARTS[chart].version
    return f"{label}@{digest}" if digest else label


def merged(base: Values, further: Values) -> dict[str, object]:
    """`base` with the values of `further`. As in Helm, mappings are merged and lists are replaced."""
    result = dict(base)
    for key, value in further.items():
        under = result.get(key)
        if isinstance(under, Mapping) and isinstance(value, Mapping):
            result[key] = merged(cast(Values, under), cast(Values, value))
        else:
            result[key] = value
    return result


def values_of(chart: str, choices: Choices) -> dict[str, object]:
    """The values of a chart of `facts.charts.CHARTS`."""
    return dict(_BUILDERS[chart](choices))


def exporter_config(prefix: str) -> str:
    """The GPU metrics exporter's config.json: every field of the GPU, under one prefix."""
    common = {"MetricsFieldPrefix": prefix, "HealthService": {"Enable": True, "PollingRate": "30s"}}
    return json.dumps({"ServerPort": METRICS_PORT, "CommonConfig": common}, indent=2)


def _prometheus(choices: Choices) -> Values:
    everywhere = (
        "ruleSelectorNilUsesHelmValues",
        "serviceMonitorSelectorNilUsesHelmValues",
        "podMonitorSelectorNilUsesHelmValues",
        "probeSelectorNilUsesHelmValues",
        "scrapeConfigSelectorNilUsesHelmValues",
    )
    claim = {
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": f"{choices.storage_gib}Gi"}},
        }
    }
    return {
        "crds": {"enabled": False},
        # OKE runs these and does not allow scraping: their rules would always report them as missing.
        "kubeControllerManager": {"enabled": False},
        "kubeScheduler": {"enabled": False},
        "kubeEtcd": {"enabled": False},
        "kubeProxy": {"enabled": False},
        "grafana": {"enabled": choices.grafana},
        "prometheus": {
            "prometheusSpec": {
                "retention": f"{choices.retention_days}d",
                # The write-ahead log and compaction need space in addition to the blocks.
                "retentionSize": f"{int(choices.storage_gib * 0.8)}GiB",
                "storageSpec": {"volumeClaimTemplate": claim},
                **dict.fromkeys(everywhere, False),
            }
        },
    }


def _keda(choices: Choices) -> Values:
    scraped = {"enabled": choices.monitored, "serviceMonitor": {"enabled": choices.monitored}}
    return {
        "crds": {"install": True, "additionalAnnotations": KEEP},
        "operator": {"replicaCount": choices.replicas},
        "metricsServer": {"replicaCount": choices.replicas},
        "webhooks": {"replicaCount": choices.replicas},
        "prometheus": {"operator": scraped, "metricServer": scraped},
    }


def _gateway(choices: Choices) -> Values:
    config: dict[str, object] = {"extensionApis": {"enableBackend": True}}
    if choices.with_ai:
        config["extensionManager"] = _extension()
    if choices.rate_limiting is not None:
        config |= _rate_limiting(choices.rate_limiting, choices.replicas)
    return {
        "deployment": {"replicas": choices.replicas},
        "podDisruptionBudget": {"minAvailable": 1 if choices.replicas > 1 else 0},
        "config": {"envoyGateway": config},
    }


def _extension() -> Values:
    """How Envoy Gateway lets AI Gateway change Envoy's configuration. Source: AI Gateway's own values for it."""
    kinds = ("listener", "route", "cluster", "secret")
    translation = {kind: {"includeAll": True} for kind in kinds}
    host = f"ai-gateway-controller.{CHARTS['aiGateway'].namespace}.svc.cluster.local"
    return {
        "hooks": {
            "xdsTranslator": {"translation": translation, "post": ["Translation", "Cluster", "Route"]},
        },
        "service": {"fqdn": {"hostname": host, "port": AI_GATEWAY_PORT}},
    }


def _rate_limiting(wanted: RateLimiting, replicas: int) -> Values:
    """The rate limit service with its cache. Source: api/v1alpha1/envoygateway_types.go of Envoy Gateway 1.8, and
    src/settings of envoyproxy/ratelimit for REDIS_AUTH."""
    login = {"secretKeyRef": {"name": wanted.login_secret, "key": "auth"}}
    deployment: dict[str, object] = {
        "replicas": replicas,
        "container": {"env": [{"name": "REDIS_AUTH", "valueFrom": login}]},
    }
    kubernetes: dict[str, object] = {"rateLimitDeployment": deployment}
    if replicas > 1:
        kubernetes["rateLimitPDB"] = {"maxUnavailable": 1}
    redis: dict[str, object] = {"url": wanted.address, "tls": dict[str, object]()}
    return {
        "provider": {"type": "Kubernetes", "kubernetes": kubernetes},
        "rateLimit": {
            "backend": {"type": "Redis", "redis": redis},
            "failClosed": wanted.fail_closed,
            "timeout": RATE_LIMIT_TIMEOUT,
        },
    }


def _ai_gateway(choices: Choices) -> Values:
    budget = {"enabled": choices.replicas > 1}
    return {
        "controller": {"replicaCount": choices.replicas, "podDisruptionBudget": budget},
        "envoyGateway": {"namespace": CHARTS["gateway"].namespace},
    }


def _leader_worker_set(choices: Choices) -> Values:
    # The chart's own default is the tag `main`, which is pulled at every start.
    image = {
        "tag": tag("leaderWorkerSet", choices.image_digest, f"v{CHARTS['leaderWorkerSet'].version}"),
        "pullPolicy": "IfNotPresent",
    }
    return {"replicaCount": choices.replicas, "image": {"manager": image}}


def _metrics_exporter(choices: Choices) -> Values:
    shapes = {"key": SHAPE_LABEL, "operator": "In", "values": sorted(set(choices.shapes))}
    terms = {"nodeSelectorTerms": [{"matchExpressions": [shapes]}]}
    image: dict[str, object] = {
        "tag": tag("metricsExporter", choices.image_digest),
        "pullPolicy": "IfNotPresent",
    }
    if choices.driver_image:
        image["initContainerImage"] = choices.driver_image
    return {
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}},
        "tolerations": [{"key": GPU_TAINT_KEY, "operator": "Exists", "effect": "NoSchedule"}],
        "image": image,
        "configMap": EXPORTER_CONFIG,
        # Pod and namespace of a sample are those of the pod that uses the GPU, not of the exporter.
        "serviceMonitor": {"enabled": choices.monitored, "honorLabels": True},
    }


def _cert_manager(choices: Choices) -> Values:
    return {
        "crds": {"enabled": True, "keep": True},
        "replicaCount": choices.replicas,
        "webhook": {"replicaCount": choices.replicas},
        "cainjector": {"replicaCount": choices.replicas},
        "prometheus": {"enabled": True, "servicemonitor": {"enabled": choices.monitored}},
    }


def _external_secrets(choices: Choices) -> Values:
    return {
        "installCRDs": True,
        "crds": {"annotations": KEEP},
        "replicaCount": choices.replicas,
        "leaderElect": choices.replicas > 1,
        "webhook": {"replicaCount": choices.replicas},
        "certController": {"replicaCount": choices.replicas},
        "serviceAccount": {"name": "external-secrets"},
        "serviceMonitor": {"enabled": choices.monitored},
    }


def _node_problem_detector(choices: Choices) -> Values:
    return {
        # The default includes a monitor for Docker, which no OKE node runs.
        "settings": {
            "log_monitors": ["/config/kernel-monitor.json", "/config/readonly-monitor.json"],
            **(node_check_settings(MI300X) if MI300X.name in choices.shapes else {}),
        },
        "image": {"digest": choices.image_digest or ""},
        "metrics": {"enabled": choices.monitored, "serviceMonitor": {"enabled": choices.monitored}},
    }


_BUILDERS = {
    "prometheus": _prometheus,
    "keda": _keda,
    "gateway": _gateway,
    "aiGateway": _ai_gateway,
    "leaderWorkerSet": _leader_worker_set,
    "metricsExporter": _metrics_exporter,
    "certManager": _cert_manager,
    "externalSecrets": _external_secrets,
    "nodeProblemDetector": _node_problem_detector,
}
