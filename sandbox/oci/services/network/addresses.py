"""Networking: public and private IP addresses."""

from typing import Any, Final

from sandbox.oci.addresses import private_addresses, public_address
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.lookups import Query, function
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.hosts import POOL
from sandbox.oci.rules.reading import parse_address
from sandbox.oci.rules.references import refers
from sandbox.oci.services.file_storage import TARGET
from sandbox.oci.services.load_balancer.balancers import BALANCER
from sandbox.oci.services.network.ranges import SUBNET, ranges_of, vcn_blocks

ADDRESS: Final = "oci:Core/privateIp:PrivateIp"
PUBLIC: Final = "oci:Core/publicIp:PublicIp"

refers(PUBLIC, privateIpId=(ADDRESS,))
keep_while_used(
    PUBLIC,
    by=(BALANCER,),
    refusal=lambda address, _: conflict(
        f"Public IP {address} is assigned to a load balancer.", "IncorrectState"
    ),
)

CLUSTER: Final = "oci:ContainerEngine/cluster:Cluster"


@function("oci:Core/getPrivateIps:getPrivateIps")
def addresses_in_use(query: Query) -> dict[str, Any]:
    """The private addresses of a subnet: reserved ones, and those of nodes and of API endpoints.

    Pods, load balancers and other resources have addresses in OCI too. They are not listed here.
    """
    subnet, region = str(query.args.get("subnetId")), query.region
    every = [each.outputs for each in query.cloud.all(ADDRESS, region=region)]
    nodes = [
        node for pool in query.cloud.all(POOL, region=region) for node in pool.outputs.get("nodes") or ()
    ]
    every += [{"subnetId": each["subnetId"], "ipAddress": each["privateIp"]} for each in nodes]
    for cluster in query.cloud.all(CLUSTER, region=region):
        place = (cluster.inputs.get("endpointConfig") or {}).get("subnetId")
        for side in cluster.outputs.get("endpoints") or ():
            address = str(side.get("privateEndpoint")).partition(":")[0]
            every.append({"subnetId": place, "ipAddress": address})
    return {"privateIps": [each for each in every if each.get("subnetId") == subnet]}


@rule(ADDRESS, on="create update")
def private_address(call: Call) -> None:
    """400 unless the address is free and in its subnet, and a VNIC is in the same subnet."""
    vnic = call.cloud.find(str(call.inputs.get("vnicId")))
    other = (vnic.inputs.get("subnetId") or vnic.outputs.get("subnetId")) if vnic else None
    subnet = str(call.inputs.get("subnetId") or other or "")
    if other and call.inputs.get("subnetId") and other != subnet:
        raise invalid_parameter(f"vnicId: the VNIC is in subnet {other}, the address in {subnet}.")
    text = call.inputs.get("ipAddress")
    if not text or not subnet:
        return
    mine = call.old.id if call.old else ""
    found = call.cloud.find(subnet)
    ranges = vcn_blocks(found) if found else []
    address = parse_address(str(text), "ipAddress")
    if ranges and not any(address in each for each in ranges):
        raise invalid_parameter(f"ipAddress {text} is not within the CIDR of subnet {subnet}.")
    for each in call.cloud.all(ADDRESS, region=call.region):
        if each.id != mine and each.inputs.get("ipAddress") == text and each.inputs.get("subnetId") == subnet:
            raise invalid_parameter(f"ipAddress {text} is already in use in subnet {subnet}.")


@rule(SUBNET, on="update")
def subnet_keeps_its_addresses(call: Call) -> None:
    """400 for ranges without a private address that exists in the subnet.

    "No IP address in an existing subnet should be outside of the new CIDR block range": the SDK's text of
    `modify_ipv4_subnet_cidr`.
    """
    ranges = ranges_of(call.inputs)
    for each in call.cloud.referrers(call.old.id if call.old else "") if ranges else ():
        text = each.outputs.get("ipAddress") if each.token == ADDRESS else None
        if text and not any(parse_address(str(text), "ipAddress") in known for known in ranges):
            raise invalid_parameter(
                f"The CIDR of the subnet cannot be modified: private IP {each.id} with address {text} uses it."
            )


@rule(ADDRESS, TARGET, on="create update")
def host_name_is_free(call: Call) -> None:
    """400 for a host name label that the subnet already has."""
    label, subnet = call.inputs.get("hostnameLabel"), call.inputs.get("subnetId")
    mine = call.old.id if call.old else ""
    for token in (ADDRESS, TARGET):
        for each in call.cloud.all(token, region=call.region):
            same = str(each.inputs.get("hostnameLabel") or "").lower() == str(label).lower()
            if label and same and each.id != mine and each.inputs.get("subnetId") == subnet:
                raise invalid_parameter(f"hostnameLabel {label} is already in use in subnet {subnet}.")


@rule(PUBLIC, on="create update")
def lifetime_of_an_address(call: Call) -> None:
    """400 for an unknown lifetime, or an ephemeral address without a private one."""
    lifetime = str(call.inputs.get("lifetime")).upper()
    if lifetime not in ("RESERVED", "EPHEMERAL"):
        raise invalid_parameter(f"lifetime must be one of RESERVED, EPHEMERAL, not {lifetime}.")
    if lifetime == "EPHEMERAL" and not call.inputs.get("privateIpId"):
        raise invalid_parameter("privateIpId is required for a public IP with lifetime EPHEMERAL.")


@computed(PUBLIC)
def public_ip_outputs(context: CreateContext) -> dict[str, Any]:
    address = context.outputs.get("ipAddress") or public_address(context.cloud)
    return {"ipAddress": address, "scope": "REGION"}


@computed(ADDRESS)
def private_ip_outputs(context: CreateContext) -> dict[str, Any]:
    """An address, and whether a VNIC has it.

    An address without a lifetime is EPHEMERAL on a VNIC and RESERVED without one (unverified). The states are of the
    SDK's text of `PrivateIp.ip_state`.
    """
    address = context.outputs.get("ipAddress")
    subnet_id = str(context.outputs.get("subnetId") or "")
    assigned = bool(context.inputs.get("vnicId"))
    lifetime = str(context.inputs.get("lifetime") or (context.old or {}).get("lifetime") or "")
    lifetime = lifetime or ("EPHEMERAL" if assigned else "RESERVED")
    return {
        "ipAddress": address or private_addresses(context.cloud, subnet_id)[0],
        "ipState": "ASSIGNED" if assigned else "AVAILABLE",
        "lifetime": lifetime,
        "isReserved": lifetime.upper() == "RESERVED",
    }
