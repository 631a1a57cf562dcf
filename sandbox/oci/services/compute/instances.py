"""Compute: instances and instance configurations."""

from typing import Any, Final

from facts.regions import FAULT_DOMAINS
from sandbox.oci.addresses import private_addresses
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import OciError, conflict, invalid_parameter, not_found
from sandbox.oci.ids import derived_ocid
from sandbox.oci.lookups import finds
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.hosts import CLUSTER_NETWORK, INSTANCE, INSTANCE_POOL
from sandbox.oci.rules.reading import blocks
from sandbox.oci.rules.references import refers
from sandbox.oci.services.compute.images import image_fits
from sandbox.oci.services.compute.shapes import preemptible_problem, shape_config_problem, shape_exists

CONFIGURATION: Final = "oci:Core/instanceConfiguration:InstanceConfiguration"

describe(INSTANCE, INSTANCE_POOL, ready="RUNNING")
finds("oci:Core/getInstance:getInstance", INSTANCE, by="instanceId")
_BALANCERS: Final = (
    "oci:LoadBalancer/loadBalancer:LoadBalancer",
    "oci:NetworkLoadBalancer/networkLoadBalancer:NetworkLoadBalancer",
)
"""Instance pools can register with both types of load balancer, as the console offers at creation."""

refers(CLUSTER_NETWORK, loadBalancerId=_BALANCERS)
refers(INSTANCE_POOL, loadBalancerId=_BALANCERS, subnetId=("oci:Core/subnet:Subnet",))
refers("oci:Core/instancePoolInstance:InstancePoolInstance", loadBalancerId=_BALANCERS)

keep_while_used(
    CONFIGURATION,
    by=(INSTANCE_POOL, CLUSTER_NETWORK),
    refusal=lambda target, _: conflict(
        f"The Instance Configuration {target} is associated to one or more Instance Pools."
    ),
)


@rule(INSTANCE, on="create update")
def instance_shape(call: Call) -> None:
    """404 for a shape that does not exist (as in OCI), 400 for a wrong configuration or image."""
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
    """400 for a shape that does not exist, or a wrong configuration or image. Checked at its creation."""
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
    """400 for more than 32,000 bytes of metadata in all."""
    size = sum(
        len(str(key).encode()) + len(str(value).encode()) for each in metadata for key, value in each.items()
    )
    if size <= 32_000:
        return None
    return invalid_parameter(
        f"Invalid metadata: total size of {size} bytes exceeds the limit of 32000 bytes."
    )


@computed(INSTANCE)
def instance_outputs(context: CreateContext) -> dict[str, Any]:
    outputs = context.outputs
    vnic = outputs.get("createVnicDetails") or {}
    subnet_id = str(vnic.get("subnetId") or outputs.get("subnetId") or "")
    return {
        "region": context.region,
        "privateIp": outputs.get("privateIp") or private_addresses(context.cloud, subnet_id)[0],
        "bootVolumeId": derived_ocid("bootvolume", context.region, context.id),
        "faultDomain": outputs.get("faultDomain") or FAULT_DOMAINS[0],
    }
