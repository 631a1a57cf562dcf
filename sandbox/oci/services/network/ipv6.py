"""Networking: the IPv6 prefixes of VCNs and subnets.

https://docs.oracle.com/en-us/iaas/Content/Network/Concepts/ipv6.htm
"""

import hashlib
import ipaddress
from typing import Any

from sandbox.oci.computed import CreateContext
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import Network, blocks, parse_cidr, texts
from sandbox.oci.services.network.ranges import SUBNET, VCN, lies_within, subnets_of

_DOCUMENTATION = ipaddress.ip_network("2001:db8::/32")
"""The sandbox's addresses: RFC 3849 reserves them for documentation."""
_VCN_BITS = 56
_SUBNET_BITS = 64


def subnet_prefixes(values: dict[str, Any]) -> list[str]:
    """The IPv6 prefixes in a subnet's inputs or outputs."""
    several, one = texts(values, "ipv6cidrBlocks"), [each for each in texts(values, "ipv6cidrBlock") if each]
    return [*(each for each in one if each not in several), *several]


def own_prefixes(inputs: dict[str, Any]) -> list[str]:
    """The private prefixes in a VCN's inputs, and those that its tenancy brings."""
    brought = (str(each.get("ipv6cidrBlock")) for each in blocks(inputs, "byoipv6cidrDetails"))
    return [*texts(inputs, "ipv6privateCidrBlocks"), *brought]


def has_oracles_prefix(inputs: dict[str, Any]) -> bool:
    """Whether Oracle gives a VCN a prefix: the default of one that is enabled for IPv6."""
    return bool(inputs.get("isIpv6enabled")) and inputs.get("isOracleGuaAllocationEnabled") is not False


def vcn_prefixes(context: CreateContext) -> dict[str, Any]:
    """A VCN's outputs. The provider reads `isIpv6enabled` from the prefixes (core_vcn_resource.go, `SetData`)."""
    oracles = texts(context.old or {}, "ipv6cidrBlocks") or [_new_prefix(context.id)]
    oracles = oracles if has_oracles_prefix(context.inputs) else []
    brought = [str(each.get("ipv6cidrBlock")) for each in blocks(context.inputs, "byoipv6cidrDetails")]
    return {
        "ipv6cidrBlocks": oracles,
        "byoipv6cidrBlocks": brought,
        "isIpv6enabled": bool(oracles or own_prefixes(context.inputs)),
    }


def _new_prefix(vcn: str) -> str:
    """A prefix for a VCN. The same id always gets the same one."""
    free = _VCN_BITS - _DOCUMENTATION.prefixlen
    number = int.from_bytes(hashlib.blake2b(vcn.encode(), digest_size=free // 8).digest())
    start = int(_DOCUMENTATION.network_address) + (number << (128 - _VCN_BITS))
    return str(ipaddress.ip_network((start, _VCN_BITS)))


@rule(VCN, on="create update")
def private_prefixes(call: Call) -> None:
    """400 for a private prefix that is not IPv6 or overlaps another one of the VCN."""
    seen: list[Network] = []
    for text in own_prefixes(call.inputs):
        prefix = _prefix(text)
        if any(prefix.overlaps(each) for each in seen):
            raise invalid_parameter(
                f"The requested CIDR {text} is invalid: overlaps with another of the VCN."
            )
        seen.append(prefix)


def _prefix(text: str) -> Network:
    prefix = parse_cidr(text)
    if prefix.version != 6:
        raise invalid_parameter(f"The requested CIDR {text} is invalid: not an IPv6 prefix.")
    return prefix


@rule(VCN, on="update")
def vcn_keeps_the_prefixes_of_its_subnets(call: Call) -> None:
    """400 for the removal of an IPv6 prefix that contains one of a subnet (unverified: as for IPv4 ranges)."""
    known = [*texts(call.old.outputs, "ipv6cidrBlocks"), *own_prefixes(call.old.inputs)] if call.old else []
    oracles = texts(call.old.outputs, "ipv6cidrBlocks") if call.old else []
    left = [*(oracles if has_oracles_prefix(call.inputs) else []), *own_prefixes(call.inputs)]
    for removed in {*known} - {*left}:
        for subnet in subnets_of(call, call.old.id if call.old else ""):
            for text in subnet_prefixes(subnet.inputs):
                if lies_within(_prefix(text), _prefix(removed)):
                    raise invalid_parameter(
                        f"The CIDR {removed} of the VCN cannot be removed: subnet {subnet.id} with CIDR {text} uses it."
                    )


@rule(SUBNET, on="create update")
def ipv6_of_the_vcn(call: Call) -> None:
    """400 for an IPv6 prefix in a VCN that is not enabled for IPv6, or one that is not /64.

    "All subnets are /64 in size": the SDK's text of `CreateSubnetDetails.ipv6_cidr_block`.
    """
    given = subnet_prefixes(call.inputs)
    vcn = call.cloud.find(str(call.inputs.get("vcnId")))
    if given and vcn and not vcn.assumed and not vcn.inputs.get("isIpv6enabled"):
        raise invalid_parameter(f"ipv6CidrBlock {given[0]}: VCN {vcn.id} is not enabled for IPv6.")
    for text in given:
        if _prefix(text).prefixlen != _SUBNET_BITS:
            raise invalid_parameter(
                f"The requested CIDR {text} is invalid: a subnet's IPv6 prefix must be /{_SUBNET_BITS}."
            )
