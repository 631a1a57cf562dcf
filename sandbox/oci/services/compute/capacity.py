"""Compute: what holds hosts together, and what keeps them free."""

from typing import Final

from facts.shapes import find_shape
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.lookups import lists
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import held, in_use
from sandbox.oci.rules.hosts import CLUSTER_NETWORK, INSTANCE, INSTANCE_POOL, POOL, RESERVATION
from sandbox.oci.rules.reading import blocks, number, one_of
from sandbox.oci.services.compute.shapes import shape_exists

COMPUTE_CLUSTER: Final = "oci:Core/computeCluster:ComputeCluster"

describe(COMPUTE_CLUSTER, ready="ACTIVE")
describe(RESERVATION, ocid="capacityreservation", ready="ACTIVE")
lists("oci:Core/getComputeClusters:getComputeClusters", COMPUTE_CLUSTER, rows="computeClusterCollections")

held(COMPUTE_CLUSTER, by=(POOL, INSTANCE), refusal=in_use("Compute Cluster"))
held(RESERVATION, by=(POOL, INSTANCE, INSTANCE_POOL), refusal=in_use("Capacity Reservation"))


@rule(RESERVATION, on="create update")
def reservation(call: Call) -> None:
    """400: at most 50 configurations, each of a shape that exists, zero or more instances."""
    configs = blocks(call.inputs, "instanceReservationConfigs")
    if len(configs) > 50:
        raise invalid_parameter("instanceReservationConfigs size must be between 0 and 50")
    for each in configs:
        if not shape_exists(str(each.get("instanceShape"))):
            raise invalid_parameter(f"Shape {each.get('instanceShape')} does not exist.")
        if (number(each, "reservedCount") or 0) < 0:
            raise invalid_parameter("reservedCount must be greater than or equal to 0")


@rule(CLUSTER_NETWORK)
def cluster_network(call: Call) -> None:
    """400: exactly one instance pool, of a shape with RDMA."""
    pools = blocks(call.inputs, "instancePools")
    if len(pools) != 1:
        raise invalid_parameter("A cluster network must have exactly one instance pool.")
    configuration = call.cloud.find(str(pools[0].get("instanceConfigurationId")))
    for details in blocks(configuration.inputs if configuration else {}, "instanceDetails", "launchDetails"):
        shape = find_shape(str(details.get("shape")))
        if shape is not None and not shape.rdma:
            raise invalid_parameter(f"Shape {shape.name} does not support cluster networks.")


@rule(COMPUTE_CLUSTER, on="create update")
def placement_constraint(call: Call) -> None:
    """400: a constraint is of one type, and how tightly the hosts stand is one of three words."""
    allowed = ("SINGLE_TIER", "SINGLE_BLOCK", "PACKED_DISTRIBUTION_MULTI_BLOCK")
    for each in blocks(call.inputs, "placementConstraintDetails"):
        refusal = one_of("type", each.get("type"), ("COMPUTE_CLUSTER",)) or one_of(
            "logicalPlacementConstraint", each.get("logicalPlacementConstraint"), allowed
        )
        if refusal:
            raise refusal


@rule("oci:Core/computeGpuMemoryCluster:ComputeGpuMemoryCluster")
def gpu_memory_cluster(call: Call) -> None:
    """400: GPU memory clusters are made of GB200 and GB300 hosts, which share their memory by NVLink."""
    configuration = call.cloud.find(str(call.inputs.get("instanceConfigurationId")))
    for details in blocks(configuration.inputs if configuration else {}, "instanceDetails", "launchDetails"):
        shape = str(details.get("shape"))
        if not shape.startswith(("BM.GPU.GB200.", "BM.GPU.GB300.")):
            raise invalid_parameter(f"Shape {shape} does not support GPU memory clusters.")


@rule(COMPUTE_CLUSTER, on="create update")
def targets_are_of_an_island(call: Call) -> None:
    """400: memory fabrics and network blocks are named together with their HPC island."""
    for each in blocks(call.inputs, "placementConstraintDetails"):
        named = [name for name in ("targetMemoryFabricIds", "targetNetworkBlockIds") if each.get(name)]
        if named and not (call.inputs.get("hpcIslandId") or each.get("hpcIslandId")):
            raise invalid_parameter(f"{named[0]}: hpcIslandId must be set on the compute cluster.")
