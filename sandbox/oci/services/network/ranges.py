"""Networking: the ranges of VCNs and subnets."""

import ipaddress
from typing import Any, Final

from sandbox.oci.model import Entry
from sandbox.oci.rules import Call
from sandbox.oci.rules.reading import Network, texts

SUBNET: Final = "oci:Core/subnet:Subnet"
VCN: Final = "oci:Core/vcn:Vcn"


def vcn_blocks(vcn: Entry) -> list[Network]:
    """The IPv4 ranges of a VCN or a subnet. Empty if it was adopted, because they are unknown."""
    return ranges_of(vcn.inputs) or ranges_of(vcn.outputs)


def ranges_of(values: dict[str, Any]) -> list[Network]:
    """The IPv4 ranges in inputs or outputs."""
    found = texts(values, "cidrBlocks") or texts(values, "ipv4cidrBlocks") or texts(values, "cidrBlock")
    return [ipaddress.ip_network(each, strict=False) for each in found]


def lies_within(inner: Network, outer: Network) -> bool:
    """Whether a range is inside another one of the same IP version."""
    return inner.version == outer.version and (
        inner.network_address in outer and inner.broadcast_address in outer
    )


def subnets_of(call: Call, vcn: str) -> list[Entry]:
    """The subnets of a VCN, without the call's own."""
    mine = call.old.id if call.old else ""
    found = call.cloud.referrers(vcn)
    return [each for each in found if each.token == SUBNET and each.id != mine]
