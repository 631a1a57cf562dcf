"""Networking: the route table, security list and DHCP options that a VCN comes with."""

from typing import Any

from sandbox.oci.computed import CreateContext, special

COMPANIONS = {
    "defaultDhcpOptionsId": ("oci:Core/dhcpOptions:DhcpOptions", "Default DHCP Options for {name}"),
    "defaultRouteTableId": ("oci:Core/routeTable:RouteTable", "Default Route Table for {name}"),
    "defaultSecurityListId": ("oci:Core/securityList:SecurityList", "Default Security List for {name}"),
}

_ANYWHERE = "0.0.0.0/0"

DEFAULT_LIST = {
    "egressSecurityRules": [{"destination": _ANYWHERE, "protocol": "all", "stateless": False}],
    "ingressSecurityRules": [
        {"source": _ANYWHERE, "protocol": "6", "stateless": False, "tcpOptions": {"min": 22, "max": 22}},
        {"source": _ANYWHERE, "protocol": "1", "stateless": False, "icmpOptions": {"type": 3, "code": 4}},
    ],
}


@special(
    "oci:Core/defaultRouteTable:DefaultRouteTable",
    "oci:Core/defaultSecurityList:DefaultSecurityList",
    "oci:Core/defaultDhcpOptions:DefaultDhcpOptions",
)
def default_outputs(context: CreateContext) -> dict[str, Any]:
    known = context.cloud.find(context.id)
    facts = known.outputs if known else {}
    return {name: context.inputs.get(name) or facts.get(name) for name in ("compartmentId", "displayName")}
