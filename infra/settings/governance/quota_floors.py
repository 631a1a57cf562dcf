"""What the settings need of each quota at least: what statements and limits must leave.

Only some of it becomes a limit by itself (`quota_needs`). A vault that waits for its deletion and an object that
somebody writes count too, so a limit on those is the user's choice.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from components.governance.quota_rules import Floor
from components.gpu.pool_modes import CLUSTER_NETWORK
from facts.cis_events import event_groups
from facts.health_checks import BASIC_SECONDS
from facts.quota_uses import WORKLOADS
from facts.quotas import family_of
from infra.settings.cluster import Cluster
from infra.settings.database import Database
from infra.settings.governance import Governance
from infra.settings.gpu import Gpu
from infra.settings.logs import Logs
from infra.settings.network import Network
from infra.settings.observability import Observability
from infra.settings.serving import Serving
from infra.settings.storage import Storage
from infra.settings.tenancy import Tenancy
from infra.settings.vault import Vault
from serving.catalogue.loader import find_model

from .quota_needs import Sized, quota_needs


class Floored(Sized, Protocol):
    """The sections that decide what is needed at least. The settings have all of them."""

    @property
    def vault(self) -> Vault: ...
    @property
    def observability(self) -> Observability: ...
    @property
    def governance(self) -> Governance: ...


def quota_floors(settings: Floored) -> Iterator[Floor]:
    """The needs of every quota that the stack uses, of those whose size the settings say and of the others."""
    for name, need in quota_needs(settings).items():
        yield Floor(family=family_of(name) or "", name=name, value=need.value, why=need.why)
    yield from _of_storage(settings.storage, settings.serving, settings.tenancy)
    yield from _of_vault(settings.vault)
    yield from _of_databases(settings.database)
    yield from _of_edge(settings.network)
    yield from _of_pools(settings.gpu)
    yield from _of_functions(settings.cluster, settings.governance)
    yield from _of_observability(settings.observability)
    yield from _of_governance(settings.governance)


def _one(family: str, name: str | None, why: str, value: int = 1) -> Floor:
    return Floor(family=family, name=name, value=value, why=why if name is None else f"{why} {value:,}")


def _of_storage(storage: Storage, serving: Serving, tenancy: Tenancy) -> Iterator[Floor]:
    """Bytes for the staged weights, or one byte: what people and services write is not in the settings."""
    weights = _weights(serving)
    if storage.buckets:
        what = "the staged weights" if weights else f"what is in the bucket {storage.buckets[0].name}"
        yield _one("object-storage", "storage-bytes", what, max(sum(weights.values()), 1))
    for copied in (each.name for each in storage.buckets if each.replicate):
        what = f"the copy of the bucket {copied} 1"
        yield Floor(
            family="object-storage",
            name="storage-bytes",
            value=1,
            why=what,
            region=tenancy.second_region,
        )
    backed_up = [each for each in storage.volume_groups if each.backups]
    if backed_up:
        kinds = sum(len(each.backups) * len(each.volumes) for each in backed_up)
        yield _one("block-storage", "backup-count", "a backup of each schedule and volume", kinds)


def _weights(serving: Serving) -> Mapping[str, int]:
    """Bytes of each model and commit that is staged to the bucket."""
    found: dict[str, int] = {}
    for each in serving.models if serving.weights else ():
        model = find_model(each.model)
        if model is not None:
            found[f"{each.model}@{each.revision or model.revision}"] = int(model.weights_gb * 10**9)
    return found


def _of_vault(vault: Vault) -> Iterator[Floor]:
    names = {"shared": "virtual-vault-count", "private": "virtual-private-vault-count"}
    if vault.existing is None and vault.kind in names:
        yield _one("kms", names[vault.kind], "the vault")


def _of_databases(database: Database) -> Iterator[Floor]:
    """No source names the quotas of PostgreSQL and Cache, and none says a family for OpenSearch."""
    if database.oracle and database.oracle.workload not in WORKLOADS:
        yield _one("database", None, "the Autonomous Database")
    if database.postgresql:
        yield _one("postgresql", None, "the PostgreSQL database")
    if database.cache:
        yield _one("redis", None, "the cache")
    if database.streaming:
        partitions = sum(each.partitions for each in database.streaming.streams.values())
        yield _one("streaming", "partition-count", "the partitions of the streams", partitions)


def _of_edge(network: Network) -> Iterator[Floor]:
    """The balancers that Kubernetes owns are not counted: the settings do not say how many there are."""
    balancer, firewall, dns = network.edge.load_balancer, network.edge.firewall, network.edge.dns
    if balancer:
        yield _one("load-balancer", "lb-flexible-count", "network.edge.loadBalancer")
        yield _one(
            "load-balancer", "lb-flexible-bandwidth-sum", "network.edge.loadBalancer", balancer.max_mbps
        )
    if balancer and not balancer.private:
        yield _one("vcn", "reserved-public-ip-count", "the address of the load balancer")
    if firewall:
        yield _one("waf", None, "the web application firewall")
    if dns:
        yield _one("dns", "private-zone-count" if dns.view_id else "global-zone-count", "the zone")


def _of_pools(gpu: Gpu) -> Iterator[Floor]:
    """Networks of nodes with RDMA, and images to import."""
    own = [each for each in gpu.pools if each.mode == CLUSTER_NETWORK]
    if own:
        for name in ("cluster-network-count", "config-count", "pool-count"):
            yield _one("compute-management", name, "pools with cluster networks", len(own))
    managed = [each for each in gpu.pools if each.rdma and each.mode != CLUSTER_NETWORK]
    if managed:
        yield _one("compute", "compute-cluster-count", "pools with RDMA")
    images = {each.image_import.name for each in gpu.pools if each.image_import}
    if images:
        yield _one("compute", "custom-image-count", "imported images", len(images))


def _of_functions(cluster: Cluster, governance: Governance) -> Iterator[Floor]:
    if cluster.schedule:
        yield _one("faas", None, "the function of cluster.schedule")
    if governance.costs.daily:
        yield _one("faas", None, "the function of governance.costs.daily")


def _of_observability(wanted: Observability) -> Iterator[Floor]:
    if wanted.topics:
        yield _one("notifications", "topic-count", "topics", len(wanted.topics))
    intervals = [each.interval_seconds for each in wanted.health_checks.values()]
    for basic, name in ((False, "monitor-premium-count"), (True, "monitor-basic-count")):
        checks = [each for each in intervals if (each >= BASIC_SECONDS) is basic]
        if checks:
            yield _one("health-checks", name, "health checks", len(checks))
    if wanted.logs:
        yield from _of_logs(wanted.logs)


def _of_logs(logs: Logs) -> Iterator[Floor]:
    yield _one("logging", None, "the logs of observability.logs")
    connectors = len(logs.archives) + len(logs.connectors)
    if connectors:
        yield _one("service-connector-hub", "service-connector-count", "connectors", connectors)
    if logs.archives:
        kept = ", ".join(logs.archives)
        yield _one("object-storage", "storage-bytes", f"what connectors write to {kept}")


def _of_governance(governance: Governance) -> Iterator[Floor]:
    """Rules of events are in the root compartment; so is Cloud Guard."""
    rules = len(event_groups()) - len(governance.notices.without) if governance.notices else 0
    rules += bool(governance.budget and governance.budget.topic)
    if rules:
        yield Floor(
            family="events",
            name="rule-count",
            value=rules,
            why=f"rules of governance.notices and governance.budget.topic {rules}",
            in_root=True,
        )
    if governance.cloud_guard:
        yield Floor(family="cloudguard", name=None, value=1, why="Cloud Guard", in_root=True)
    if governance.scanning:
        yield _one("vulnerability-scanning", None, "governance.scanning")
