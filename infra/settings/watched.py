"""What an environment has that the platform's alarms can watch."""

from collections.abc import Callable, Mapping, Sequence

from components.cluster.pool_rules import program_sizes
from components.observability.definitions import AlarmDefinition, all_alarms
from components.observability.panels import panels

from .sections import Settings


def _fixed_gpu_pools(settings: Settings) -> bool:
    pools, scheduled = settings.gpu.pools, settings.cluster.scheduled
    return bool(pools) and all(
        program_sizes(each.size_owner) and each.name not in scheduled for each in pools
    )


HAS: Mapping[str, Callable[[Settings], bool]] = {
    "gpuPools": lambda of: bool(of.gpu.pools),
    "rdmaPools": lambda of: any(pool.rdma for pool in of.gpu.pools),
    "fixedGpuPools": _fixed_gpu_pools,
    "ownCluster": lambda of: of.cluster.existing is None,
    "steadyCluster": lambda of: of.cluster.existing is None and of.cluster.schedule is None,
    "ownNetwork": lambda of: of.network.existing is None,
    "loadBalancer": lambda of: of.network.edge.load_balancer is not None,
    "oracle": lambda of: of.database.oracle is not None,
    "postgresql": lambda of: of.database.postgresql is not None,
    "cache": lambda of: of.database.cache is not None,
    "opensearch": lambda of: of.database.opensearch is not None,
    "streams": lambda of: of.database.streaming is not None,
    "buckets": lambda of: bool(of.storage.buckets),
    "fileStorage": lambda of: of.storage.file_storage is not None,
    "lustre": lambda of: of.storage.lustre is not None,
    "secrets": lambda of: of.vault.kind != "none",
    "functions": lambda of: of.cluster.schedule is not None,
    "connectors": lambda of: bool(
        of.observability.logs and (of.observability.logs.archives or of.observability.logs.connectors)
    ),
    "logs": lambda of: of.observability.logs is not None,
    "healthChecks": lambda of: bool(of.observability.health_checks),
    "twoTopics": lambda of: len(of.observability.topics) > 1,
}
"""By what an alarm can require (NEEDS of the definitions): whether an environment has it."""


def alarms_for(settings: Settings) -> Mapping[str, AlarmDefinition]:
    """The platform's alarms that have something to watch in this environment, by name."""
    has = {need: test(settings) for need, test in HAS.items()}
    return {
        name: alarm for name, alarm in all_alarms().items() if alarm.only_with is None or has[alarm.only_with]
    }


def panels_for(settings: Settings) -> Sequence[str]:
    """The dashboard's panels that have something to show in this environment, by name."""
    return [name for name, each in panels().items() if HAS[each.only_with](settings)]


def size_of(settings: Settings, size: str | None) -> float:
    """What replaces `$size` in a query: the environment's value of a key of SIZES, or 1 without one."""
    balancer, lustre = settings.network.edge.load_balancer, settings.storage.lustre
    sizes = {
        "loadBalancerMbps": balancer.max_mbps if balancer else 1,
        "lustreGb": lustre.capacity_gb if lustre else 1,
    }
    return 1 if size is None else sizes[size]
