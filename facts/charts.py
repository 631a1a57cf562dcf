"""The Helm charts of the platform: where each comes from, its version, and what it needs.

Read in the projects' own repositories in August 2026: prometheus-community/helm-charts, kedacore/charts,
envoyproxy/gateway and ai-gateway, kubernetes-sigs/lws, ROCm/device-metrics-exporter, cert-manager, external-secrets,
deliveryhero/helm-charts. None of the charts was installed. `doubt` names what else is uncertain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart, at the version for which the toolkit's values were written."""

    chart: str
    """Its name in `repository`, or its own address (`oci://…`)."""

    version: str
    namespace: str
    purpose: str
    source: str
    """The repository in which the chart was read."""

    repository: str | None = None
    crds: str | None = None
    """Key of the chart that installs its custom resource definitions. None: the chart installs them, or has none."""

    needs: tuple[str, ...] = ()
    """Keys of the charts that must be installed too."""

    pod_security: str = "baseline"
    """The strictest pod security level that its pods satisfy, according to the templates."""

    owned: tuple[str, ...] = ()
    """Values that the toolkit derives from its own settings. The user may not set them."""

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
            purpose="scales engines by their metrics in Prometheus",
            source="kedacore/charts",
            owned=("crds.install",),
        ),
        "gateway": Chart(
            chart="oci://docker.io/envoyproxy/gateway-helm",
            version="v1.8.3",
            namespace="envoy-gateway-system",
            purpose="Envoy Gateway: Gateway API, the data plane of the models",
            source="envoyproxy/gateway",
            owned=("config.envoyGateway.extensionManager",),
            doubt="1.9.1 is out; AI Gateway 1.1 is documented with 1.8.1",
        ),
        "aiGateway": Chart(
            chart="oci://docker.io/envoyproxy/ai-gateway-helm",
            version="v1.1.0",
            namespace="envoy-ai-gateway-system",
            purpose="routes requests by their model, counts tokens",
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
            doubt="its custom resources are in crds/, which Helm never upgrades, and it has no CRD chart",
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
            doubt="excludes OKE's add-on CertManager, which installs the same custom resources",
        ),
        "externalSecrets": Chart(
            chart="external-secrets",
            version="2.9.0",
            repository="https://charts.external-secrets.io",
            namespace="external-secrets",
            purpose="copies secrets of OCI Vault into Kubernetes Secrets",
            source="external-secrets/external-secrets",
            owned=("installCRDs",),
        ),
        "nodeProblemDetector": Chart(
            chart="oci://ghcr.io/deliveryhero/helm-charts/node-problem-detector",
            version="2.4.1",
            namespace="node-problem-detector",
            purpose="reports faults of the kernel, file systems, MI300X GPUs and RDMA links as node conditions",
            source="deliveryhero/helm-charts",
            pod_security="privileged",
        ),
    }
)
"""The charts that the settings can turn on, by their key there."""

CRD_CHARTS: Mapping[str, Chart] = MappingProxyType(
    {
        "prometheusCrds": Chart(
            chart="prometheus-operator-crds",
            version="31.0.1",
            repository=_PROMETHEUS,
            namespace="monitoring",
            purpose="custom resources of the Prometheus operator (v0.93.1, as in kube-prometheus-stack 88.5.3)",
            source="prometheus-community/helm-charts",
        ),
        "aiGatewayCrds": Chart(
            chart="oci://docker.io/envoyproxy/ai-gateway-crds-helm",
            version="v1.1.0",
            namespace="envoy-ai-gateway-system",
            purpose="custom resources of AI Gateway",
            source="envoyproxy/ai-gateway",
        ),
    }
)
"""Charts that contain only custom resource definitions. Helm upgrades the definitions with the chart.

Envoy Gateway's chart (gateway-crds-helm) is not listed: its release would need about 2.2 MB in a Secret of 1 MiB. Its
own page renders the chart and applies the result instead.
"""


def chart_name(chart: Chart) -> str:
    """The chart's own name, without the address of its repository."""
    return chart.chart.rpartition("/")[2]
