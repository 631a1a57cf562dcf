"""Compute: shapes, images, preemptible capacity, placement."""

from typing import Any, Final

from facts.shapes import Shape, find_shape
from sandbox.oci.errors import OciError, invalid_parameter, not_found
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import CLUSTER_NETWORK, INSTANCE
from sandbox.oci.rules.reading import blocks, number, one_of, texts
from sandbox.oci.services.compute.shape_names import shape_exists

CONFIGURATION: Final = "oci:Core/instanceConfiguration:InstanceConfiguration"
IMAGE: Final = "oci:Core/image:Image"
MANAGEMENT: Final = "oci:Core/shapeManagement:ShapeManagement"
COMPUTE_CLUSTER: Final = "oci:Core/computeCluster:ComputeCluster"


def is_flexible(name: str) -> bool:
    """Whether OCPUs and memory must be said."""
    return name.endswith(".Flex")


def shape_config_problem(name: str, config: list[dict[str, Any]]) -> OciError | None:
    """400: a flexible shape wants OCPUs and memory within its bounds, in the compute service's words."""
    if not is_flexible(name):
        return None
    if not config:
        return invalid_parameter(
            "Invalid ShapeConfig: null (Cannot launch flexible instance without ShapeConfig)"
        )
    shape, ocpus, memory = find_shape(name), number(config[0], "ocpus"), number(config[0], "memoryInGbs")
    if ocpus is None:
        return invalid_parameter("Invalid ShapeConfig: ocpus must not be null")
    if shape is None:
        return None
    return _out_of_bounds(shape, ocpus, memory)


def _out_of_bounds(shape: Shape, ocpus: float, memory: float | None) -> OciError | None:
    low, high = shape.min_ocpus or 1, shape.max_ocpus or 1
    if not low <= ocpus <= high:
        return invalid_parameter(
            f"Invalid ShapeConfig: ocpus {ocpus:g} must be between {low} and {high} for shape {shape.name}"
        )
    if memory is None:
        return None
    least = max(1, ocpus * (shape.min_memory_gib_per_ocpu or 1))
    most = min(shape.max_memory_gib or memory, ocpus * (shape.max_memory_gib_per_ocpu or memory))
    if not least <= memory <= most:
        return invalid_parameter(
            f"Invalid ShapeConfig: memoryInGBs {memory:g} must be between {least:g} and {most:g} "
            f"for {ocpus:g} ocpus of shape {shape.name}"
        )
    return None


def is_bare_metal(name: str) -> bool:
    """BM.* runs on the whole host."""
    return name.startswith("BM.")


def preemptible_problem(shape: str) -> OciError | None:
    """400: preemptible capacity is for virtual machines."""
    if not is_bare_metal(shape):
        return None
    return invalid_parameter(f"Invalid Preemptible instance shape: {shape} (is not supported)")


def image_fits(call: Call, image: str, shape: str) -> bool:
    """Whether an image may be launched on a shape.

    An image that was imported here fits the shapes it was given by a ShapeManagement, and no bare-metal GPU
    shape without. One that was adopted (only its OCID is known) is taken to fit.
    """
    found = call.cloud.find(image)
    if found is None or found.assumed or found.token != IMAGE:
        return True
    given = [each for each in call.cloud.referrers(image) if each.token == MANAGEMENT]
    return any(each.inputs.get("shapeName") == shape for each in given) or not shape.startswith("BM.GPU.")


@rule(INSTANCE, on="create update")
def instance_shape(call: Call) -> None:
    """404 for a shape that isn't there (as OCI answers), 400 for a wrong configuration or image."""
    shape = str(call.inputs.get("shape"))
    if not shape_exists(shape):
        raise not_found(f"shape: {shape}")
    _launch(shape, call.inputs)
    for source in blocks(call.inputs, "sourceDetails"):
        image = source.get("sourceId") or source.get("imageId")
        if image and not image_fits(call, str(image), shape):
            raise invalid_parameter(f"Shape {shape} is not valid for image {image}.")


@rule(CONFIGURATION)
def configuration_shape(call: Call) -> None:
    """The same for a configuration, which is checked when it is made."""
    for details in blocks(call.inputs, "instanceDetails", "launchDetails"):
        shape = details.get("shape")
        if shape is None:
            continue
        if not shape_exists(str(shape)):
            raise invalid_parameter(f"Shape {shape} does not exist.")
        _launch(str(shape), details)
        for source in blocks(details, "sourceDetails"):
            image = source.get("imageId")
            if image and not image_fits(call, str(image), str(shape)):
                raise invalid_parameter(f"Shape {shape} is incompatible with image {image}")


def _launch(shape: str, details: dict[str, Any]) -> None:
    refusal = shape_config_problem(shape, blocks(details, "shapeConfig"))
    if refusal is None and blocks(details, "preemptibleInstanceConfig"):
        refusal = preemptible_problem(shape)
        if refusal is None and details.get("capacityReservationId"):
            refusal = invalid_parameter("A preemptible instance cannot use a capacity reservation.")
    if refusal is None:
        refusal = metadata_problem(blocks(details, "metadata"))
    if refusal is not None:
        raise refusal


def metadata_problem(metadata: list[dict[str, Any]]) -> OciError | None:
    """400: all metadata of an instance together has 32,000 bytes."""
    size = sum(
        len(str(key).encode()) + len(str(value).encode()) for each in metadata for key, value in each.items()
    )
    if size <= 32_000:
        return None
    return invalid_parameter(
        f"Invalid metadata: total size of {size} bytes exceeds the limit of 32000 bytes."
    )


@rule(MANAGEMENT)
def managed_shape(call: Call) -> None:
    """404: compatibility with a shape that isn't there."""
    if not shape_exists(str(call.inputs.get("shapeName"))):
        raise not_found(f"shapeName: {call.inputs.get('shapeName')}")


@rule("oci:Core/computeCapacityReservation:ComputeCapacityReservation", on="create update")
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


@rule("*", on="create update")
def groups_on_a_card(call: Call) -> None:
    """400: a network card carries at most five network security groups."""
    for name, holder in _holders(call.inputs):
        if len(texts(holder, name)) > 5:
            raise invalid_parameter(f"{name} size must be between 0 and 5")


def _holders(value: object) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    if isinstance(value, dict):
        found = [(name, value) for name in value if name.lower().endswith(("nsgids", "securitygroupids"))]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in children:
        found.extend(_holders(each))
    return found
