"""Rules for the charts, the teams and the jobs, and for how they fit the rest of the settings."""

from collections.abc import Iterator, Sequence

from facts.charts import CHARTS
from facts.problem import Problem
from facts.pydantic_words import MISSING
from facts.shapes import Shape, find_shape
from infra.settings.cluster import Cluster
from infra.settings.gpu import Gpu
from infra.settings.network.addresses import gpu_most_nodes
from infra.settings.platform import (
    BenchmarkSettings,
    ChartSettings,
    ControllerChart,
    LeaderWorkerSetChart,
    MetricsExporterChart,
    NodeProblemDetectorChart,
    PrometheusChart,
)
from infra.settings.platform.all_reduce import AllReduceSettings
from infra.settings.serving import ModelSettings, Serving
from infra.settings.serving.model_rules import engine_layout, serving_problems
from infra.settings.storage import Storage
from infra.settings.tenancy import Tenancy, region_of
from infra.settings.traffic import Traffic
from infra.settings.traffic.candidates import with_candidates
from infra.settings.values.images import pinned_problems
from infra.settings.values.ocid import ocid_problems
from infra.settings.vault import Vault
from serving.catalogue.loader import find_model
from serving.engine.all_reduce_args import NAMESPACE as ALL_REDUCE_NAMESPACE
from serving.engine.job_rules import benchmark_problems, timeout_problems
from serving.engine.server_rules import image_problems
from serving.platform.chart_rules import (
    chart_problems,
    digest_problems,
    needs_problems,
    prefix_problems,
    replica_problems,
    value_problems,
    volume_problems,
)
from serving.platform.priority_classes import priority_problems
from serving.teams.namespace import namespace_name_problems
from serving.teams.team_rules import pool_quota_problems, team_problems

from .store_rules import secret_name_problems

PATH = "serving.platform"

MOST_DAYS = 36_500
"""100 years. Prometheus stores a duration as 64-bit nanoseconds, which is about 300 years (model.ParseDuration)."""


WEIGHTS_FOLDER = "models"
"""The first folder of weights in their bucket (`ModelId.prefix`)."""


def uses_cluster(serving: Serving) -> bool:
    """Whether the program creates anything in the cluster."""
    chosen = serving.platform.chosen()
    return bool(serving.models or serving.teams or serving.priorities or chosen or serving.jobs.all_reduce)


def own_platform_problems(serving: Serving) -> Iterator[Problem]:
    """What is wrong with each chart, team, priority class and job."""
    chosen = serving.platform.chosen()
    for key, chart in chosen.items():
        path = f"{PATH}.{key}"
        yield from chart_problems(chart, chart=key, path=path)
        yield from value_problems(chart.values, chart=key, path=path)
        yield from _chart_problems(chart, path)
    yield from needs_problems(chosen, PATH)
    for index, team in enumerate(serving.teams):
        yield from team_problems(team, name=team.name, path=f"serving.teams[{index}]")
    yield from priority_problems(serving.priorities, path="serving.priorities")
    yield from _job_problems(serving)


def _chart_problems(chart: ChartSettings, path: str) -> Iterator[Problem]:
    if isinstance(chart, ControllerChart):
        yield from replica_problems(chart.replicas, f"{path}.replicas")
    if isinstance(chart, LeaderWorkerSetChart | MetricsExporterChart | NodeProblemDetectorChart):
        yield from digest_problems(chart.image_digest, f"{path}.imageDigest")
    if isinstance(chart, MetricsExporterChart):
        yield from prefix_problems(chart.metric_prefix, f"{path}.metricPrefix")
        if chart.driver_image is not None:
            yield from image_problems(chart.driver_image, f"{path}.driverImage")
    if isinstance(chart, PrometheusChart):
        yield from volume_problems(chart.storage_gib, f"{path}.storageGib")
        if not 1 <= chart.retention_days <= MOST_DAYS:
            yield Problem(
                f"{path}.retentionDays", chart.retention_days, f"must be from 1 to {MOST_DAYS:,} days"
            )


def namespace_problems(serving: Serving) -> Iterator[Problem]:
    """Invalid namespaces of models and weights, and namespaces that have another owner."""
    charts = {CHARTS[key].namespace: f"the namespace of {key}" for key in CHARTS}
    own = {"serving.namespace": serving.namespace}
    owners = {serving.namespace: "the models' namespace", **charts}
    if serving.weights is not None:
        own["serving.weights.namespace"] = serving.weights.namespace
        owners.setdefault(serving.weights.namespace, "the namespace of serving.weights")
    if serving.jobs.all_reduce is not None:
        owners.setdefault(ALL_REDUCE_NAMESPACE, "the namespace of serving.jobs.allReduce")
    for path, name in own.items():
        yield from namespace_name_problems(name, path)
        if name in charts:
            yield Problem(path, name, f"must not be {charts[name]}")
    for index, team in enumerate(serving.teams):
        if team.name in owners:
            yield Problem(f"serving.teams[{index}].name", team.name, f"must not be {owners[team.name]}")
        owners.setdefault(team.name, f"the name of serving.teams[{index}] too")


def token_problems(serving: Serving) -> Iterator[Problem]:
    """A hub token in the vault that nothing reads, or that is also in the stack file."""
    path, name = "serving.huggingFaceTokenInVault", serving.hugging_face_token_in_vault
    if name is None:
        return
    yield from secret_name_problems(name, path)
    if serving.hugging_face_token is not None:
        yield Problem(path, name, "must not be set with huggingFaceToken", "Remove one of them")
    if serving.platform.external_secrets is None:
        allowed = "needs external-secrets, which reads the vault, but serving.platform does not have it"
        yield Problem(path, name, allowed, "Add serving.platform.externalSecrets: {}")


def enforcement_problems(serving: Serving) -> Iterator[Problem]:
    """Network policies without a policy engine. They would exist but have no effect."""
    if serving.policy_engine is None and (serving.isolated or serving.teams):
        allowed = (
            "must be set with serving.isolated or serving.teams: VCN-native pods enforce no network policies"
        )
        fix = "Install Calico (docs/platform.md) and set `calico`, or set `nobody`"
        yield Problem("serving.policyEngine", MISSING, allowed, fix)
    if serving.policy_engine == "nobody" and serving.isolated:
        fix = "Install Calico (docs/platform.md), or remove `isolated`"
        yield Problem("serving.isolated", True, "would have no effect: serving.policyEngine is `nobody`", fix)


def _job_problems(serving: Serving) -> Iterator[Problem]:
    smoke, benchmark = serving.jobs.smoke_test, serving.jobs.benchmark
    if smoke is not None:
        path = "serving.jobs.smokeTest"
        yield from pinned_problems(smoke.image, smoke.image_digest, f"{path}.image")
        yield from timeout_problems(smoke.timeout_seconds, path=path)
    if benchmark is None:
        return
    path = "serving.jobs.benchmark"
    yield from pinned_problems(benchmark.rclone_image, benchmark.rclone_image_digest, f"{path}.rcloneImage")
    yield from benchmark_problems(benchmark, context_tokens=_shortest_context(serving), path=path)


def _shortest_context(serving: Serving) -> int | None:
    """The shortest context of the models; None without models."""
    known = [(model, find_model(model.model)) for model in serving.models]
    contexts = [model.context_tokens or entry.max_context for model, entry in known if entry is not None]
    return min(contexts, default=None)


def quota_problems(gpu: Gpu, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Quotas that exceed the pools, and a metrics exporter without GPU pools."""
    shapes = {pool.name: find_shape(pool.shape) for pool in gpu.pools}
    has = sum(
        gpu_most_nodes(pool) * shape.gpus for pool in gpu.pools if (shape := shapes[pool.name]) is not None
    )
    both = with_candidates(serving, traffic.candidates)
    # The size of a model that does not fit is unknown.
    right = not any(True for _ in serving_problems(gpu, both))
    # The quota of a team already counts its models.
    own = [model for model in both.models if model.team is None]
    served = sum(_served(model, shapes.get(model.pool)) for model in own) if right else 0
    quotas = {team.name: team.gpus for team in serving.teams}
    yield from pool_quota_problems(quotas, served=served, pool_gpus=has, path="serving.teams")
    if serving.platform.metrics_exporter is not None and not gpu.pools:
        yield Problem(f"{PATH}.metricsExporter", "on", "has no GPU pool to measure", "Remove it")


def _served(model: ModelSettings, shape: Shape | None) -> int:
    layout = engine_layout(model, shape) if shape is not None else None
    return model.replicas * layout.gpus if layout else 0


def cluster_chart_problems(cluster: Cluster, serving: Serving) -> Iterator[Problem]:
    """A chart that an add-on of the cluster already installs."""
    if serving.platform.cert_manager is not None and "CertManager" in cluster.addons:
        fix = "Remove one of them. Add-ons that need certificates use the add-on"
        yield Problem(
            f"{PATH}.certManager", "on", "installs the same kinds as cluster.addons.CertManager", fix
        )


def vault_chart_problems(vault: Vault, serving: Serving, tenancy: Tenancy | None) -> Iterator[Problem]:
    """External-secrets without a vault to read."""
    chart = serving.platform.external_secrets
    if chart is not None and vault.kind == "none" and chart.vault_id is None:
        fix = "Set vaultId, or set vault.kind to `shared` or `private`"
        yield Problem(f"{PATH}.externalSecrets", "on", "has no vault to read", fix)
    if chart is not None:
        path = f"{PATH}.externalSecrets.vaultId"
        yield from ocid_problems(chart.vault_id, "vault", path=path, region=region_of(tenancy))


def result_bucket_problems(storage: Storage, serving: Serving) -> Iterator[Problem]:
    """A job whose bucket does not exist or does not allow overwriting, or that may overwrite weights."""
    jobs = {"benchmark": serving.jobs.benchmark, "allReduce": serving.jobs.all_reduce}
    for key, job in jobs.items():
        if job is not None:
            yield from _bucket_problems(job, storage, serving, f"serving.jobs.{key}")


def _bucket_problems(
    job: BenchmarkSettings | AllReduceSettings, storage: Storage, serving: Serving, path: str
) -> Iterator[Problem]:
    names: Sequence[str] = [bucket.name for bucket in storage.buckets]
    if job.bucket not in names:
        allowed = f"must be a bucket: {', '.join(names) or 'there are none'}"
        yield Problem.not_one_of(f"{path}.bucket", job.bucket, names, allowed)
    held = [bucket.name for bucket in storage.buckets if bucket.retains]
    if job.bucket in held:
        allowed = "has retentionDays, but each result must be able to replace the previous one"
        yield Problem(f"{path}.bucket", job.bucket, allowed, "Use a bucket without retention")
    # Conditions of policies do not distinguish upper and lower case (Content/Identity/policysyntax/conditions.htm).
    inside = job.prefix.partition("/")[0].lower() == WEIGHTS_FOLDER
    if inside and serving.weights and serving.weights.bucket == job.bucket:
        allowed = (
            f"must not be in `{WEIGHTS_FOLDER}`, the folder of the weights: benchmarks may overwrite objects"
        )
        yield Problem(f"{path}.prefix", job.prefix, allowed)
