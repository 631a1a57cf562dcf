"""The billed use of a resource: price items and quantities, by resource type."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from facts.health_checks import BASIC_SECONDS
from facts.wording import plural
from report.claims import claimed_gib
from report.quantity import Estimator, NotCounted, Usage
from report.resources import UNKNOWN, Resource, as_mapping, as_number, as_sequence
from report.usage_compute import BALANCED_VPUS, block_storage, boot_volumes, compute
from report.usage_services import autonomous_database, cache, lustre, opensearch, postgresql, vault


def _node_pool(pool: Resource) -> Iterator[Usage | NotCounted]:
    inputs = pool.inputs
    size = as_mapping(inputs.get("nodeConfigDetails")).get("size")
    nodes = as_number(size)
    if nodes is None:
        why = "is not known yet" if size is UNKNOWN else "is not given"
        yield NotCounted(reason=f"the number of nodes {why}")
        return
    shape = str(inputs.get("nodeShape"))
    yield from compute(shape, as_mapping(inputs.get("nodeShapeConfig")), nodes)
    source = as_mapping(inputs.get("nodeSourceDetails"))
    yield from boot_volumes(source.get("bootVolumeSizeInGbs"), None, nodes)


def _instance(instance: Resource) -> Iterator[Usage | NotCounted]:
    inputs = instance.inputs
    yield from compute(str(inputs.get("shape")), as_mapping(inputs.get("shapeConfig")), 1)
    source = as_mapping(inputs.get("sourceDetails"))
    yield from boot_volumes(source.get("bootVolumeSizeInGbs"), source.get("bootVolumeVpusPerGb"), 1)


def _volume(volume: Resource) -> Iterator[Usage | NotCounted]:
    gib = as_number(volume.inputs.get("sizeInGbs"))
    if gib is None:
        yield NotCounted(reason="the size of the volume is not known")
        return
    vpus = as_number(volume.inputs.get("vpusPerGb"))
    policies = (as_mapping(each) for each in as_sequence(volume.inputs.get("autotunePolicies")))
    tuned = [most for each in policies if (most := as_number(each.get("maxVpusPerGb"))) is not None]
    yield from block_storage(
        gib, BALANCED_VPUS if vpus is None else vpus, "volume", most_vpus=max(tuned, default=None)
    )


def _cluster(cluster: Resource) -> Iterator[Usage | NotCounted]:
    # A cluster without a type is basic, and a basic cluster costs nothing.
    if cluster.inputs.get("type") == "ENHANCED_CLUSTER":
        yield Usage(item="oke/enhanced-cluster-hour", quantity=1, what="enhanced cluster")


def _load_balancer(balancer: Resource) -> Iterator[Usage | NotCounted]:
    if balancer.inputs.get("shape") != "flexible":
        yield NotCounted(reason="the price list has only flexible load balancers")
        return
    details = as_mapping(balancer.inputs.get("shapeDetails"))
    least, most = (as_number(details.get(f"{end}imumBandwidthInMbps")) for end in ("min", "max"))
    yield from _flexible_balancer(10 if least is None else least, most)


def _flexible_balancer(mbps: float, most: float | None) -> Iterator[Usage]:
    yield Usage(item="load-balancer/base-hour", quantity=1, what="load balancer")
    yield Usage(
        item="load-balancer/mbps-hour",
        quantity=mbps,
        what=f"{mbps:g} Mbps",
        assumption="load balancers at their minimum bandwidth",
        most=most,
        most_because="the maximum bandwidth of the balancer",
    )


def _service(service: Resource) -> Iterator[Usage | NotCounted]:
    if as_mapping(service.inputs.get("spec")).get("type") != "LoadBalancer":
        return
    notes = as_mapping(as_mapping(service.inputs.get("metadata")).get("annotations"))
    prefix = "service.beta.kubernetes.io/oci-load-balancer-shape-flex"
    least, most = (as_number(notes.get(f"{prefix}-{end}")) for end in ("min", "max"))
    yield from _flexible_balancer(10 if least is None else least, most)


def _claim(claim: Resource) -> Iterator[Usage | NotCounted]:
    spec = as_mapping(claim.inputs.get("spec"))
    if spec.get("storageClassName") == "":
        return  # The claim uses an existing volume, which is billed elsewhere.
    gib = claimed_gib(spec)
    if gib is None:
        yield NotCounted(reason="the price list has only block volumes of a known size")
        return
    yield from block_storage(gib, BALANCED_VPUS, "volume claim")


def _release(_release: Resource) -> Iterator[Usage | NotCounted]:
    yield NotCounted(
        reason="a chart's objects are not counted; most of them run on nodes that are counted", by_use=True
    )


def _reservation(reservation: Resource) -> Iterator[Usage | NotCounted]:
    configs = as_sequence(reservation.inputs.get("instanceReservationConfigs"))
    if any(as_number(as_mapping(config).get("reservedCount")) != 0 for config in configs):
        yield NotCounted(
            reason="reserved nodes in use are counted in their pools; unused ones cost 85 % of the price"
        )


def _cluster_network(_network: Resource) -> Iterator[Usage | NotCounted]:
    # Networks whose configuration is among the resources are read as node pools.
    yield NotCounted(reason="its instance configuration is not in the stack, so its shape is unknown")


def _health_check(monitor: Resource) -> Iterator[Usage | NotCounted]:
    """Oracle's price list counts endpoints. It has no price for a free allowance, so every target counts here."""
    targets = len(as_sequence(monitor.inputs.get("targets")))
    seconds = as_number(monitor.inputs.get("intervalInSeconds"))
    if not targets or seconds is None:
        yield NotCounted(reason="the targets or the interval of the health check are unknown")
        return
    kind = "premium" if seconds < BASIC_SECONDS else "basic"
    yield Usage(
        item=f"health-checks/{kind}-endpoint-month",
        quantity=targets,
        what=plural(f"{kind} endpoint", targets),
        assumption="every target of a health check is one billed endpoint",
    )


ESTIMATORS: Mapping[str, Estimator] = MappingProxyType(
    {
        "oci:Database/autonomousDatabase:AutonomousDatabase": autonomous_database,
        "oci:Kms/vault:Vault": vault,
        "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": lustre,
        "oci:Opensearch/cluster:Cluster": opensearch,
        "oci:Psql/dbSystem:DbSystem": postgresql,
        "oci:Redis/redisCluster:RedisCluster": cache,
        "oci:ContainerEngine/nodePool:NodePool": _node_pool,
        "oci:ContainerEngine/cluster:Cluster": _cluster,
        "oci:Core/clusterNetwork:ClusterNetwork": _cluster_network,
        "oci:Core/instance:Instance": _instance,
        "oci:HealthChecks/httpMonitor:HttpMonitor": _health_check,
        "oci:HealthChecks/pingMonitor:PingMonitor": _health_check,
        "oci:Core/volume:Volume": _volume,
        "oci:Core/computeCapacityReservation:ComputeCapacityReservation": _reservation,
        "oci:LoadBalancer/loadBalancer:LoadBalancer": _load_balancer,
        "kubernetes:core/v1:Service": _service,
        "kubernetes:core/v1:PersistentVolumeClaim": _claim,
        "kubernetes:helm.sh/v3:Release": _release,
        "kubernetes:helm.sh/v4:Chart": _release,
    }
)
"""If an estimator yields nothing, the resource costs nothing by itself."""
