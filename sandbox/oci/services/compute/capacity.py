"""Compute: compute clusters, placement constraints and capacity reservations."""

from typing import Final

from sandbox.oci.errors import invalid_parameter
from sandbox.oci.lookups import lists
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import in_use, keep_while_used
from sandbox.oci.rules.hosts import INSTANCE, INSTANCE_POOL, POOL, RESERVATION, launch_details
from sandbox.oci.rules.reading import blocks, number, one_of
from sandbox.oci.services.compute.cluster_networks import CONSTRAINTS
from sandbox.oci.services.compute.shapes import shape_exists

COMPUTE_CLUSTER: Final = "oci:Core/computeCluster:ComputeCluster"

describe(COMPUTE_CLUSTER, ready="ACTIVE")
describe(RESERVATION, ocid="capacityreservation", ready="ACTIVE")
lists("oci:Core/getComputeClusters:getComputeClusters", COMPUTE_CLUSTER, rows="computeClusterCollections")

keep_while_used(COMPUTE_CLUSTER, by=(POOL, INSTANCE), refusal=in_use("Compute Cluster"))
keep_while_used(RESERVATION, by=(POOL, INSTANCE, INSTANCE_POOL), refusal=in_use("Capacity Reservation"))


@rule(RESERVATION, on="create update")
def reservation(call: Call) -> None:
    """400 for more than 50 configurations, a shape that does not exist, or a negative number of instances."""
    configs = blocks(call.inputs, "instanceReservationConfigs")
    if len(configs) > 50:
        raise invalid_parameter("instanceReservationConfigs size must be between 0 and 50")
    for each in configs:
        if not shape_exists(str(each.get("instanceShape"))):
            raise invalid_parameter(f"Shape {each.get('instanceShape')} does not exist.")
        if (number(each, "reservedCount") or 0) < 0:
            raise invalid_parameter("reservedCount must be greater than or equal to 0")


@rule(COMPUTE_CLUSTER, on="create update")
def placement_constraint(call: Call) -> None:
    """400 for an unknown type of constraint or an unknown density of hosts."""
    for each in blocks(call.inputs, "placementConstraintDetails"):
        refusal = one_of("type", each.get("type"), ("COMPUTE_CLUSTER",)) or one_of(
            "logicalPlacementConstraint", each.get("logicalPlacementConstraint"), CONSTRAINTS
        )
        if refusal:
            raise refusal


@rule("oci:Core/computeGpuMemoryCluster:ComputeGpuMemoryCluster")
def gpu_memory_cluster(call: Call) -> None:
    """400 for other shapes than GB200 and GB300, whose hosts share their memory over NVLink."""
    details = launch_details(call.cloud, call.inputs.get("instanceConfigurationId"))
    shape = str(details.get("shape"))
    if details and not shape.startswith(("BM.GPU.GB200.", "BM.GPU.GB300.")):
        raise invalid_parameter(f"Shape {shape} does not support GPU memory clusters.")


@rule(COMPUTE_CLUSTER, on="create update")
def targets_are_of_an_island(call: Call) -> None:
    """400 for a memory fabric or network block without its HPC island."""
    for each in blocks(call.inputs, "placementConstraintDetails"):
        named = [name for name in ("targetMemoryFabricIds", "targetNetworkBlockIds") if each.get(name)]
        if named and not (call.inputs.get("hpcIslandId") or each.get("hpcIslandId")):
            raise invalid_parameter(f"{named[0]}: hpcIslandId must be set on the compute cluster.")
