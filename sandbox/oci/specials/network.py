"""Virtual networks: what comes with a VCN, names, addresses."""

import ipaddress
from typing import Any

from sandbox.oci.addresses import private_addresses, public_address
from sandbox.oci.computed import CreateContext, special
from sandbox.oci.ids import derived_ocid
from sandbox.oci.specials.companions import companion

COMPANIONS = {
    "defaultDhcpOptionsId": ("oci:Core/dhcpOptions:DhcpOptions", "Default DHCP Options for {name}"),
    "defaultRouteTableId": ("oci:Core/routeTable:RouteTable", "Default Route Table for {name}"),
    "defaultSecurityListId": ("oci:Core/securityList:SecurityList", "Default Security List for {name}"),
}
_ANYWHERE = "0.0.0.0/0"
_DEFAULT_LIST = {
    "egressSecurityRules": [{"destination": _ANYWHERE, "protocol": "all", "stateless": False}],
    "ingressSecurityRules": [
        {"source": _ANYWHERE, "protocol": "6", "stateless": False, "tcpOptions": {"min": 22, "max": 22}},
        {"source": _ANYWHERE, "protocol": "1", "stateless": False, "icmpOptions": {"type": 3, "code": 4}},
    ],
}


@special("oci:Core/vcn:Vcn")
def vcn(context: CreateContext) -> dict[str, Any]:
    outputs = context.outputs
    blocks = outputs.get("cidrBlocks") or [block for block in (outputs.get("cidrBlock"),) if block]
    label = outputs.get("dnsLabel")
    found: dict[str, Any] = {
        "cidrBlocks": blocks,
        "cidrBlock": blocks[0] if blocks else "",
        "vcnDomainName": f"{label}.oraclevcn.com" if label else "",
    }
    for name, (token, title) in COMPANIONS.items():
        rules = _DEFAULT_LIST if token.endswith("SecurityList") else {}
        called = title.format(name=outputs.get("displayName"))
        found[name] = companion(context, token, displayName=called, vcnId=context.id, **rules)
    return found


@special("oci:Core/subnet:Subnet")
def subnet(context: CreateContext) -> dict[str, Any]:
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
    return found


@special(
    "oci:Core/defaultRouteTable:DefaultRouteTable",
    "oci:Core/defaultSecurityList:DefaultSecurityList",
    "oci:Core/defaultDhcpOptions:DefaultDhcpOptions",
)
def default(context: CreateContext) -> dict[str, Any]:
    known = context.cloud.find(context.id)
    facts = known.outputs if known else {}
    return {name: context.inputs.get(name) or facts.get(name) for name in ("compartmentId", "displayName")}


@special("oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule")
def security_rule(_: CreateContext) -> dict[str, Any]:
    return {"isValid": True}


@special("oci:Core/internetGateway:InternetGateway")
def internet_gateway(context: CreateContext) -> dict[str, Any]:
    return {"enabled": context.inputs.get("enabled", True)}


@special("oci:Core/natGateway:NatGateway")
def nat_gateway(context: CreateContext) -> dict[str, Any]:
    return {"natIp": context.outputs.get("natIp") or public_address(context.cloud)}


@special("oci:Core/publicIp:PublicIp")
def public_ip(context: CreateContext) -> dict[str, Any]:
    address = context.outputs.get("ipAddress") or public_address(context.cloud)
    return {"ipAddress": address, "scope": "REGION"}


@special("oci:Core/privateIp:PrivateIp")
def private_ip(context: CreateContext) -> dict[str, Any]:
    address = context.outputs.get("ipAddress")
    subnet_id = str(context.outputs.get("subnetId") or "")
    return {"ipAddress": address or private_addresses(context.cloud, subnet_id)[0]}


@special("oci:Core/drg:Drg")
def drg(context: CreateContext) -> dict[str, Any]:
    names = ("ipsecTunnel", "remotePeeringConnection", "vcn", "virtualCircuit")
    tables = {name: derived_ocid("drgroutetable", context.region, context.id, name) for name in names}
    return {"defaultDrgRouteTables": [tables]}


@special(
    "oci:LoadBalancer/loadBalancer:LoadBalancer",
    "oci:NetworkLoadBalancer/networkLoadBalancer:NetworkLoadBalancer",
)
def load_balancer(context: CreateContext) -> dict[str, Any]:
    outputs = context.outputs
    details = outputs.get("ipAddressDetails") or outputs.get("ipAddresses")
    if context.old and details:
        return {}
    private = outputs.get("isPrivate") is True
    subnet_id = outputs.get("subnetId") or next(iter(outputs.get("subnetIds") or ()), "")
    address = private_addresses(context.cloud, subnet_id)[0] if private else public_address(context.cloud)
    detail = {"ipAddress": address, "isPublic": not private}
    if "NetworkLoadBalancer" in context.token:
        return {"ipAddresses": [detail]}
    return {"ipAddressDetails": [detail], "ipAddresses": [address]}


@special("oci:Bastion/bastion:Bastion")
def bastion(context: CreateContext) -> dict[str, Any]:
    subnet_id = str(context.inputs["targetSubnetId"])
    target = context.cloud.find(subnet_id)
    address = context.outputs.get("privateEndpointIpAddress")
    return {
        "targetVcnId": target.outputs.get("vcnId", "") if target else "",
        "privateEndpointIpAddress": address or private_addresses(context.cloud, subnet_id)[0],
        "maxSessionsAllowed": 20,
    }


@special("oci:Dns/zone:Zone")
def zone(context: CreateContext) -> dict[str, Any]:
    private = bool(context.inputs.get("viewId"))
    servers = [] if private else [f"ns{place}.p{place * 17}.dns.oraclecloud.net." for place in (1, 2, 3, 4)]
    return {
        "nameservers": [{"hostname": each} for each in servers],
        "scope": "PRIVATE" if private else "GLOBAL",
        "serial": int(context.outputs.get("serial") or 1),
    }
