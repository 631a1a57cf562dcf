"""The billed use of databases, Lustre and vaults.

PostgreSQL: Oracle's page on the service's billing adds a service fee to compute, storage and volume performance.
The other services follow the parts of Oracle's price list. Each assumption is named where it is made.
"""

from collections.abc import Iterator

from facts.wording import plural
from report.quantity import NotCounted, Usage
from report.resources import Resource, as_number
from report.usage_compute import block_storage, flexible_compute

CACHE_LOW_MEMORY_GIB = 10
"""Nodes with more memory cost less per GiB."""

SEARCH_SHAPE = "VM.Standard.E5.Flex"
"""Oracle does not say as which shape it bills OpenSearch's flexible nodes. This is the most expensive of AMD's."""

AUTOSCALED_ECPUS = 3
"""How many times its ECPUs a database may use with autoscaling (Oracle's page "Use Auto Scaling")."""

TRANSACTION_WORKLOADS = ("OLTP", None)
"""Workloads with the more expensive kind of storage. None is included: Oracle's default is OLTP."""


def autonomous_database(database: Resource) -> Iterator[Usage | NotCounted]:
    """ECPUs with the license included, and storage if the program gives its size."""
    inputs = database.inputs
    ecpus = as_number(inputs.get("computeCount"))
    own_license = inputs.get("licenseModel") != "LICENSE_INCLUDED"
    if inputs.get("computeModel") != "ECPU" or own_license or ecpus is None:
        yield NotCounted(reason="the price list has only ECPUs with the license included")
        return
    more = bool(inputs.get("isAutoScalingEnabled"))
    yield Usage(
        item="autonomous-database/ecpu-hour",
        quantity=ecpus,
        what=f"{ecpus:g} ECPU",
        assumption="Autonomous Databases at their base ECPUs" if more else None,
        most=AUTOSCALED_ECPUS * ecpus if more else None,
        most_because="the autoscaling of the database",
    )
    terabytes = as_number(inputs.get("dataStorageSizeInTbs"))
    gib = as_number(inputs.get("dataStorageSizeInGb")) if terabytes is None else 1024 * terabytes
    if gib is None:
        yield NotCounted(reason="storage of the database: the program does not give its size", by_use=True)
    else:
        kind = "transaction-gib" if inputs.get("dbWorkload") in TRANSACTION_WORKLOADS else "gib"
        yield Usage(
            item=f"autonomous-database/{kind}-month", quantity=gib, what=f"database storage, {gib:g} GB"
        )
    yield NotCounted(reason="backups of the database, by their size", by_use=True)


def postgresql(system: Resource) -> Iterator[Usage | NotCounted]:
    """The nodes' shape plus the service's fee per OCPU. Storage is billed by use."""
    inputs = system.inputs
    nodes = as_number(inputs.get("instanceCount"))
    ocpus, memory = (
        as_number(inputs.get("instanceOcpuCount")),
        as_number(inputs.get("instanceMemorySizeInGbs")),
    )
    if nodes is None or ocpus is None or memory is None:
        yield NotCounted(reason="the number or size of PostgreSQL's nodes is unknown")
        return
    yield Usage(
        item="postgresql/ocpu-hour", quantity=nodes * ocpus, what=f"PostgreSQL on {nodes * ocpus:g} OCPU"
    )
    shape = str(inputs.get("shape")).removeprefix("PostgreSQL.")
    yield from flexible_compute(shape, nodes, ocpus, memory)
    yield NotCounted(reason="storage and backups of PostgreSQL, by their size", by_use=True)


def opensearch(cluster: Resource) -> Iterator[Usage | NotCounted]:
    """OCPUs, memory and volume of each node, plus a fee per node."""
    kinds = [_search_nodes(cluster, kind) for kind in ("dataNode", "masterNode", "opendashboardNode")]
    known = [kind for kind in kinds if kind is not None]
    if len(known) < len(kinds):
        yield NotCounted(reason="the number or size of OpenSearch's nodes is unknown")
        return
    nodes = sum(count for count, _, _ in known)
    yield Usage(
        item="opensearch/node-hour",
        quantity=nodes,
        what=f"OpenSearch, {plural('node', nodes)}",
        assumption="OpenSearch's fee for every node",
    )
    for count, ocpus, memory in known:
        yield from flexible_compute(
            SEARCH_SHAPE, count, ocpus, memory, f"nodes of OpenSearch at the price of {SEARCH_SHAPE}"
        )
    gib = as_number(cluster.inputs.get("dataNodeStorageGb"))
    if gib is None:
        yield NotCounted(reason="the size of OpenSearch's storage is unknown")
    else:
        why = "storage of OpenSearch at the price of balanced block volumes"
        yield from block_storage(known[0][0] * gib, 10, "search storage", why)


def _search_nodes(cluster: Resource, kind: str) -> tuple[float, float, float] | None:
    """The number of nodes of a kind, and the OCPUs and memory of each."""
    inputs = cluster.inputs
    count = as_number(inputs.get(f"{kind}Count"))
    ocpus = as_number(inputs.get(f"{kind}HostOcpuCount"))
    memory = as_number(inputs.get(f"{kind}HostMemoryGb"))
    if count is None or ocpus is None or memory is None:
        return None
    return count, ocpus, memory


def cache(cluster: Resource) -> Iterator[Usage | NotCounted]:
    """The memory of all nodes together."""
    inputs = cluster.inputs
    nodes, memory = as_number(inputs.get("nodeCount")), as_number(inputs.get("nodeMemoryInGbs"))
    if nodes is None or memory is None:
        yield NotCounted(reason="the size of the cache is unknown")
        return
    nodes *= as_number(inputs.get("shardCount")) or 1
    tier = "low" if memory <= CACHE_LOW_MEMORY_GIB else "high"
    what = f"{nodes:g} x {memory:g} GB memory"
    yield Usage(item=f"oci-cache/{tier}-memory-gib-hour", quantity=nodes * memory, what=what)


def lustre(system: Resource) -> Iterator[Usage | NotCounted]:
    """The capacity, and performance units for the tier, such as `MBPS_PER_TB_125`."""
    gib = as_number(system.inputs.get("capacityInGbs"))
    tier = as_number(str(system.inputs.get("performanceTier")).rsplit("_", 1)[-1])
    if gib is None or tier is None:
        yield NotCounted(reason="the capacity or tier of Lustre is unknown")
        return
    yield Usage(item="lustre/gib-month", quantity=gib, what=f"Lustre, {gib:,.0f} GB")
    yield Usage(
        item="lustre/performance-gib-month",
        quantity=gib * tier,
        what=f"Lustre, {tier:g} MB/s a TB",
        assumption="one performance unit of Lustre for each MB/s per TB",
    )


def vault(found: Resource) -> Iterator[Usage | NotCounted]:
    """A virtual private vault is billed by the hour. The default type costs nothing."""
    kind = found.inputs.get("vaultType")
    if kind == "VIRTUAL_PRIVATE":
        yield Usage(item="vault/private-vault-hour", quantity=1, what="private vault")
    elif kind != "DEFAULT":
        yield NotCounted(reason=f"the price list does not have a vault of type {kind}")
