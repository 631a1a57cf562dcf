"""What must hold within a section and between sections. A rule runs when its sections could be read."""

from collections.abc import Collection, Iterable, Iterator

from facts.problem import Problem

from .cluster import Cluster
from .gpu import Gpu
from .observability import Observability
from .secrets import plain_text
from .sections import Parsed
from .serving import Serving
from .storage import Storage
from .tenancy import Tenancy, tenancy_problems


def rule_problems(parsed: Parsed, encrypted: Collection[str]) -> Iterator[Problem]:
    """Every rule that is broken."""
    tenancy, cluster, gpu, serving = parsed.tenancy, parsed.cluster, parsed.gpu, parsed.serving
    if tenancy:
        yield from tenancy_problems(tenancy)
    if parsed.observability:
        yield from webhook_problems(parsed.observability, encrypted)
    if cluster and gpu:
        yield from pool_name_problems(cluster, gpu)
        yield from cpu_pool_problems(cluster, gpu)
    if gpu and serving:
        yield from model_pool_problems(gpu, serving)
    if tenancy and cluster and serving:
        yield from reach_problems(tenancy, cluster, serving)
    yield from name_problems(parsed.storage, parsed.serving, parsed.observability)


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


def model_pool_problems(gpu: Gpu, serving: Serving) -> Iterator[Problem]:
    """A model on a pool that is not there."""
    pools = [pool.name for pool in gpu.pools]
    for index, model in enumerate(serving.models):
        if model.pool not in pools:
            yield Problem(
                f"serving.models[{index}].pool",
                model.pool,
                f"must be a GPU pool: {', '.join(pools) or 'there is none'}",
            )


def reach_problems(tenancy: Tenancy, cluster: Cluster, serving: Serving) -> Iterator[Problem]:
    """A Kubernetes API that the deployer cannot reach, while there are models to put there."""
    deployer, endpoint = tenancy.deployer, cluster.endpoint
    if endpoint.access == "public":
        if not endpoint.allowed_cidrs:
            yield Problem("cluster.endpoint.allowedCidrs", [], "must name who may reach a public endpoint")
        if deployer.access == "internet" and deployer.cidr not in endpoint.allowed_cidrs:
            yield Problem(
                "tenancy.deployer.cidr", deployer.cidr, "must be one of cluster.endpoint.allowedCidrs"
            )
    elif serving.models and deployer.access == "internet":
        yield Problem(
            "tenancy.deployer.access",
            "internet",
            "cannot reach the private API endpoint that the models are deployed through",
            "Set `tunnel` and run `playground tunnel STACK`, or `inside` on a host in the VCN, "
            "or make cluster.endpoint public",
        )


def webhook_problems(observability: Observability, encrypted: Collection[str]) -> Iterator[Problem]:
    """A webhook in plain text: whoever has its address can raise alarms."""
    for i, topic in enumerate(observability.topics):
        for j, subscription in enumerate(topic.subscriptions):
            path = f"observability.topics[{i}].subscriptions[{j}].endpoint"
            public = subscription.protocol in {"EMAIL", "SMS", "ORACLE_FUNCTIONS"}
            if not public and path not in encrypted and "observability" not in encrypted:
                yield plain_text(path)
