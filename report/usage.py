"""What a resource uses that is billed: price items and quantities, by resource type."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from facts.shapes import find_shape
from report.resources import UNKNOWN, Resource, as_mapping, as_number, as_sequence

BOOT_VOLUME_GIB = 46.6
"""OCI's default size of a boot volume."""
BALANCED_VPUS = 10
"""Volume performance units of a boot volume that doesn't say."""
BLOCK_CLASSES = (None, "oci-bv", "oci-bv-encrypted", "encrypted")
"""Storage classes of block volumes: OKE's, this project's, and the default one, which is either."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """So much of one price item. Of an item by the hour `quantity` runs all the time; else it is per month."""

    item: str
    quantity: float
    what: str
    assumption: str | None = None
    """What had to be assumed about the quantity."""


@dataclass(frozen=True, kw_only=True)
class NotCounted:
    """Why something that may cost money has no figure."""

    reason: str


Estimator = Callable[[Resource], Iterator[Usage | NotCounted]]


def _node_pool(pool: Resource) -> Iterator[Usage | NotCounted]:
    inputs = pool.inputs
    size = as_mapping(inputs.get("nodeConfigDetails")).get("size")
    nodes = as_number(size)
    if nodes is None:
        why = "is not known yet" if size is UNKNOWN else "is not given"
        yield NotCounted(reason=f"the number of nodes {why}")
        return
    shape = str(inputs.get("nodeShape"))
    yield from _compute(shape, as_mapping(inputs.get("nodeShapeConfig")), nodes)
    source = as_mapping(inputs.get("nodeSourceDetails"))
    yield from _boot_volumes(source.get("bootVolumeSizeInGbs"), None, nodes)


def _instance(instance: Resource) -> Iterator[Usage | NotCounted]:
    inputs = instance.inputs
    yield from _compute(str(inputs.get("shape")), as_mapping(inputs.get("shapeConfig")), 1)
    source = as_mapping(inputs.get("sourceDetails"))
    yield from _boot_volumes(source.get("bootVolumeSizeInGbs"), source.get("bootVolumeVpusPerGb"), 1)


def _compute(shape_name: str, config: Mapping[str, object], nodes: float) -> Iterator[Usage | NotCounted]:
    shape = find_shape(shape_name)
    count = f"{nodes:g} node" + ("" if nodes == 1 else "s")
    if shape is None:
        yield NotCounted(reason=f"nothing is known of the shape {shape_name}")
    elif shape.gpus:
        yield Usage(
            item=f"compute/{shape_name}/gpu-hour",
            quantity=nodes * shape.gpus,
            what=f"{count} x {shape.gpus} {shape.gpu_name}",
        )
    elif shape.flexible:
        ocpus, memory = as_number(config.get("ocpus")), as_number(config.get("memoryInGbs"))
        if ocpus is None:
            yield NotCounted(reason="the OCPUs of the flexible shape are not known")
            return
        # OCI gives a flexible shape 16 GB an OCPU unless told otherwise.
        assumption = None if memory is not None else "16 GB of memory an OCPU, for the program gives none"
        memory = 16 * ocpus if memory is None else memory
        yield Usage(
            item=f"compute/{shape_name}/ocpu-hour", quantity=nodes * ocpus, what=f"{count} x {ocpus:g} OCPU"
        )
        yield Usage(
            item=f"compute/{shape_name}/gib-hour",
            quantity=nodes * memory,
            what=f"{count} x {memory:g} GB memory",
            assumption=assumption,
        )
    else:
        yield NotCounted(reason=f"no rule prices the shape {shape_name}")


def _boot_volumes(size: object, vpus: object, nodes: float) -> Iterator[Usage | NotCounted]:
    gib = as_number(size)
    assumption = None if gib is not None else f"boot volumes of {BOOT_VOLUME_GIB} GB, OCI's default"
    gib = BOOT_VOLUME_GIB if gib is None else gib
    units = as_number(vpus)
    yield from _block_storage(
        nodes * gib, BALANCED_VPUS if units is None else units, "boot volumes", assumption
    )


def _block_storage(gib: float, vpus: float, what: str, assumption: str | None = None) -> Iterator[Usage]:
    yield Usage(
        item="block-volume/gib-month", quantity=gib, what=f"{what}, {gib:g} GB", assumption=assumption
    )
    if vpus:
        yield Usage(
            item="block-volume/vpu-gib-month",
            quantity=gib * vpus,
            what=f"{what}, {vpus:g} VPU/GB",
            assumption=assumption,
        )


def _volume(volume: Resource) -> Iterator[Usage | NotCounted]:
    gib = as_number(volume.inputs.get("sizeInGbs"))
    if gib is None:
        yield NotCounted(reason="the size of the volume is not known")
        return
    vpus = as_number(volume.inputs.get("vpusPerGb"))
    yield from _block_storage(gib, BALANCED_VPUS if vpus is None else vpus, "volume")


def _cluster(cluster: Resource) -> Iterator[Usage | NotCounted]:
    # A cluster that does not say its type is basic, and a basic cluster costs nothing.
    if cluster.inputs.get("type") == "ENHANCED_CLUSTER":
        yield Usage(item="oke/enhanced-cluster-hour", quantity=1, what="enhanced cluster")


def _load_balancer(balancer: Resource) -> Iterator[Usage | NotCounted]:
    if balancer.inputs.get("shape") != "flexible":
        yield NotCounted(reason="only flexible load balancers have a price here")
        return
    least = as_number(as_mapping(balancer.inputs.get("shapeDetails")).get("minimumBandwidthInMbps"))
    yield from _flexible_balancer(10 if least is None else least)


def _flexible_balancer(mbps: float) -> Iterator[Usage]:
    yield Usage(item="load-balancer/base-hour", quantity=1, what="load balancer")
    yield Usage(
        item="load-balancer/mbps-hour",
        quantity=mbps,
        what=f"{mbps:g} Mbps",
        assumption="load balancers at their minimum bandwidth",
    )


def _service(service: Resource) -> Iterator[Usage | NotCounted]:
    if as_mapping(service.inputs.get("spec")).get("type") != "LoadBalancer":
        return
    notes = as_mapping(as_mapping(service.inputs.get("metadata")).get("annotations"))
    least = as_number(notes.get("service.beta.kubernetes.io/oci-load-balancer-shape-flex-min"))
    yield from _flexible_balancer(10 if least is None else least)


def _claim(claim: Resource) -> Iterator[Usage | NotCounted]:
    spec = as_mapping(claim.inputs.get("spec"))
    asked = as_mapping(as_mapping(spec.get("resources")).get("requests")).get("storage")
    gib = _gib(asked)
    if spec.get("storageClassName") == "":
        return  # It takes a volume that is there already, and is billed where that comes from.
    if spec.get("storageClassName") not in BLOCK_CLASSES or gib is None:
        yield NotCounted(reason="only block volumes of a known size have a price here")
        return
    # The driver rounds up to the smallest block volume.
    yield from _block_storage(max(50.0, gib), BALANCED_VPUS, "volume claim")


def _gib(quantity: object) -> float | None:
    text = str(quantity)
    for unit, factor in (("Gi", 1.0), ("Ti", 1024.0), ("Mi", 1 / 1024)):
        if text.endswith(unit):
            number = as_number(text.removesuffix(unit))
            return None if number is None else number * factor
    return None


def _release(_release: Resource) -> Iterator[Usage | NotCounted]:
    yield NotCounted(reason="what a chart makes is not looked into; it mostly runs on nodes already counted")


def _reservation(reservation: Resource) -> Iterator[Usage | NotCounted]:
    configs = as_sequence(reservation.inputs.get("instanceReservationConfigs"))
    if any(as_number(as_mapping(config).get("reservedCount")) != 0 for config in configs):
        yield NotCounted(
            reason="reserved nodes in use are in their pools; unused ones cost 85 % of the price"
        )


CACHE_LOW_MEMORY_GIB = 10
"""Nodes of more memory pay less a GiB."""


def _autonomous_database(database: Resource) -> Iterator[Usage | NotCounted]:
    inputs = database.inputs
    ecpus = as_number(inputs.get("computeCount"))
    if (
        inputs.get("computeModel") != "ECPU"
        or inputs.get("licenseModel") != "LICENSE_INCLUDED"
        or ecpus is None
    ):
        yield NotCounted(reason="only ECPUs with the license included have a price here")
        return
    more = bool(inputs.get("isAutoScalingEnabled"))
    yield Usage(
        item="autonomous-database/ecpu-hour",
        quantity=ecpus,
        what=f"{ecpus:g} ECPU",
        assumption="Autonomous Databases at their base ECPUs" if more else None,
    )
    yield NotCounted(reason="the storage and the backups of the database")


def _cache(cluster: Resource) -> Iterator[Usage | NotCounted]:
    inputs = cluster.inputs
    nodes, memory = as_number(inputs.get("nodeCount")), as_number(inputs.get("nodeMemoryInGbs"))
    if nodes is None or memory is None:
        yield NotCounted(reason="the size of the cache is not known")
        return
    nodes *= as_number(inputs.get("shardCount")) or 1
    tier = "low" if memory <= CACHE_LOW_MEMORY_GIB else "high"
    what = f"{nodes:g} x {memory:g} GB memory"
    yield Usage(item=f"oci-cache/{tier}-memory-gib-hour", quantity=nodes * memory, what=what)


ESTIMATORS: Mapping[str, Estimator] = MappingProxyType(
    {
        "oci:Database/autonomousDatabase:AutonomousDatabase": _autonomous_database,
        "oci:Redis/redisCluster:RedisCluster": _cache,
        "oci:ContainerEngine/nodePool:NodePool": _node_pool,
        "oci:ContainerEngine/cluster:Cluster": _cluster,
        "oci:Core/instance:Instance": _instance,
        "oci:Core/volume:Volume": _volume,
        "oci:Core/computeCapacityReservation:ComputeCapacityReservation": _reservation,
        "oci:LoadBalancer/loadBalancer:LoadBalancer": _load_balancer,
        "kubernetes:core/v1:Service": _service,
        "kubernetes:core/v1:PersistentVolumeClaim": _claim,
        "kubernetes:helm.sh/v3:Release": _release,
        "kubernetes:helm.sh/v4:Chart": _release,
    }
)
"""An estimator that yields nothing says that this resource costs nothing by itself."""
