"""Networking: subnets."""

import ipaddress
from typing import Any

from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.lookups import finds, lists
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import Network, parse_cidr, texts
from sandbox.oci.rules.wording import limit_exceeded
from sandbox.oci.services.network.ipv6 import subnet_prefixes
from sandbox.oci.services.network.ranges import SUBNET, lies_within, ranges_of, subnets_of, vcn_blocks

finds("oci:Core/getSubnet:getSubnet", SUBNET, by="subnetId")
lists("oci:Core/getSubnets:getSubnets", SUBNET, rows="subnets")


@rule(SUBNET, on="create update")
def subnet_range(call: Call) -> None:
    """400 for a range outside its VCN, or one that overlaps another one of the subnet or of another subnet."""
    vcn = call.cloud.find(str(call.inputs.get("vcnId")))
    ranges = vcn_blocks(vcn) if vcn else []
    given = texts(call.inputs, "ipv4cidrBlocks") or texts(call.inputs, "cidrBlock")
    seen: list[Network] = []
    for text in given:
        network = parse_cidr(text)
        if any(network.overlaps(each) for each in seen):
            raise invalid_parameter(
                f"The requested CIDR {text} is invalid: overlaps with another of the subnet."
            )
        seen.append(network)
        if network.prefixlen > 30:
            raise invalid_parameter(
                f"The requested CIDR {text} is invalid: a subnet's CIDR must be /30 or larger."
            )
        if ranges and not any(lies_within(network, each) for each in ranges):
            inside = ", ".join(map(str, ranges))
            raise invalid_parameter(f"The requested CIDR {text} is invalid: not within VCN CIDR {inside}.")
        _apart(call, text, network)


def _apart(call: Call, text: str, network: Network) -> None:
    for other in subnets_of(call, str(call.inputs.get("vcnId"))):
        for taken in ranges_of(other.inputs):
            if network.overlaps(taken):
                raise invalid_parameter(
                    f"The requested CIDR {text} is invalid: subnet {other.id} with CIDR {taken} overlaps with "
                    "this CIDR."
                )


@rule(SUBNET, on="create update")
def security_lists(call: Call) -> None:
    """400 for more than five security lists."""
    if len(texts(call.inputs, "securityListIds")) > 5:
        raise limit_exceeded("security-lists-per-subnet-count")


@computed(SUBNET)
def subnet_outputs(context: CreateContext) -> dict[str, Any]:
    outputs = context.outputs
    parent = context.cloud.find(str(outputs.get("vcnId")))
    facts = parent.outputs if parent else {}
    label, domain = outputs.get("dnsLabel"), facts.get("vcnDomainName")
    found: dict[str, Any] = {"subnetDomainName": f"{label}.{domain}" if label and domain else ""}
    for name, default in (
        ("dhcpOptionsId", "defaultDhcpOptionsId"),
        ("routeTableId", "defaultRouteTableId"),
    ):
        found[name] = outputs.get(name) or facts.get(default, "")
    lists = outputs.get("securityListIds")
    found["securityListIds"] = lists or [each for each in (facts.get("defaultSecurityListId"),) if each]
    block = outputs.get("cidrBlock") or next(iter(outputs.get("ipv4cidrBlocks") or ()), "")
    if block:
        router = ipaddress.ip_network(block, strict=False)[1]
        found |= {"cidrBlock": block, "ipv4cidrBlocks": outputs.get("ipv4cidrBlocks") or [block]}
        found |= {"virtualRouterIp": str(router), "virtualRouterMac": f"00:00:17:{context.unique[:2]}:00:01"}
    prefixes = subnet_prefixes(context.inputs)
    first = context.inputs.get("ipv6cidrBlock") or next(iter(prefixes), "")
    found |= {"ipv6cidrBlocks": prefixes, "ipv6cidrBlock": first}
    return found
