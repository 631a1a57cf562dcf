"""Deleting what something else depends on."""

from collections.abc import Callable, Iterable
from typing import Final

from sandbox.oci.cloud import ids_in
from sandbox.oci.errors import OciError, conflict
from sandbox.oci.ids import derived_ocid
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import pool_hosts
from sandbox.oci.rules.wording import gateway_in_use, still_references, vnics_attached

_GATEWAYS: Final = {
    "oci:Core/internetGateway:InternetGateway": "Internet Gateway",
    "oci:Core/natGateway:NatGateway": "NAT Gateway",
    "oci:Core/serviceGateway:ServiceGateway": "Service Gateway",
    "oci:Core/localPeeringGateway:LocalPeeringGateway": "Local Peering Gateway",
    "oci:Core/drgAttachment:DrgAttachment": "Dynamic Routing Gateway",
}
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
"""What names a subnet or a security group without putting a network card there."""

_CLUSTER: Final = "oci:ContainerEngine/cluster:Cluster"
_POOL: Final = "oci:ContainerEngine/nodePool:NodePool"


def _vnic(entry: Entry) -> str:
    return derived_ocid("vnic", entry.region, entry.id)


def has_card(entry: Entry, id: str) -> bool:  # noqa: A002
    """Whether a resource that names a subnet or a security group has a network card there now."""
    if entry.token in _NO_CARD:
        return False
    if entry.token == _POOL:
        return pool_hosts(entry.inputs) > 0
    if entry.token == _CLUSTER:
        # The subnets of its load balancers hold a card only once a Service of that type exists.
        return id in set(ids_in(entry.inputs.get("endpointConfig")))
    return True


@rule("oci:Core/vcn:Vcn", on="delete")
def vcn_is_empty(call: Call) -> None:
    """409: gateways, subnets and the rest go first; its default tables and lists go with it."""
    target = _id(call)
    for each in call.cloud.referrers(target):
        if each.token in _GATEWAYS:
            raise gateway_in_use(target, _GATEWAYS[each.token])
        if each.token in _IN_A_VCN and each.inputs.get("vcnId") == target:
            raise still_references("Vcn", target, _IN_A_VCN[each.token], each.id)


@rule("oci:Core/subnet:Subnet", on="delete")
def subnet_is_empty(call: Call) -> None:
    """409: as in OCI the message names the network card, not what it belongs to."""
    target = _id(call)
    for each in call.cloud.referrers(target):
        if has_card(each, target):
            raise still_references("Subnet", target, "VNIC", _vnic(each))


@rule("oci:Core/networkSecurityGroup:NetworkSecurityGroup", on="delete")
def security_group_is_free(call: Call) -> None:
    """412: rules that name the group do not keep it, network cards do."""
    target = _id(call)
    if any(has_card(each, target) for each in call.cloud.referrers(target)):
        raise vnics_attached(target)


def _id(call: Call) -> str:
    assert call.old is not None  # noqa: S101 - a delete is always of something
    return call.old.id


def _held(noun: str, other: str) -> Callable[[str, Entry], OciError]:
    return lambda target, entry: still_references(noun, target, other, entry.id)


def _configuration(target: str, _: Entry) -> OciError:
    return conflict(f"The Instance Configuration {target} is associated to one or more Instance Pools.")


def _not_empty(noun: str) -> Callable[[str, Entry], OciError]:
    return lambda target, entry: conflict(f"{noun} {target} is in use by {entry.id}", "IncorrectState")


_Holders = tuple[tuple[str, ...], Callable[[str, Entry], OciError]]

_SUBNET: Final = ("oci:Core/subnet:Subnet",)
_ROUTES: Final = ("oci:Core/routeTable:RouteTable", "oci:Core/defaultRouteTable:DefaultRouteTable")
_HELD: Final[dict[str, _Holders]] = {
    "oci:Core/routeTable:RouteTable": (_SUBNET, _held("Route Table", "Subnet")),
    "oci:Core/securityList:SecurityList": (_SUBNET, _held("Security List", "Subnet")),
    "oci:Core/dhcpOptions:DhcpOptions": (_SUBNET, _held("DHCP Options", "Subnet")),
    **{
        token: (_ROUTES, _held(noun, "Route Table"))
        for token, noun in _GATEWAYS.items()
        if "drg" not in token
    },
    "oci:Core/drg:Drg": (("oci:Core/drgAttachment:DrgAttachment",), _held("DRG", "DRG Attachment")),
    "oci:Core/instanceConfiguration:InstanceConfiguration": (
        ("oci:Core/instancePool:InstancePool", "oci:Core/clusterNetwork:ClusterNetwork"),
        _configuration,
    ),
    "oci:Core/computeCluster:ComputeCluster": (
        (_POOL, "oci:Core/instance:Instance"),
        _not_empty("Compute Cluster"),
    ),
    "oci:Core/computeCapacityReservation:ComputeCapacityReservation": (
        (_POOL, "oci:Core/instance:Instance", "oci:Core/instancePool:InstancePool"),
        _not_empty("Capacity Reservation"),
    ),
    "oci:Identity/group:Group": (
        ("oci:Identity/userGroupMembership:UserGroupMembership",),
        lambda target, _: conflict(f"Group {target} still has members"),
    ),
    "oci:Logging/logGroup:LogGroup": (
        ("oci:Logging/log:Log",),
        lambda target, _: conflict(f"Log group {target} is not empty"),
    ),
}


@rule(*_HELD, on="delete")
def nothing_holds_it(call: Call) -> None:
    """409 while one of the named types still refers to it."""
    holders, refusal = _HELD[call.token]
    for each in _living(call, holders):
        raise refusal(_id(call), each)


def _living(call: Call, tokens: tuple[str, ...]) -> Iterable[Entry]:
    for each in call.cloud.referrers(_id(call)):
        if each.token in tokens and (each.token != _POOL or pool_hosts(each.inputs)):
            yield each
