"""How much of each quota the settings need."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from facts.quotas import family_of
from facts.regions import REGIONS
from facts.shapes import find_shape
from infra.settings.cluster import Cluster, CpuPool
from infra.settings.database import Database
from infra.settings.gpu import Gpu
from infra.settings.network import Network
from infra.settings.network.addresses import gpu_most_nodes
from infra.settings.serving import Serving
from infra.settings.storage import Storage
from infra.settings.tenancy import Tenancy

SPARE_NODES = 1
"""Nodes that the renewal of a CPU pool adds before it removes one. GPU pools are renewed without a spare node."""

SERIES = {
    "VM.Standard3.Flex": "standard3",
    "VM.Standard.E4.Flex": "standard-e4",
    "VM.Standard.E5.Flex": "standard-e5",
}
"""Series of the shapes whose quotas are known."""

WORKLOADS = {"OLTP": "atp", "DW": "adw", "LH": "adw", "AJD": "ajd"}
"""Prefixes of an Autonomous Database's quotas by its workload. APEX has none that a source names."""

MOST_AUTOSCALED = 3
"""How many times its ECPUs a database with `autoscaling` may use."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """What is needed of one quota, in the availability domain that needs most."""

    value: int
    why: str


@dataclass(frozen=True, kw_only=True)
class _Use:
    name: str
    value: int
    where: int
    """Number of the availability domain; 0 for each of them, and for a quota of the region."""

    what: str


def quota_needs(
    *,
    tenancy: Tenancy,
    network: Network,
    cluster: Cluster,
    gpu: Gpu,
    storage: Storage,
    database: Database,
    serving: Serving,
) -> Mapping[str, Need]:
    """The needs by the name of the quota, for all pools at their largest size.

    Quotas that no source names are left out, and so are those whose need the settings do not say: bytes in buckets, and
    numbers of backups.
    """
    region = REGIONS.get(tenancy.region)
    domains = region.availability_domains if region else 1
    uses = [
        *_of_gpu_pools(gpu),
        *(use for pool in cluster.pools for use in _of_cpu_pool(pool, domains)),
        *_of_storage(storage),
        *_of_database(database),
        *_of_claims(serving),
    ]
    if network.existing is None:
        uses.append(_Use(name="vcn-count", value=1, where=0, what="the VCN"))
    return _sums([each for each in uses if family_of(each.name)], domains)


def _sums(uses: list[_Use], domains: int) -> Mapping[str, Need]:
    by_name: dict[str, list[_Use]] = defaultdict(list)
    for use in uses:
        by_name[use.name].append(use)
    return {name: _largest(each, domains) for name, each in by_name.items()}


def _largest(uses: list[_Use], domains: int) -> Need:
    totals: Counter[int] = Counter()
    for domain in range(1, domains + 1):
        totals[domain] = sum(use.value for use in uses if use.where in (0, domain))
    place, value = max(totals.items(), key=lambda each: each[1])
    parts = ", ".join(f"{use.what} {use.value:,}" for use in uses if use.where in (0, place))
    return Need(value=value, why=parts)


def _of_gpu_pools(gpu: Gpu) -> Iterator[_Use]:
    for pool in gpu.pools:
        shape, nodes, what = find_shape(pool.shape), gpu_most_nodes(pool), f"pool {pool.name}"
        if shape and shape.gpu_limit_name:
            value = nodes * shape.gpus
            yield _Use(name=shape.gpu_limit_name, value=value, where=pool.availability_domain, what=what)
        yield from _volumes(nodes, pool.boot_volume_gib, pool.availability_domain, what)


def _of_cpu_pool(pool: CpuPool, domains: int) -> Iterator[_Use]:
    """Nodes are spread over the domains, and the spare node may be in any of them."""
    most, where = max(pool.nodes, pool.max_nodes or 0), pool.availability_domain or 0
    nodes = (most if where else -(-most // domains)) + SPARE_NODES
    series, what = SERIES.get(pool.shape), f"pool {pool.name}"
    if series:
        yield _Use(name=f"{series}-core-count", value=nodes * pool.ocpus, where=where, what=what)
        yield _Use(name=f"{series}-memory-count", value=nodes * pool.memory_gib, where=where, what=what)
    yield from _volumes(nodes, pool.boot_volume_gib, where, what)


def _volumes(count: int, size: int, where: int, what: str) -> Iterator[_Use]:
    yield _Use(name="total-storage-gb", value=count * size, where=where, what=what)
    yield _Use(name="volume-count", value=count, where=where, what=what)


def _of_storage(storage: Storage) -> Iterator[_Use]:
    for group in storage.volume_groups:
        size, what = sum(each.size_gib for each in group.volumes.values()), f"volume group {group.name}"
        yield _Use(name="total-storage-gb", value=size, where=group.availability_domain, what=what)
        yield _Use(name="volume-count", value=len(group.volumes), where=group.availability_domain, what=what)
    files = storage.file_storage
    for name in ("file-system-count", "mount-target-count") if files else ():
        where = files.availability_domain if files else 0
        yield _Use(name=name, value=1, where=where, what="the file system")
    if storage.lustre:
        where = storage.lustre.availability_domain
        yield _Use(name="max-lustre-file-system-count", value=1, where=where, what="Lustre")


def _of_database(database: Database) -> Iterator[_Use]:
    """The Autonomous Database and its clones. Quotas of PostgreSQL, Cache and OpenSearch have no source."""
    oracle = database.oracle
    prefix = WORKLOADS.get(oracle.workload) if oracle else None
    if oracle is None or prefix is None:
        return
    count, what = 1 + oracle.replicas, "the Autonomous Database"
    ecpus = oracle.ecpus * (MOST_AUTOSCALED if oracle.autoscaling else 1)
    yield _Use(name=f"{prefix}-ecpu-count", value=count * ecpus, where=0, what=what)
    yield _Use(name=f"{prefix}-total-storage-tb", value=count * oracle.storage_tb, where=0, what=what)


def _of_claims(serving: Serving) -> Iterator[_Use]:
    """The volumes that pods claim. Kubernetes chooses their domain."""
    prometheus = serving.platform.prometheus
    if prometheus:
        yield from _volumes(1, prometheus.storage_gib, 0, "Prometheus")
