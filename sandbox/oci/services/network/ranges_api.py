"""Networking: the ranges of VCNs and subnets, which the API adds, changes and removes one by one or by a patch.

terraform-provider-oci 8.28.0 changes them by these operations only (core_vcn_resource.go, core_subnet_resource.go).
"""

from collections.abc import Callable
from typing import Any, TypeGuard

from sandbox.oci.api.bodies import missing
from sandbox.oci.api.endpoints import answers, endpoint_of
from sandbox.oci.api.generic import changed, required
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.rules.reading import texts
from sandbox.oci.services.network.api import NETWORK
from sandbox.oci.services.network.ipv6 import subnet_prefixes
from sandbox.oci.services.network.ranges import SUBNET, VCN

Inputs = dict[str, Any]


def _change(request: Request, token: str, inputs: Callable[[Entry], Inputs]) -> Response:
    found = endpoint_of(token)
    return changed(found, request, required(found, request), inputs)


def _edited(known: list[str], old: str | None, new: str | None, owner: str) -> list[str]:
    """A list in which `new` is in the place of `old`: removed without a new one, added at the end without an old one.

    400 for an old one that is not in the list, or a new one that is.
    """
    if old and old not in known:
        raise invalid_parameter(f"The {owner} has no CIDR block {old}.")
    if new and new != old and new in known:
        raise invalid_parameter(f"The {owner} already has the CIDR block {new}.")
    place = known.index(old) if old else len(known)
    return [*known[:place], *([new] if new else []), *known[place + bool(old) :]]


@answers(NETWORK, "add_vcn_cidr", "remove_vcn_cidr", "modify_vcn_cidr")
def change_ranges(request: Request) -> Response:
    """Add a range to a VCN, remove one, or replace one."""
    body, removing = request.body, request.operation.name == "RemoveVcnCidr"
    old = body["cidrBlock"] if removing else body.get("originalCidrBlock")
    new = None if removing else body.get("newCidrBlock") or body.get("cidrBlock")
    return _change(
        request,
        VCN,
        lambda vcn: {"cidrBlocks": _edited(list(vcn.outputs.get("cidrBlocks") or ()), old, new, "VCN")},
    )


@answers(NETWORK, "add_ipv4_subnet_cidr", "remove_ipv4_subnet_cidr", "modify_ipv4_subnet_cidr")
def change_subnet_ranges(request: Request) -> Response:
    """Add an IPv4 range to a subnet, remove one, or replace one. 400 if none would be left (unverified)."""
    body, name = request.body, request.operation.name
    old = None if name.startswith("Add") else body["ipv4CidrBlock"]
    new = body["ipv4CidrBlock"] if name.startswith("Add") else body.get("updatedIpv4CidrBlock")

    def blocks(subnet: Entry) -> Inputs:
        kept = _edited(list(subnet.outputs.get("ipv4cidrBlocks") or ()), old, new, "subnet")
        if not kept:
            raise invalid_parameter("A subnet must keep one IPv4 CIDR block.")
        return {"ipv4cidrBlocks": kept, "cidrBlock": kept[0]}

    return _change(request, SUBNET, blocks)


@answers(NETWORK, "add_ipv6_subnet_cidr", "remove_ipv6_subnet_cidr")
def change_subnet_prefixes(request: Request) -> Response:
    """Add an IPv6 prefix to a subnet, or remove one. 400 for the last one.

    "At least one IPv6 CIDR should remain": the SDK's text of `remove_ipv6_subnet_cidr`.
    """
    prefix, adding = request.body["ipv6CidrBlock"], request.operation.name.startswith("Add")

    def blocks(subnet: Entry) -> Inputs:
        old, new = (None, prefix) if adding else (prefix, None)
        kept = _edited(subnet_prefixes(subnet.inputs), old, new, "subnet")
        if not kept:
            raise invalid_parameter("At least one IPv6 CIDR block must remain in the subnet.")
        return {"ipv6cidrBlocks": kept, "ipv6cidrBlock": kept[0]}

    return _change(request, SUBNET, blocks)


@answers(NETWORK, "add_ipv6_vcn_cidr")
def add_prefix(request: Request) -> Response:
    """Add an IPv6 prefix to a VCN: one of Oracle's, a private one, or one that the tenancy brings.

    400 unless the body names one of the three (unverified).
    """
    body = {name: value for name, value in (request.body or {}).items() if value}
    if len(body) != 1:
        raise invalid_parameter(
            "One of isOracleGuaAllocationEnabled, ipv6PrivateCidrBlock and byoipv6CidrDetail is required."
        )

    def prefixes(vcn: Entry) -> Inputs:
        if "isOracleGuaAllocationEnabled" in body:
            if vcn.outputs.get("ipv6cidrBlocks"):
                raise invalid_parameter("The VCN already has an IPv6 prefix of Oracle's.")
            return {"isIpv6enabled": True, "isOracleGuaAllocationEnabled": True}
        own = _without_oracles(vcn)
        if "ipv6PrivateCidrBlock" in body:
            private = texts(vcn.inputs, "ipv6privateCidrBlocks")
            return {
                **own,
                "ipv6privateCidrBlocks": _edited(private, None, body["ipv6PrivateCidrBlock"], "VCN"),
            }
        brought = list(vcn.inputs.get("byoipv6cidrDetails") or ())
        return {**own, "byoipv6cidrDetails": [*brought, _brought(body["byoipv6CidrDetail"])]}

    return _change(request, VCN, prefixes)


def _without_oracles(vcn: Entry) -> Inputs:
    """A VCN that is enabled for IPv6 only now, without a prefix of Oracle's."""
    return {"isIpv6enabled": True, "isOracleGuaAllocationEnabled": bool(vcn.outputs.get("ipv6cidrBlocks"))}


def _brought(detail: dict[str, Any]) -> Inputs:
    return {"byoipv6rangeId": detail["byoipv6RangeId"], "ipv6cidrBlock": detail["ipv6CidrBlock"]}


@answers(NETWORK, "remove_ipv6_vcn_cidr")
def remove_prefix(request: Request) -> Response:
    """Remove an IPv6 prefix of a VCN. 400 for one that it does not have, or that a subnet uses."""
    prefix = (request.body or {}).get("ipv6CidrBlock")
    if not prefix:
        raise missing("ipv6CidrBlock")

    def prefixes(vcn: Entry) -> Inputs:
        oracles = list(vcn.outputs.get("ipv6cidrBlocks") or ())
        private = list(vcn.inputs.get("ipv6privateCidrBlocks") or ())
        brought = list(vcn.inputs.get("byoipv6cidrDetails") or ())
        if prefix not in (*oracles, *private, *(each["ipv6cidrBlock"] for each in brought)):
            raise invalid_parameter(f"The VCN has no CIDR block {prefix}.")
        oracles = [each for each in oracles if each != prefix]
        private = [each for each in private if each != prefix]
        brought = [each for each in brought if each["ipv6cidrBlock"] != prefix]
        return {
            "isIpv6enabled": bool(oracles or private or brought),
            "isOracleGuaAllocationEnabled": bool(oracles),
            "ipv6privateCidrBlocks": private,
            "byoipv6cidrDetails": brought,
        }

    return _change(request, VCN, prefixes)


@answers(NETWORK, "patch_vcn", "patch_subnet")
def patch(request: Request) -> Response:
    """Replace the IPv6 prefixes of a VCN or a subnet: all instructions or none.

    400 without `if-match`, as the SDK's text of both operations says. The values are those that the provider sends
    (helpers_core.go); the removal of Oracle's prefix, which it does not send, is not modelled.
    """
    if not request.headers.get("if-match"):
        raise missing("if-match")
    of_vcn = request.operation.name == "PatchVcn"
    instructions = request.body[f"patch{'Vcn' if of_vcn else 'Subnet'}Instructions"]

    def replaced(entry: Entry) -> Inputs:
        inputs: Inputs = _without_oracles(entry) if of_vcn else {}
        for each in instructions:
            inputs |= _replacement(request, each["selection"], each["value"], entry)
        return inputs

    return _change(request, VCN if of_vcn else SUBNET, replaced)


def _replacement(request: Request, selection: str, value: Any, entry: Entry) -> Inputs:
    given = value if isinstance(value, dict) else {}
    cidrs = given.get("cidrs")
    if entry.token == SUBNET and selection == "ipv6CidrBlock" and isinstance(given.get("cidr"), str):
        kept = [given["cidr"], *subnet_prefixes(entry.inputs)[1:]]
        return {"ipv6cidrBlock": kept[0], "ipv6cidrBlocks": kept}
    if entry.token == SUBNET and selection == "ipv6CidrBlocks" and _are_texts(cidrs):
        return {"ipv6cidrBlocks": cidrs, "ipv6cidrBlock": cidrs[0]}
    if entry.token == VCN and selection == "ipv6PrivateCidrBlocks" and (_are_texts(cidrs) or cidrs == []):
        return {"ipv6privateCidrBlocks": cidrs}
    if entry.token == VCN and selection == "byoipv6CidrDetails" and _are_details(cidrs):
        return {"byoipv6cidrDetails": [_brought(each) for each in cidrs]}
    raise OciError(
        501,
        "NotImplemented",
        f"The sandbox does not model the selection {selection} with this value in {request.operation.name}.",
    )


def _are_texts(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


def _are_details(value: Any) -> TypeGuard[list[dict[str, str]]]:
    wanted = {"byoipv6RangeId", "ipv6CidrBlock"}
    return isinstance(value, list) and all(isinstance(each, dict) and set(each) == wanted for each in value)
