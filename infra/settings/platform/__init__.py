"""What runs in the cluster besides the models: charts, teams' namespaces, and jobs that test and measure engines."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from infra.settings.base import Name, Secret, Section
from serving.teams.team_namespace import TeamNamespaceArgs

from .all_reduce import AllReduceSettings


class ChartSettings(Section):
    """A Helm chart. `{}` installs it with the defaults; without the key it is not installed."""

    version: str | None = None
    """Exact version. Default: the version that the toolkit's values were written for (docs/platform.md)."""

    repository: str | None = None
    """Where to fetch the chart from, e.g. a mirror: a repository (`https://…`) or the chart's address (`oci://…`)."""

    values: dict[str, Any] = Field(default_factory=dict[str, Any])
    """More values of the chart. They override the toolkit's values."""


class ControllerChart(ChartSettings):
    """A chart whose controllers can have standby replicas."""

    replicas: int = 2
    """Replicas of each controller, 1 to 5. One is active, the others are on standby."""


class PrometheusChart(ChartSettings):
    """kube-prometheus-stack: Prometheus, Alertmanager, Grafana, node and state metrics."""

    retention_days: int = 15
    """Days that samples are kept."""

    storage_gib: int = 100
    """Size of the block volume for samples, 50 to 32,768 GiB. When it is 80 % full, the oldest samples are deleted."""

    grafana: bool = True
    """Whether to install Grafana."""


class GatewayChart(ControllerChart):
    """Envoy Gateway, and the gateways behind the edge's load balancer."""

    backend_sets: tuple[str, ...] | None = None
    """Backend sets of `network.edge.loadBalancer` that a Gateway serves, each with its own private balancer. Default:
    all sets without `addresses`; none with certificate.certManager."""

    envoys: int = 2
    """Envoy replicas of each of these gateways, 1 to 20."""


class AiGatewayChart(ControllerChart):
    """Envoy AI Gateway: routes requests by model and counts tokens. Needs `gateway`."""

    session_secret: Secret | None = None
    """Secret that the keys of MCP sessions are derived from. The chart's default is public. It must be encrypted."""


class LeaderWorkerSetChart(ControllerChart):
    """LeaderWorkerSet: engines that span several nodes."""

    image_digest: str | None = None
    """Digest of the controller's image, `sha256:…`. Default: the image is used by tag."""


class MetricsExporterChart(ChartSettings):
    """AMD's device metrics exporter: GPU metrics by node and pod."""

    metric_prefix: str = "amd_"
    """Prefix of every GPU metric. Rules and dashboards use the same prefix. It may be empty."""

    image_digest: str | None = None
    """Digest of the exporter's image, `sha256:…`. Default: the image is used by tag."""

    driver_image: str | None = None
    """Image, with digest, that waits for the GPU driver. Default: the chart's image, by tag."""


class ExternalSecretsChart(ControllerChart):
    """external-secrets: secrets of OCI Vault as Kubernetes Secrets."""

    vault_id: str | None = None
    """OCID of a vault to read. Default: the environment's own vault."""

    secrets: tuple[str, ...] = ()
    """Names of the secrets that the cluster may read, in addition to `serving.huggingFaceTokenInVault`. Use the names
    in the vault: generated secrets begin with the environment (`prod-…`). Default: none."""

    namespaces: tuple[Name, ...] = ()
    """Namespaces that may read these secrets, in addition to those of models that use the token. Default: none."""


class NodeProblemDetectorChart(ChartSettings):
    """Node problem detector: reports kernel and file system faults as node conditions."""

    image_digest: str | None = None
    """Digest of the image, `sha256:…`. Default: the image is used by tag."""


class Platform(Section):
    """The charts that run in the cluster. A chart without its key is not installed."""

    prometheus: PrometheusChart | None = None
    """Prometheus, Alertmanager, Grafana."""

    keda: ControllerChart | None = None
    """KEDA: scales engines by their Prometheus metrics."""

    gateway: GatewayChart | None = None
    """Envoy Gateway, and the gateways behind the edge's load balancer."""

    ai_gateway: AiGatewayChart | None = None
    """Envoy AI Gateway."""

    leader_worker_set: LeaderWorkerSetChart | None = None
    """LeaderWorkerSet, for engines that span several nodes."""

    metrics_exporter: MetricsExporterChart | None = None
    """GPU metrics."""

    cert_manager: ControllerChart | None = None
    """cert-manager. Not together with OKE's add-on CertManager."""

    external_secrets: ExternalSecretsChart | None = None
    """external-secrets, with a store that reads OCI Vault."""

    node_problem_detector: NodeProblemDetectorChart | None = None
    """Node problem detector."""

    def chosen(self) -> dict[str, ChartSettings]:
        """The charts that are set, by key."""
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
    """A team: its namespace, its share of the GPUs, and its members."""

    name: Name
    """Name of the team and of its namespace."""

    gpus: int
    """Most GPUs that its pods may request in total, including those of its models. The quotas of all teams and the
    models without a team must fit the pools together."""

    cpus: int | None = None
    """Most hardware threads that its pods may request. Default: 16, plus 24 for each GPU."""

    memory_gib: int | None = None
    """Most memory in GiB that its pods may request. Default: 64, plus 224 for each GPU."""

    pods: int | None = None
    """Most pods at the same time. Default: 50."""

    volumes_gib: int | None = None
    """Most block storage in total, in GiB. Default: 500."""

    pod_security: str | None = None
    """Pod security level: `privileged`, `baseline` or `restricted`. Default: `baseline`."""

    developers: tuple[str, ...] = ()
    """OCIDs of groups and users who may deploy in the namespace."""

    viewers: tuple[str, ...] = ()
    """OCIDs of groups and users who may read everything in it except secrets."""

    priorities: tuple[str, ...] | None = None
    """Priority classes in `serving.priorities` that its pods may use. Default: those that do not preempt other pods."""

    egress_cidrs: tuple[str, ...] | None = None
    """Networks that its pods may reach over HTTPS. Default: all except the nodes' metadata service."""


def team_args(
    team: Team, api_cidr: str | None = None, priorities: Sequence[str] | None = None
) -> TeamNamespaceArgs:
    """A team as args of its component."""
    given = team.model_dump(exclude={"name", "priorities"})
    return TeamNamespaceArgs(team=team.name, api_cidr=api_cidr, priorities=priorities, **given)


class Priority(Section):
    """A priority class."""

    value: int
    """Pods with a higher value are scheduled first. The value cannot be changed later. Below -10 the cluster autoscaler
    ignores the pods: it neither adds nor keeps a node for them."""

    description: str
    """Which pods should use the class."""

    preempts: bool = True
    """Whether its pods preempt pods with a lower value."""


class SmokeTestSettings(Section):
    """A test of every model after it was deployed or changed. If an engine does not answer, `up` fails."""

    image: str = "docker.io/library/python"
    """Repository of an image with Python 3.11 or newer."""

    image_digest: str
    """Digest of that image, `sha256:…`."""

    timeout_seconds: int = 120
    """Timeout of one answer in seconds, 10 to 3,600."""


class BenchmarkSettings(Section):
    """A load benchmark of every model. The results are stored in a bucket."""

    bucket: Name
    """Name of a bucket in `storage.buckets`."""

    prefix: str = "benchmarks"
    """Prefix of the results in the bucket."""

    rclone_image: str = "docker.io/rclone/rclone"
    """Repository of rclone's image."""

    rclone_image_digest: str
    """Digest of that image, `sha256:…`."""

    schedule: str | None = None
    """Cron schedule in UTC. Default: only started by hand."""

    requests: int = 512
    """Number of requests in a run."""

    concurrency: int = 64
    """Concurrent requests."""

    input_tokens: int = 1024
    """Tokens per prompt."""

    output_tokens: int = 256
    """Tokens per answer."""

    tolerance_percent: int = 10
    """How many percent worse than the last run a result may be before it counts as a regression, 1 to 90."""


class Jobs(Section):
    """Jobs that test and measure the models."""

    smoke_test: SmokeTestSettings | None = None
    """Test of every model after a deployment. Default: none."""

    benchmark: BenchmarkSettings | None = None
    """Load benchmark of every model. Default: none."""

    all_reduce: AllReduceSettings | None = None
    """All-reduce over two nodes of a GPU pool. Default: none."""
