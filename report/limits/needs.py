"""How much of each service limit the resources of a stack use."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from facts.quota_uses import OF_VOLUMES, Use, databases, flexible_nodes, gpu_nodes, spread_nodes, volumes
from facts.shapes import find_shape
from report.claims import CLAIM, claimed_gib, claims_of
from report.cluster_networks import NODE_POOL, as_node_pools
from report.costs.bounds import PoolRange, pool_ranges
from report.resources import UNKNOWN, Resource, as_mapping, as_number, as_sequence
from report.usage_compute import BOOT_VOLUME_GIB, GIB_PER_OCPU

DATABASE = "oci:Database/autonomousDatabase:AutonomousDatabase"
HELM = ("kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart")

UNNAMED: Mapping[str, str] = MappingProxyType(
    {
        "oci:Psql/dbSystem:DbSystem": "PostgreSQL",
        "oci:Redis/redisCluster:RedisCluster": "OCI Cache",
        "oci:Opensearch/cluster:Cluster": "OpenSearch",
        "oci:Streaming/stream:Stream": "Streaming",
        "oci:LoadBalancer/loadBalancer:LoadBalancer": "flexible load balancers",
        "oci:Functions/application:Application": "Functions",
        "oci:Core/instancePool:InstancePool": "instance pools",
        "oci:Core/computeCapacityReservation:ComputeCapacityReservation": "capacity reservations",
    }
)
"""Types whose size counts against a limit that no source names, in words."""


@dataclass(frozen=True, kw_only=True)
class Uncounted:
    """A part whose need is not known."""

    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What resources use."""

    uses: Sequence[Use]
    reserved: Sequence[Use]
    """The part of `uses` by nodes in a capacity reservation. Whether a limit counts them twice is in no source."""

    unknown: Sequence[Uncounted]


_Counter = Callable[[Resource], Iterator["Use | Uncounted"]]


@dataclass(frozen=True, kw_only=True)
class _Count:
    """How resources are counted."""

    ranges: Mapping[str, PoolRange]
    largest: bool
    """Whether pools count at their largest size and with spare nodes. Otherwise as they are, at least."""

    databases: Sequence[Resource]

    def source(self, clone: Resource) -> Resource | None:
        """The database that another one is a clone of: by its OCID, or before that is known, the one of the same
        component."""
        wanted = clone.inputs.get("sourceId")
        by_id = (each for each in self.databases if each.id and each.id == wanted)
        beside = (each for each in self.databases if wanted is UNKNOWN and each.parent == clone.parent)
        own = (each for each in beside if not each.inputs.get("sourceId"))
        return next(by_id, None) or next(own, None)


def counted(
    resources: Sequence[Resource], limits: Mapping[str, tuple[int, int]], *, largest: bool = True
) -> Counted:
    """What the resources use. `limits`: the fewest and most nodes by the name of a pool, from the settings.

    `largest`: pools at their largest size, databases with autoscaling at their most, and the nodes that a renewal adds.
    Otherwise what the resources use at least as they are.
    """
    listed = as_node_pools(resources)
    count = _Count(
        ranges=pool_ranges(listed, limits),
        largest=largest,
        databases=[each for each in listed if each.type == DATABASE],
    )
    found = [(each, part) for each in listed for part in _parts(each, count)]
    return Counted(
        uses=[part for _, part in found if isinstance(part, Use)],
        reserved=[
            part
            for each, part in found
            if isinstance(part, Use) and _is_reserved(each) and part.name not in OF_VOLUMES
        ],
        unknown=[part for _, part in found if isinstance(part, Uncounted)],
    )


def domains_of(resources: Sequence[Resource]) -> list[str]:
    """The availability domains that the resources name."""
    named = {
        str(place)
        for each in as_node_pools(resources)
        for inputs in (each.inputs, *_placements(each))
        if (place := inputs.get("availabilityDomain")) and place is not UNKNOWN
    }
    return sorted(named)


def _parts(resource: Resource, count: _Count) -> Iterator[Use | Uncounted]:
    if resource.type == NODE_POOL:
        yield from _pool(resource, count)
    elif resource.type == DATABASE:
        yield from _database(resource, count)
    elif counter := _COUNTERS.get(resource.type):
        yield from counter(resource)


def _placements(pool: Resource) -> list[Mapping[str, object]]:
    details = as_mapping(pool.inputs.get("nodeConfigDetails"))
    return [*map(as_mapping, as_sequence(details.get("placementConfigs")))]


def _is_reserved(resource: Resource) -> bool:
    return any(each.get("capacityReservationId") for each in _placements(resource))


def _where(inputs: Mapping[str, object]) -> str | None:
    """The availability domain. An unknown one counts in each."""
    found = inputs.get("availabilityDomain")
    return found if isinstance(found, str) else None


def _pool(pool: Resource, count: _Count) -> Iterator[Use | Uncounted]:
    size = as_number(as_mapping(pool.inputs.get("nodeConfigDetails")).get("size"))
    found = count.ranges.get(pool.urn) if count.largest else None
    nodes = found.most if found else size
    if nodes is None:
        yield Uncounted(name=pool.name, reason="the number of nodes is not known yet")
        return
    places = _placements(pool) or [{}]
    source = as_mapping(pool.inputs.get("nodeSourceDetails"))
    config, shape = as_mapping(pool.inputs.get("nodeShapeConfig")), str(pool.inputs.get("nodeShape"))
    each = _share(shape, int(nodes), len(places), largest=count.largest)
    for place in places:
        where = _where(place)
        yield from _nodes(pool.name, shape, config, each, where)
        yield from volumes(
            each, as_number(source.get("bootVolumeSizeInGbs")) or BOOT_VOLUME_GIB, where, pool.name
        )


def _share(shape_name: str, nodes: int, places: int, *, largest: bool) -> int:
    """Nodes in each place."""
    if not largest:
        return nodes // places
    shape = find_shape(shape_name)
    return -(-nodes // places) if shape and shape.gpus else spread_nodes(nodes, places)


def _nodes(
    name: str, shape: str, config: Mapping[str, object], nodes: int, where: str | None
) -> Iterator[Use | Uncounted]:
    found = find_shape(shape)
    if found and found.gpus:
        if found.gpu_limit_name is None:
            yield Uncounted(name=name, reason=f"no source names the limit of {shape}")
        yield from gpu_nodes(shape, nodes, where, name)
        return
    ocpus, memory = as_number(config.get("ocpus")), as_number(config.get("memoryInGbs"))
    if ocpus is None:
        yield Uncounted(name=name, reason=f"the size of its shape {shape} is not known")
        return
    size = [
        *flexible_nodes(shape, nodes, where, name, ocpus=ocpus, memory_gib=memory or GIB_PER_OCPU * ocpus)
    ]
    if not size:
        yield Uncounted(name=name, reason=f"no source names the limits of {shape}")
    yield from size


def _instance(instance: Resource) -> Iterator[Use | Uncounted]:
    where, shape = _where(instance.inputs), str(instance.inputs.get("shape"))
    yield from _nodes(instance.name, shape, as_mapping(instance.inputs.get("shapeConfig")), 1, where)
    source = as_mapping(instance.inputs.get("sourceDetails"))
    yield from volumes(
        1, as_number(source.get("bootVolumeSizeInGbs")) or BOOT_VOLUME_GIB, where, instance.name
    )


def _volume(volume: Resource) -> Iterator[Use | Uncounted]:
    gib = as_number(volume.inputs.get("sizeInGbs"))
    if gib is None:
        yield Uncounted(name=volume.name, reason="the size of the volume is not known")
    yield from volumes(1, gib or 0, _where(volume.inputs), volume.name)


def _claims(resource: Resource) -> Iterator[Use | Uncounted]:
    """Kubernetes chooses the domain of a claim."""
    for spec in claims_of(resource):
        if gib := claimed_gib(spec):
            yield from volumes(1, gib, None, resource.name)


def _one(limit: str) -> _Counter:
    def counter(resource: Resource) -> Iterator[Use | Uncounted]:
        yield Use(name=limit, value=1, where=_where(resource.inputs), what=resource.name)

    return counter


def _address(address: Resource) -> Iterator[Use | Uncounted]:
    if address.inputs.get("lifetime") == "RESERVED":
        yield Use(name="reserved-public-ip-count", value=1, where=None, what=address.name)


def _database(database: Resource, count: _Count) -> Iterator[Use | Uncounted]:
    """A clone has the workload and the storage of its source."""
    inputs = database.inputs
    source = count.source(database)
    given = {**(source.inputs if source else {}), **inputs}
    ecpus, storage = as_number(given.get("computeCount")), as_number(given.get("dataStorageSizeInTbs"))
    if given.get("computeModel") != "ECPU" or ecpus is None:
        yield Uncounted(name=database.name, reason="it does not say how many ECPUs it has")
        return
    if source is None and inputs.get("sourceId"):
        yield Uncounted(name=database.name, reason="the database that it is a clone of is not known yet")
        return
    autoscaling = count.largest and bool(given.get("isAutoScalingEnabled"))
    found = databases(
        str(given.get("dbWorkload")), 1, ecpus, storage or 0, autoscaling=autoscaling, what=database.name
    )
    yield from found
    if storage is None:
        yield Uncounted(name=database.name, reason="it does not say how much storage it has in TB")


_COUNTERS: Mapping[str, _Counter] = MappingProxyType(
    {
        CLAIM: _claims,
        **dict.fromkeys(HELM, _claims),
        "oci:Core/instance:Instance": _instance,
        "oci:Core/volume:Volume": _volume,
        "oci:Core/vcn:Vcn": _one("vcn-count"),
        "oci:Core/publicIp:PublicIp": _address,
        "oci:ContainerEngine/cluster:Cluster": _one("cluster-count"),
        "oci:FileStorage/fileSystem:FileSystem": _one("file-system-count"),
        "oci:FileStorage/mountTarget:MountTarget": _one("mount-target-count"),
        "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": _one(
            "max-lustre-file-system-count"
        ),
    }
)
