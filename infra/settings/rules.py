"""What must hold within a section and between sections. A rule runs when its sections could be read."""

from collections.abc import Collection, Iterable, Iterator

from facts.problem import Problem

from .addresses import network_problems
from .cluster import Cluster
from .database_rules import database_problems, password_problems
from .edge_rules import edge_problems
from .gateway_rules import edge_gateway_problems
from .governance import governance_problems
from .gpu import Gpu
from .identity import identity_problems
from .model_rules import idle_time_problems, serving_problems
from .name_rules import system_namespace_problems, tag_problems, taint_problems
from .observability import Observability, observability_problems
from .ocid import ocid_problems
from .placement_rules import placement_problems
from .platform_rules import (
    cluster_chart_problems,
    own_platform_problems,
    quota_problems,
    result_bucket_problems,
    vault_chart_problems,
)
from .pool_rules import own_addon_problems, own_cluster_problems, own_gpu_problems
from .reach_plan import closed_problems
from .reach_rules import reach_problems
from .sections import Parsed
from .serving import Serving
from .storage import Storage
from .storage_rules import storage_problems, storage_region_problems
from .surge_rules import spare_problems
from .team_models import team_model_problems
from .tenancy import tenancy_problems
from .vault import Vault, vault_problems
from .weights import weights_bucket_problems, weights_problems, weights_room_problems
from .wording import MISSING


def rule_problems(parsed: Parsed, encrypted: Collection[str]) -> Iterator[Problem]:
    """Every rule that is broken. What only right settings can show comes when there is nothing else."""
    found = [*_within_sections(parsed, encrypted), *_between_sections(parsed)]
    if parsed.tenancy:
        found += regional_problems(
            parsed.tenancy.region, parsed.cluster, parsed.gpu, parsed.storage, parsed.observability
        )
    found += name_problems(parsed.storage, parsed.serving, parsed.observability)
    yield from found or closed_problems(parsed)


def _within_sections(parsed: Parsed, encrypted: Collection[str]) -> Iterator[Problem]:
    yield from _before_the_network(parsed)
    if parsed.network:
        yield from network_problems(parsed.network, parsed.cluster, parsed.gpu, parsed.storage)
        yield from edge_problems(parsed.network, parsed.tenancy.region if parsed.tenancy else None)
    if parsed.cluster:
        yield from own_cluster_problems(parsed.cluster, parsed.network)
    if parsed.gpu:
        yield from own_gpu_problems(parsed.gpu, parsed.tenancy.region if parsed.tenancy else None)
    if parsed.storage:
        yield from storage_problems(parsed.storage)
    if parsed.database:
        yield from database_problems(parsed.database, parsed.tenancy.region if parsed.tenancy else None)
    if parsed.observability:
        yield from observability_problems(parsed.observability, encrypted)
    if parsed.governance:
        yield from governance_problems(parsed.governance)


def _before_the_network(parsed: Parsed) -> Iterator[Problem]:
    if parsed.tenancy:
        yield from tenancy_problems(parsed.tenancy)
        yield from tag_problems(parsed.tenancy)
    if parsed.identity:
        yield from identity_problems(parsed.identity)
    if parsed.vault:
        yield from vault_problems(parsed.vault)


def _between_sections(parsed: Parsed) -> Iterator[Problem]:
    tenancy, cluster, gpu, serving = parsed.tenancy, parsed.cluster, parsed.gpu, parsed.serving
    if parsed.vault and parsed.database:
        yield from password_problems(parsed.database, parsed.vault)
    if parsed.vault and cluster:
        yield from secrets_key_problems(parsed.vault, cluster)
    if cluster and gpu:
        yield from own_addon_problems(cluster, gpu)
        yield from pool_name_problems(cluster, gpu)
        yield from cpu_pool_problems(cluster, gpu)
    if gpu and serving:
        yield from serving_problems(gpu, serving)
        yield from placement_problems(gpu, serving)
        yield from spare_problems(gpu, serving)
        yield from taint_problems(gpu, serving)
        yield from team_model_problems(gpu, serving)
        yield from quota_problems(gpu, serving)
    if serving:
        yield from platform_problems(parsed, serving)
        yield from staging_problems(parsed, serving)
    if tenancy and parsed.storage:
        yield from storage_region_problems(parsed.storage, tenancy)
    if tenancy and parsed.network and cluster and serving:
        yield from reach_problems(tenancy, parsed.network, cluster, serving)


def platform_problems(parsed: Parsed, serving: Serving) -> Iterator[Problem]:
    """Charts, teams and jobs, by themselves and beside what they use."""
    yield from own_platform_problems(serving)
    yield from system_namespace_problems(serving)
    if parsed.cluster:
        yield from cluster_chart_problems(parsed.cluster, serving.platform)
    if parsed.vault:
        region = parsed.tenancy.region if parsed.tenancy else None
        yield from vault_chart_problems(parsed.vault, serving.platform, region)
    if parsed.storage:
        yield from result_bucket_problems(parsed.storage, serving)
    if parsed.network:
        yield from edge_gateway_problems(parsed.network.edge, serving.platform)
        if balancer := parsed.network.edge.load_balancer:
            path = "network.edge.loadBalancer.idleTimeoutSeconds"
            yield from idle_time_problems(balancer.idle_timeout_seconds, serving, path)


def staging_problems(parsed: Parsed, serving: Serving) -> Iterator[Problem]:
    """The staging of weights, by itself and beside the bucket and the disks that it uses."""
    weights = serving.weights
    if weights is None:
        return
    yield from weights_problems(weights, serving_namespace=serving.namespace)
    if parsed.storage:
        yield from weights_bucket_problems(weights, parsed.storage)
    if parsed.gpu:
        models = [(model.pool, model.model) for model in serving.models]
        yield from weights_room_problems(weights, parsed.gpu, models)


def secrets_key_problems(vault: Vault, cluster: Cluster) -> Iterator[Problem]:
    """A cluster without a key: it could get one only by being replaced."""
    if vault.kind == "none" and cluster.secrets_key_id is None:
        fix = "Give the OCID of a key, or let vault.kind be `shared` or `private`"
        yield Problem("cluster.secretsKeyId", MISSING, "must be given where there is no vault", fix)


def duplicate_problems(named: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Names that occur twice, from pairs of path and name."""
    first: dict[str, str] = {}
    for path, name in named:
        if name in first:
            yield Problem(path, name, f"must be unique; {first[name]} has the same name")
        first.setdefault(name, path)


def name_problems(
    storage: Storage | None, serving: Serving | None, observability: Observability | None
) -> Iterator[Problem]:
    """Two buckets, models or topics of one name."""
    if storage:
        yield from duplicate_problems(
            (f"storage.buckets[{i}].name", b.name) for i, b in enumerate(storage.buckets)
        )
        groups = enumerate(storage.volume_groups)
        yield from duplicate_problems((f"storage.volumeGroups[{i}].name", group.name) for i, group in groups)
    if serving:
        yield from duplicate_problems(
            (f"serving.models[{i}].name", m.name) for i, m in enumerate(serving.models)
        )
    if observability:
        topics = enumerate(observability.topics)
        yield from duplicate_problems((f"observability.topics[{i}].name", topic.name) for i, topic in topics)


def pool_name_problems(cluster: Cluster, gpu: Gpu) -> Iterator[Problem]:
    """Two pools of one cluster with one name."""
    cpu_pools = [(f"cluster.pools[{i}].name", pool.name) for i, pool in enumerate(cluster.pools)]
    gpu_pools = [(f"gpu.pools[{i}].name", pool.name) for i, pool in enumerate(gpu.pools)]
    yield from duplicate_problems(cpu_pools + gpu_pools)


def cpu_pool_problems(cluster: Cluster, gpu: Gpu) -> Iterator[Problem]:
    """GPU nodes are tainted: the cluster's own pods would stay pending without a CPU node."""
    if gpu.pools and not any(pool.nodes > 0 for pool in cluster.pools):
        yield Problem(
            "cluster.pools",
            [pool.name for pool in cluster.pools],
            "must hold a CPU pool beside the GPU pools",
            "GPU nodes are tainted, so the cluster's own pods need somewhere else to run",
        )


def regional_problems(
    region: str,
    cluster: Cluster | None,
    gpu: Gpu | None,
    storage: Storage | None,
    observability: Observability | None = None,
) -> Iterator[Problem]:
    """OCIDs of another kind or of another region than they must be."""
    for path, endpoint in observability.functions if observability else ():
        yield from ocid_problems(endpoint, "fnfunc", path=path, region=region)
    if cluster:
        yield from ocid_problems(cluster.secrets_key_id, "key", path="cluster.secretsKeyId", region=region)
        for i, key in enumerate(cluster.image_signing_key_ids):
            yield from ocid_problems(key, "key", path=f"cluster.imageSigningKeyIds[{i}]", region=region)
        for i, pool in enumerate(cluster.pools):
            yield from ocid_problems(
                pool.image_id, "image", path=f"cluster.pools[{i}].imageId", region=region
            )
    for i, pool in enumerate(gpu.pools if gpu else ()):
        path, reservation = f"gpu.pools[{i}]", pool.capacity_reservation_id
        yield from ocid_problems(pool.image_id, "image", path=f"{path}.imageId", region=region)
        yield from ocid_problems(
            pool.boot_volume_key_id, "key", path=f"{path}.bootVolumeKeyId", region=region
        )
        kind = "capacityreservation"
        yield from ocid_problems(reservation, kind, path=f"{path}.capacityReservationId", region=region)
    for path, key in storage.key_paths if storage else ():
        yield from ocid_problems(key, "key", path=path, region=region)
