"""What an environment has that the platform's alarms can watch."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from components.cluster.pool_rules import program_sizes
from components.observability.definitions import AlarmDefinition, all_alarms
from components.observability.panels import panels
from facts.metrics import dimensions_of
from facts.mql import metrics_in
from facts.problem import Problem

from .cluster import Cluster
from .database import Database
from .gpu import Gpu
from .network import Network
from .observability import Observability
from .storage import Storage
from .suppressions import muted_problems, series_problems
from .vault import Vault


class Watchable(Protocol):
    """The sections that alarms depend on. `Settings` has them."""

    @property
    def vault(self) -> Vault: ...
    @property
    def network(self) -> Network: ...
    @property
    def cluster(self) -> Cluster: ...
    @property
    def gpu(self) -> Gpu: ...
    @property
    def storage(self) -> Storage: ...
    @property
    def database(self) -> Database: ...
    @property
    def observability(self) -> Observability: ...


def _fixed_gpu_pools(of: Watchable) -> bool:
    pools, scheduled = of.gpu.pools, of.cluster.scheduled
    return bool(pools) and all(
        program_sizes(each.size_owner) and each.name not in scheduled for each in pools
    )


HAS: Mapping[str, Callable[[Watchable], bool]] = {
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


def alarms_for(settings: Watchable) -> Mapping[str, AlarmDefinition]:
    """The platform's alarms that have something to watch in this environment, by name."""
    has = {need: test(settings) for need, test in HAS.items()}
    return {
        name: alarm for name, alarm in all_alarms().items() if alarm.only_with is None or has[alarm.only_with]
    }


def panels_for(settings: Watchable) -> Sequence[str]:
    """The dashboard's panels that have something to show in this environment, by name."""
    return [name for name, each in panels().items() if HAS[each.only_with](settings)]


def size_of(settings: Watchable, size: str | None) -> float:
    """What replaces `$size` in a query: the environment's value of a key of SIZES, or 1 without one."""
    balancer, lustre = settings.network.edge.load_balancer, settings.storage.lustre
    sizes = {
        "loadBalancerMbps": balancer.max_mbps if balancer else 1,
        "lustreGb": lustre.capacity_gb if lustre else 1,
    }
    return 1 if size is None else sizes[size]


@dataclass(frozen=True)
class WantedAlarm:
    """One of the platform's alarms that the environment gets."""

    name: str
    definition_name: str
    definition: AlarmDefinition
    topic: str
    """Name of the topic that it notifies."""

    watched_topic: str = ""
    """Name of the topic that it watches, if it watches one."""


def wanted_alarms(settings: Watchable) -> Iterator[WantedAlarm]:
    """The platform's alarms that an environment gets. Without a topic there are none."""
    wanted = settings.observability
    for name, alarm in alarms_for(settings).items():
        if alarm.each == "topic":
            for topic in wanted.topics:
                other = wanted.other_topic(topic.name, alarm.severity)
                yield WantedAlarm(f"{name}-{topic.name}", name, alarm, other, topic.name)
        elif topic_name := wanted.topic_for(alarm.severity):
            yield WantedAlarm(name, name, alarm, topic_name)


def suppressed_problems(settings: Watchable) -> Iterator[Problem]:
    """Windows that mute alarms which the environment does not have."""
    observability = settings.observability
    names = [*(each.name for each in wanted_alarms(settings)), *observability.alarms]
    path = "observability.suppressions"
    yield from muted_problems(observability.suppressions, names, path=path)
    yield from series_problems(observability.suppressions, _dimensions(settings), path=path)


def _dimensions(settings: Watchable) -> Mapping[str, Collection[str] | None]:
    """The dimensions of the metrics of each alarm, by its name; None for one on a metric of your own."""
    known = {
        each.name: dimensions_of(each.definition.namespace, each.definition.metrics)
        for each in wanted_alarms(settings)
    }
    own = {
        name: None if each.own_metric else dimensions_of(each.namespace, metrics_in(each.query))
        for name, each in settings.observability.alarms.items()
    }
    return {**known, **own}
