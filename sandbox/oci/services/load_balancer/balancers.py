"""Load balancers: bandwidth, subnets and addresses."""

from typing import Any, Final

from facts.load_balancing import LEAST_MBPS, MOST_MBPS
from sandbox.oci.addresses import private_addresses, public_address
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number, texts

BALANCER: Final = "oci:LoadBalancer/loadBalancer:LoadBalancer"


@rule(BALANCER, on="create update")
def bandwidth(call: Call) -> None:
    """400 unless the shape is flexible, with 10 to 8000 Mbps and a minimum not above the maximum."""
    shape = str(call.inputs.get("shape"))
    if shape.lower() != "flexible":
        raise invalid_parameter(f"Shape {shape} is not supported. Use shape flexible with shapeDetails.")
    details = blocks(call.inputs, "shapeDetails")
    if not details:
        raise invalid_parameter("shapeDetails is required for shape flexible.")
    least = number(details[0], "minimumBandwidthInMbps") or 0
    most = number(details[0], "maximumBandwidthInMbps") or 0
    if not LEAST_MBPS <= least <= most <= MOST_MBPS:
        raise invalid_parameter(
            f"minimumBandwidthInMbps {least:g} and maximumBandwidthInMbps {most:g} must satisfy "
            f"{LEAST_MBPS} <= minimum <= maximum <= {MOST_MBPS}."
        )


@rule(BALANCER)
def subnets(call: Call) -> None:
    """400 unless there is one regional subnet (or two of single domains). A public balancer needs a public one."""
    given = texts(call.inputs, "subnetIds")
    if not 1 <= len(given) <= 2:
        raise invalid_parameter("subnetIds size must be between 1 and 2")
    if call.inputs.get("isPrivate") is True:
        return
    for id in given:  # noqa: A001
        subnet = call.cloud.find(id)
        if subnet and subnet.inputs.get("prohibitPublicIpOnVnic") is True:
            raise invalid_parameter(
                f"Subnet {id} is private: a public load balancer requires a public subnet."
            )


@rule(BALANCER, on="create update")
def reserved_address(call: Call) -> None:
    """400 for a reserved address on a private balancer, or an address that is not reserved. 409 for one in use."""
    mine = call.old.id if call.old else ""
    for each in blocks(call.inputs, "reservedIps"):
        id = str(each.get("id"))  # noqa: A001
        if call.inputs.get("isPrivate") is True:
            raise invalid_parameter("reservedIps is not supported for a private load balancer.")
        address = call.cloud.find(id)
        if address and str(address.inputs.get("lifetime") or "RESERVED").upper() != "RESERVED":
            raise invalid_parameter(f"Public IP {id} is not a reserved public IP.")
        if any(other.token == BALANCER and other.id != mine for other in call.cloud.referrers(id)):
            raise conflict(f"Public IP {id} is already assigned to another private IP.")


@computed(BALANCER)
def balancer_outputs(context: CreateContext) -> dict[str, Any]:
    """An address of its subnet, or a public one. Either stays the same."""
    outputs = context.outputs
    if context.old and (outputs.get("ipAddressDetails") or outputs.get("ipAddresses")):
        return {}
    detail = first_address(context)
    return {"ipAddressDetails": [detail], "ipAddresses": [detail["ipAddress"]]}


def first_address(context: CreateContext) -> dict[str, Any]:
    """The address of a new balancer, private or public."""
    outputs = context.outputs
    private = outputs.get("isPrivate") is True
    subnet_id = outputs.get("subnetId") or next(iter(outputs.get("subnetIds") or ()), "")
    address = private_addresses(context.cloud, subnet_id)[0] if private else public_address(context.cloud)
    return {"ipAddress": address, "isPublic": not private}
