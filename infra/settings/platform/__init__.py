"""What runs in the cluster beside the models: charts, teams' namespaces, jobs that test and measure engines."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from infra.settings.base import Name, Secret, Section
from serving.teams.team_namespace import TeamNamespaceArgs


class ChartSettings(Section):
    """A Helm chart. `{}` turns it on as it is; leaving it out turns it off."""

    version: str | None = None
    """One exact version. Default: the one that the toolkit's values were written for (docs/platform.md)."""

    repository: str | None = None
    """Where to fetch it from, such as a mirror: a repository (`https://…`) or its own address (`oci://…`)."""

    values: dict[str, Any] = Field(default_factory=dict[str, Any])
    """Further values of the chart; they win over the toolkit's."""


class ControllerChart(ChartSettings):
    """A chart whose controllers can have stand-bys."""

    replicas: int = 2
    """Copies of a controller, 1 to 5: one works, the others wait."""


class PrometheusChart(ChartSettings):
    """kube-prometheus-stack: Prometheus, Alertmanager, Grafana, node and state metrics."""

    retention_days: int = 15
    """How long samples are kept."""

    storage_gib: int = 100
    """Block volume for them, 50 to 32,768 GiB; the oldest go at 80 % of it."""

    grafana: bool = True
    """Whether Grafana comes with it."""


class GatewayChart(ControllerChart):
    """Envoy Gateway, and the gateways behind the edge's balancer."""

    backend_sets: tuple[str, ...] | None = None
    """Backend sets of `network.edge.loadBalancer` that a Gateway answers, with a private balancer each. Default: all
    without `addresses`; with certificate.certManager none."""

    envoys: int = 2
    """Envoys of each of these gateways, 1 to 20."""


class AiGatewayChart(ControllerChart):
    """Envoy AI Gateway: routes by the model of a request, counts tokens. Needs `gateway`."""

    session_secret: Secret | None = None
    """What keys of MCP sessions are made from; the chart's own default is public. It must stand encrypted."""


class LeaderWorkerSetChart(ControllerChart):
    """LeaderWorkerSet: engines across nodes."""

    image_digest: str | None = None
    """Digest of the controller's image, `sha256:…`. Default: by tag."""


class MetricsExporterChart(ChartSettings):
    """AMD's device metrics exporter: GPU metrics by node and pod."""

    metric_prefix: str = "amd_"
    """Before the name of every GPU metric; rules and dashboards use the same. May be empty."""

    image_digest: str | None = None
    """Digest of the exporter's image, `sha256:…`. Default: by tag."""

    driver_image: str | None = None
    """Image that waits for the GPU driver, pinned. Default: the chart's own, by tag."""


class ExternalSecretsChart(ControllerChart):
    """external-secrets: secrets of OCI Vault as Kubernetes Secrets."""

    vault_id: str | None = None
    """OCID of another vault than the environment's own."""

    secrets: tuple[str, ...] = ()
    """Names, as the vault has them (`prod-…` for those that it generated), of the secrets that the cluster may read,
    beside `serving.huggingFaceTokenInVault`. Default: none."""

    namespaces: tuple[Name, ...] = ()
    """Namespaces that may ask for them, beside those of models that take the token. Default: none."""


class NodeProblemDetectorChart(ChartSettings):
    """Node problem detector: kernel and file system faults as node conditions."""

    image_digest: str | None = None
    """Digest of the image, `sha256:…`. Default: by tag."""


class Platform(Section):
    """The charts that run in the cluster. What is left out is off."""

    prometheus: PrometheusChart | None = None
    """Prometheus, Alertmanager, Grafana."""

    keda: ControllerChart | None = None
    """KEDA: scales engines by what Prometheus says of them."""

    gateway: GatewayChart | None = None
    """Envoy Gateway, and the gateways behind the edge's balancer."""

    ai_gateway: AiGatewayChart | None = None
    """Envoy AI Gateway."""

    leader_worker_set: LeaderWorkerSetChart | None = None
    """LeaderWorkerSet, for engines over several nodes."""

    metrics_exporter: MetricsExporterChart | None = None
    """GPU metrics."""

    cert_manager: ControllerChart | None = None
    """cert-manager. Not beside OKE's own add-on CertManager."""

    external_secrets: ExternalSecretsChart | None = None
    """external-secrets, with a store that reads OCI Vault."""

    node_problem_detector: NodeProblemDetectorChart | None = None
    """Node problem detector."""

    def chosen(self) -> dict[str, ChartSettings]:
        """What is on, by the charts' keys."""
        found = {
            "prometheus": self.prometheus,
            "keda": self.keda,
            "gateway": self.gateway,
            "aiGateway": self.ai_gateway,
            "leaderWorkerSet": self.leader_worker_set,
            "metricsExporter": self.metrics_exporter,
            "certManager": self.cert_manager,
            "externalSecrets": self.external_secrets,
            "nodeProblemDetector": self.node_problem_detector,
        }
        return {key: each for key, each in found.items() if each is not None}


class Team(Section):
    """A team's namespace, its share of the GPUs and its people."""

    name: Name
    """Name of the team and of its namespace."""

    gpus: int
    """GPUs that its pods may ask for together, its models among them. All quotas and the models of no team must fit
    the pools."""

    cpus: int | None = None
    """Hardware threads that its pods may ask for. Default: 16, and 24 for each GPU."""

    memory_gib: int | None = None
    """Memory that its pods may ask for. Default: 64, and 224 for each GPU."""

    pods: int | None = None
    """Pods at once. Default: 50."""

    volumes_gib: int | None = None
    """Block volumes together. Default: 500."""

    pod_security: str | None = None
    """Pod security level: `privileged`, `baseline` or `restricted`. Default: `baseline`."""

    developers: tuple[str, ...] = ()
    """OCIDs of groups and users who deploy there."""

    viewers: tuple[str, ...] = ()
    """OCIDs of groups and users who look, at all but secrets."""

    priorities: tuple[str, ...] | None = None
    """Priority classes of `serving.priorities` that its pods may have. Default: those that push nobody out."""

    egress_cidrs: tuple[str, ...] | None = None
    """Networks that its pods reach over HTTPS. Default: all but the nodes' metadata."""


def team_args(
    team: Team, api_cidr: str | None = None, priorities: Sequence[str] | None = None
) -> TeamNamespaceArgs:
    """A team as its component takes it."""
    given = team.model_dump(exclude={"name", "priorities"})
    return TeamNamespaceArgs(team=team.name, api_cidr=api_cidr, priorities=priorities, **given)


class Priority(Section):
    """A priority class."""

    value: int
    """Pods of a higher value go first. It cannot change later. Below -10 the cluster autoscaler takes no notice of
    such pods: it neither adds a node for them nor keeps one."""

    description: str
    """What belongs into it."""

    preempts: bool = True
    """Whether its pods push out those of lower value."""


class SmokeTestSettings(Section):
    """A test of every model after it was deployed or changed; an `up` whose engines do not answer fails."""

    image: str = "docker.io/library/python"
    """Repository of an image with Python 3.11 or newer."""

    image_digest: str
    """Digest of that image, `sha256:…`."""

    timeout_seconds: int = 120
    """How long one answer may take, 10 to 3,600."""


class BenchmarkSettings(Section):
    """A load benchmark of every model, whose results a bucket keeps."""

    bucket: Name
    """Name of a bucket of `storage.buckets`."""

    prefix: str = "benchmarks"
    """Where in the bucket."""

    rclone_image: str = "docker.io/rclone/rclone"
    """Repository of rclone's image."""

    rclone_image_digest: str
    """Digest of that image, `sha256:…`."""

    schedule: str | None = None
    """When, as cron writes it, in UTC. Default: by hand only."""

    requests: int = 512
    """Requests of a run."""

    concurrency: int = 64
    """Requests at once."""

    input_tokens: int = 1024
    """Tokens of a prompt."""

    output_tokens: int = 256
    """Tokens of an answer."""

    tolerance_percent: int = 10
    """How much worse than the last run is no regression yet, 1 to 90."""


class Jobs(Section):
    """What tests and measures the models."""

    smoke_test: SmokeTestSettings | None = None
    """Test of every model after it was deployed. Default: none."""

    benchmark: BenchmarkSettings | None = None
    """Load benchmark of every model. Default: none."""
