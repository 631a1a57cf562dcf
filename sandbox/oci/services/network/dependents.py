"""Networking: resources that cannot be deleted while others use them."""

from typing import Final

from sandbox.oci.cloud import ids_in
from sandbox.oci.ids import derived_ocid
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import described
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import id_of_deleted, keep_while_used, references
from sandbox.oci.rules.wording import gateway_in_use, still_references, vnics_attached
from sandbox.oci.services.container_engine.clusters import CLUSTER

_GATEWAYS: Final = {
    "oci:Core/internetGateway:InternetGateway": "Internet Gateway",
    "oci:Core/natGateway:NatGateway": "NAT Gateway",
    "oci:Core/serviceGateway:ServiceGateway": "Service Gateway",
    "oci:Core/localPeeringGateway:LocalPeeringGateway": "Local Peering Gateway",
    "oci:Core/drgAttachment:DrgAttachment": "Dynamic Routing Gateway",
}

_SUBNETS: Final = ("oci:Core/subnet:Subnet",)

_ROUTES: Final = ("oci:Core/routeTable:RouteTable", "oci:Core/defaultRouteTable:DefaultRouteTable")

keep_while_used("oci:Core/routeTable:RouteTable", by=_SUBNETS, refusal=references("Route Table", "Subnet"))

keep_while_used(
    "oci:Core/securityList:SecurityList", by=_SUBNETS, refusal=references("Security List", "Subnet")
)

keep_while_used("oci:Core/dhcpOptions:DhcpOptions", by=_SUBNETS, refusal=references("DHCP Options", "Subnet"))

keep_while_used(
    "oci:Core/drg:Drg",
    by=("oci:Core/drgAttachment:DrgAttachment",),
    refusal=references("DRG", "DRG Attachment"),
)

for _gateway, _noun in _GATEWAYS.items():
    if "drg" not in _gateway:
        keep_while_used(_gateway, by=_ROUTES, refusal=references(_noun, "Route Table"))

_IN_A_VCN: Final = {
    "oci:Core/subnet:Subnet": "Subnet",
    "oci:Core/networkSecurityGroup:NetworkSecurityGroup": "Network Security Group",
    "oci:Core/routeTable:RouteTable": "Route Table",
    "oci:Core/securityList:SecurityList": "Security List",
    "oci:Core/dhcpOptions:DhcpOptions": "DHCP Options",
    "oci:Core/vlan:Vlan": "VLAN",
}

_NO_CARD: Final = frozenset(
    {
        "oci:Core/instanceConfiguration:InstanceConfiguration",
        "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule",
        "oci:Logging/log:Log",
    }
)
"""Types that refer to a subnet or security group without having a network card in it."""


def _vnic(entry: Entry) -> str:
    return derived_ocid("vnic", entry.region, entry.id)


def has_card(entry: Entry, id: str) -> bool:  # noqa: A002
    """Whether a resource that refers to a subnet or security group has a network card in it now."""
    if entry.token in _NO_CARD:
        return False
    if entry.token == CLUSTER:
        # In the subnets of its load balancers it has a card only once a Service of that type exists.
        return id in set(ids_in(entry.inputs.get("endpointConfig")))
    return described(entry.token).uses(entry)


@rule("oci:Core/vcn:Vcn", on="delete")
def vcn_is_empty(call: Call) -> None:
    """409 while the VCN has gateways, subnets or others. Its default tables and lists are deleted with it."""
    target = id_of_deleted(call)
    for each in call.cloud.referrers(target):
        if each.token in _GATEWAYS:
            raise gateway_in_use(target, _GATEWAYS[each.token])
        if each.owner != target and each.token in _IN_A_VCN and each.inputs.get("vcnId") == target:
            raise still_references("Vcn", target, _IN_A_VCN[each.token], each.id)


@rule("oci:Core/subnet:Subnet", on="delete")
def subnet_is_empty(call: Call) -> None:
    """409 while the subnet has a network card. As in OCI the message names the card, not its resource."""
    target = id_of_deleted(call)
    for each in call.cloud.referrers(target):
        if has_card(each, target):
            raise still_references("Subnet", target, "VNIC", _vnic(each))


@rule("oci:Core/networkSecurityGroup:NetworkSecurityGroup", on="delete")
def security_group_is_free(call: Call) -> None:
    """412 while the group has a network card. Rules that refer to it do not matter."""
    target = id_of_deleted(call)
    if any(has_card(each, target) for each in call.cloud.referrers(target)):
        raise vnics_attached(target)
