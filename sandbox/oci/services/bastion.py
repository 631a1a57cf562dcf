"""Bastions: allowed clients and the length of sessions."""

import re
from typing import Any, Final

from sandbox.oci.addresses import private_addresses
from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.lookups import finds
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number, one_of, parse_cidr, texts

BASTION: Final = "oci:Bastion/bastion:Bastion"

SESSION: Final = "oci:Bastion/session:Session"

describe(SESSION, ocid="bastionsession")
finds("oci:Bastion/getBastion:getBastion", BASTION, by="bastionId")

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")


@rule(BASTION, on="create update")
def bastion(call: Call) -> None:
    """400 for another type than standard, more than 20 address ranges, or sessions outside 30 minutes to 3 hours."""
    refusal = one_of("bastionType", call.inputs.get("bastionType"), ("STANDARD",))
    if refusal:
        raise refusal
    ranges = texts(call.inputs, "clientCidrBlockAllowLists")
    if len(ranges) > 20:
        raise invalid_parameter("clientCidrBlockAllowList size must be between 1 and 20")
    for text in ranges:
        parse_cidr(text)
    seconds = number(call.inputs, "maxSessionTtlInSeconds")
    if seconds is not None and not 1_800 <= seconds <= 10_800:
        raise invalid_parameter(f"maxSessionTtlInSeconds {seconds:g} must be between 1800 and 10800.")


@rule(BASTION)
def bastion_name(call: Call) -> None:
    """400 for other characters than letters, digits, - and _. 409 for a name that the compartment already has."""
    name = call.inputs.get("name")
    if not isinstance(name, str):
        return
    if not _NAME.fullmatch(name):
        raise invalid_parameter(f"name {name!r} is invalid: letters, digits, '-' and '_' only.")
    others = call.cloud.all(BASTION, region=call.region, compartment_id=str(call.inputs.get("compartmentId")))
    if any(each.inputs.get("name") == name for each in others):
        raise conflict(f"Bastion with name {name} already exists in the compartment")


@computed(BASTION)
def bastion_outputs(context: CreateContext) -> dict[str, Any]:
    subnet_id = str(context.inputs["targetSubnetId"])
    target = context.cloud.find(subnet_id)
    address = context.outputs.get("privateEndpointIpAddress")
    return {
        "targetVcnId": target.outputs.get("vcnId", "") if target else "",
        "privateEndpointIpAddress": address or private_addresses(context.cloud, subnet_id)[0],
        "maxSessionsAllowed": 20,
    }


@computed(SESSION)
def session_outputs(context: CreateContext) -> dict[str, Any]:
    """The command that connects. Its form: what `oci bastion session get` prints in public reports."""
    details = next(iter(blocks(context.inputs, "targetResourceDetails")), {})
    host = f"{context.id}@host.bastion.{context.region}.oci.oraclecloud.com"
    address, port = (
        details.get("targetResourcePrivateIpAddress"),
        int(number(details, "targetResourcePort") or 22),
    )
    user = details.get("targetResourceOperatingSystemUserName")
    kind = str(details.get("sessionType")).upper()
    if kind == "PORT_FORWARDING":
        words = f"-N -L <localPort>:{address}:{port} -p 22 {host}"
    elif kind == "DYNAMIC_PORT_FORWARDING":
        words = f"-N -D 127.0.0.1:<localPort> -p 22 {host}"
    else:
        words = f'-o ProxyCommand="ssh -i <privateKey> -W %h:%p -p 22 {host}" -p {port} {user}@{address}'
    return {"sshMetadata": {"command": f"ssh -i <privateKey> {words}"}, "bastionUserName": context.id}


_CLIENT = "bastion.BastionClient"
endpoint(BASTION, _CLIENT, "bastion")
endpoint(SESSION, _CLIENT, "session")
