"""Networking: the default route table, security list and DHCP options of a VCN."""

from dataclasses import replace
from typing import Any, Final

from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict
from sandbox.oci.ids import ocid_type
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule

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


_MANAGED: Final = {
    "oci:Core/defaultDhcpOptions:DefaultDhcpOptions": "dhcpoptions",
    "oci:Core/defaultRouteTable:DefaultRouteTable": "routetable",
    "oci:Core/defaultSecurityList:DefaultSecurityList": "securitylist",
}
"""The resources that manage an existing default, with the type in its OCID."""


def _restored(entry: Entry) -> Entry | None:
    """A VCN's default is never deleted: it is reset to its original state."""
    if not entry.owner:
        return None
    token = next(token for token, _ in COMPANIONS.values() if ocid_type(token) == _MANAGED[entry.token])
    kept = {name: entry.outputs.get(name) for name in ("id", "compartmentId", "displayName", "state")}
    outputs = {**kept, "vcnId": entry.owner}
    return replace(entry, token=token, urn="", inputs={}, outputs=outputs, acknowledged=True)


for _token, _ocid in _MANAGED.items():
    describe(_token, ocid=_ocid, id="{manageDefaultResourceId}", leaves=_restored)


@rule(*_MANAGED, *(token for token, _ in COMPANIONS.values()), on="delete")
def default_stays(call: Call) -> None:
    """409 for the default of a VCN. The provider only resets it.

    Source: the texts of DeleteRouteTable, DeleteSecurityList and DeleteDhcpOptions in the SDK. The status is
    unverified.
    """
    if call.old is not None and call.old.owner and not (call.by_provider and call.token in _MANAGED):
        raise conflict(f"{call.old.id} is the default of a VCN and cannot be deleted.", "IncorrectState")


@computed(*_MANAGED)
def default_outputs(context: CreateContext) -> dict[str, Any]:
    known = context.cloud.find(context.id)
    facts = known.outputs if known else {}
    return {name: context.inputs.get(name) or facts.get(name) for name in ("compartmentId", "displayName")}
