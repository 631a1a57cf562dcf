"""How much of each service limit and quota the settings need."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from facts.quota_uses import (
    Need,
    Use,
    databases,
    flexible_nodes,
    gpu_nodes,
    largest,
    spread_nodes,
    volumes,
)
from facts.quotas import family_of
from facts.regions import REGIONS
from infra.settings.cluster import Cluster, CpuPool
from infra.settings.database import Database
from infra.settings.gpu import Gpu
from infra.settings.network import Network
from infra.settings.network.addresses import gpu_most_nodes
from infra.settings.serving import Serving
from infra.settings.storage import Storage
from infra.settings.tenancy import Tenancy


class Sized(Protocol):
    """The sections that decide how much is needed. The settings have all of them."""

    @property
    def tenancy(self) -> Tenancy: ...
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
    def serving(self) -> Serving: ...


def quota_needs(settings: Sized) -> Mapping[str, Need]:
    """The needs by the name of the quota, in the availability domain that needs most, for all pools at their largest
    size.

    Quotas that no source names are left out, and so are those whose need the settings do not say: bytes in buckets, and
    numbers of backups.
    """
    found = largest(uses(settings), [*range(1, _domains(settings) + 1)])
    return {name: need for name, need in found.items() if family_of(name)}


def uses(settings: Sized) -> list[Use]:
    """What each part of the settings uses. Availability domains are numbers."""
    found = [
        *_of_gpu_pools(settings.gpu),
        *(use for pool in settings.cluster.pools for use in _of_cpu_pool(pool, _domains(settings))),
        *_of_storage(settings.storage),
        *_of_database(settings.database),
        *_of_claims(settings.serving),
    ]
    if settings.network.existing is None:
        found.append(Use(name="vcn-count", value=1, where=None, what="the VCN"))
    return found


def _domains(settings: Sized) -> int:
    region = REGIONS.get(settings.tenancy.region)
    return region.availability_domains if region else 1


def _of_gpu_pools(gpu: Gpu) -> Iterator[Use]:
    for pool in gpu.pools:
        nodes, where, what = gpu_most_nodes(pool), pool.availability_domain, f"pool {pool.name}"
        yield from gpu_nodes(pool.shape, nodes, where, what)
        yield from volumes(nodes, pool.boot_volume_gib, where, what)


def _of_cpu_pool(pool: CpuPool, domains: int) -> Iterator[Use]:
    where, what = pool.availability_domain, f"pool {pool.name}"
    nodes = spread_nodes(max(pool.nodes, pool.max_nodes or 0), 1 if where else domains)
    yield from flexible_nodes(pool.shape, nodes, where, what, ocpus=pool.ocpus, memory_gib=pool.memory_gib)
    yield from volumes(nodes, pool.boot_volume_gib, where, what)


def _of_storage(storage: Storage) -> Iterator[Use]:
    for group in storage.volume_groups:
        size, what = sum(each.size_gib for each in group.volumes.values()), f"volume group {group.name}"
        yield Use(name="total-storage-gb", value=size, where=group.availability_domain, what=what)
        yield Use(name="volume-count", value=len(group.volumes), where=group.availability_domain, what=what)
    files = storage.file_storage
    for name in ("file-system-count", "mount-target-count") if files else ():
        where = files.availability_domain if files else None
        yield Use(name=name, value=1, where=where, what="the file system")
    if storage.lustre:
        where = storage.lustre.availability_domain
        yield Use(name="max-lustre-file-system-count", value=1, where=where, what="Lustre")


def _of_database(database: Database) -> Iterator[Use]:
    """The Autonomous Database and its clones."""
    oracle = database.oracle
    if oracle:
        yield from databases(
            oracle.workload,
            1 + oracle.replicas,
            oracle.ecpus,
            oracle.storage_tb,
            autoscaling=oracle.autoscaling,
            what="the Autonomous Database",
        )


def _of_claims(serving: Serving) -> Iterator[Use]:
    """The volumes that pods claim. Kubernetes chooses their domain."""
    prometheus = serving.platform.prometheus
    if prometheus:
        yield from volumes(1, prometheus.storage_gib, None, "Prometheus")
