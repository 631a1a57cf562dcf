"""The Helm charts of the platform: where each comes from, which version is meant, and what it needs.

Read in the projects' own repositories in August 2026: prometheus-community/helm-charts, kedacore/charts,
envoyproxy/gateway and ai-gateway, kubernetes-sigs/lws, ROCm/device-metrics-exporter, cert-manager, external-secrets,
deliveryhero/helm-charts. None of them was installed: `doubt` says what else is not certain of one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

HELM_RELEASE_LIMIT_BYTES = 1_048_576
"""Helm keeps a release in one Secret, which holds this much at most."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart at the version that the toolkit's values were written for."""

    chart: str
    """Its name in `repository`, or its own address (`oci://…`)."""

    version: str
    namespace: str
    purpose: str
    source: str
    """The project that it was read in."""

    repository: str | None = None
    crds: str | None = None
    """Key of the chart that brings its custom kinds. None: the chart brings them, or has none."""

    needs: tuple[str, ...] = ()
    """Keys of charts that must be there too."""

    pod_security: str = "baseline"
    """The strictest pod security level that its pods pass, as far as the templates tell."""

    owned: tuple[str, ...] = ()
    """Values that follow from the toolkit's own settings, so nobody else may set them."""

    doubt: str = ""


_PROMETHEUS = "https://prometheus-community.github.io/helm-charts"

CHARTS: Mapping[str, Chart] = MappingProxyType(
    {
        "prometheus": Chart(
            chart="kube-prometheus-stack",
            version="88.5.3",
            repository=_PROMETHEUS,
            namespace="monitoring",
            purpose="Prometheus, Alertmanager, Grafana, node and state metrics",
            source="prometheus-community/helm-charts",
            crds="prometheusCrds",
            pod_security="privileged",
            owned=("crds.enabled", "prometheus.prometheusSpec.retention"),
        ),
        "keda": Chart(
            chart="keda",
            version="2.20.2",
            repository="https://kedacore.github.io/charts",
            namespace="keda",
            purpose="scales engines by what Prometheus says of them",
            source="kedacore/charts",
            owned=("crds.install",),
        ),
        "gateway": Chart(
            chart="oci://docker.io/envoyproxy/gateway-helm",
            version="v1.8.1",
            namespace="envoy-gateway-system",
            purpose="Envoy Gateway: Gateway API, the data plane of the models",
            source="envoyproxy/gateway",
            owned=("config.envoyGateway.extensionManager",),
            doubt="1.9.0 is out; AI Gateway 1.1 is documented with 1.8.1",
        ),
        "aiGateway": Chart(
            chart="oci://docker.io/envoyproxy/ai-gateway-helm",
            version="v1.1.0",
            namespace="envoy-ai-gateway-system",
            purpose="routes by the model of a request, counts tokens",
            source="envoyproxy/ai-gateway",
            crds="aiGatewayCrds",
            needs=("gateway",),
            owned=("envoyGateway.namespace", "controller.mcp.sessionEncryption.seed"),
        ),
        "leaderWorkerSet": Chart(
            chart="oci://registry.k8s.io/lws/charts/lws",
            version="0.10.0",
            namespace="lws-system",
            purpose="engines across nodes",
            source="kubernetes-sigs/lws",
            owned=("image.manager.tag",),
            doubt="its kinds lie in crds/, which Helm never upgrades, and it has no CRD chart",
        ),
        "metricsExporter": Chart(
            chart="device-metrics-exporter-charts",
            version="v1.5.2",
            repository="https://rocm.github.io/device-metrics-exporter",
            namespace="gpu-metrics",
            purpose="GPU metrics by node and pod",
            source="ROCm/device-metrics-exporter",
            pod_security="privileged",
            owned=("configMap", "serviceMonitor.honorLabels", "image.tag"),
        ),
        "certManager": Chart(
            chart="cert-manager",
            version="v1.21.1",
            repository="https://charts.jetstack.io",
            namespace="cert-manager",
            purpose="certificates of webhooks and gateways",
            source="cert-manager/cert-manager",
            owned=("crds.enabled", "crds.keep", "installCRDs"),
            doubt="not beside OKE's add-on CertManager, which brings the same kinds",
        ),
        "externalSecrets": Chart(
            chart="external-secrets",
            version="2.9.0",
            repository="https://charts.external-secrets.io",
            namespace="external-secrets",
            purpose="secrets of OCI Vault as Kubernetes Secrets",
            source="external-secrets/external-secrets",
            owned=("installCRDs",),
        ),
        "nodeProblemDetector": Chart(
            chart="oci://ghcr.io/deliveryhero/helm-charts/node-problem-detector",
            version="2.4.1",
            namespace="node-problem-detector",
            purpose="kernel and file system faults as node conditions",
            source="deliveryhero/helm-charts",
            pod_security="privileged",
        ),
    }
)
"""What can be turned on, by key of the settings."""

CRD_CHARTS: Mapping[str, Chart] = MappingProxyType(
    {
        "prometheusCrds": Chart(
            chart="prometheus-operator-crds",
            version="31.0.1",
            repository=_PROMETHEUS,
            namespace="monitoring",
            purpose="kinds of the Prometheus operator (v0.93.1, as kube-prometheus-stack 88.5.3)",
            source="prometheus-community/helm-charts",
        ),
        "aiGatewayCrds": Chart(
            chart="oci://docker.io/envoyproxy/ai-gateway-crds-helm",
            version="v1.1.0",
            namespace="envoy-ai-gateway-system",
            purpose="kinds of AI Gateway",
            source="envoyproxy/ai-gateway",
        ),
    }
)
"""Charts that bring nothing but custom kinds, which Helm upgrades with them.

Envoy Gateway's (gateway-crds-helm) is not among them: installed by Helm it takes about 2.2 MB in a release Secret of
1 MiB, and its own page renders and applies it instead.
"""


def chart_name(chart: Chart) -> str:
    """The chart's own name, without the address that it is fetched from."""
    return chart.chart.rpartition("/")[2]
