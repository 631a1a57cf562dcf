"""Networking: VCNs, and the defaults that are created with one."""

import re
from typing import Any

from sandbox.oci.companions import companion
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.lookups import finds, lists
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import Network, parse_cidr, texts
from sandbox.oci.rules.wording import limit_exceeded
from sandbox.oci.services.network.defaults import COMPANIONS, DEFAULT_LIST
from sandbox.oci.services.network.ipv6 import vcn_prefixes
from sandbox.oci.services.network.ranges import SUBNET, VCN, lies_within, ranges_of, subnets_of

finds("oci:Core/getVcn:getVcn", VCN, by="vcnId")
lists("oci:Core/getVcns:getVcns", VCN, rows="virtualNetworks")

_MAX_BLOCKS = 5

_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9]{0,14}")


@rule(VCN, on="create update")
def vcn_ranges(call: Call) -> None:
    """400 unless there are 1 to 5 ranges from /16 to /30 without host bits that do not overlap.

    The API's deprecated `cidrBlock` beside `cidrBlocks` is refused where they disagree: unverified.
    """
    given, old = texts(call.inputs, "cidrBlocks"), texts(call.inputs, "cidrBlock")
    if call.operation == "create" and given and not set(old) <= set(given):
        raise invalid_parameter(f"cidrBlock {old[0]} is not one of cidrBlocks: use cidrBlocks alone.")
    given = given or old
    if call.operation == "create" and not given:
        raise invalid_parameter("cidrBlocks must have one CIDR or more.")
    if len(given) > _MAX_BLOCKS:
        raise limit_exceeded("vcn-ipv4-cidr-count")
    seen: list[Network] = []
    for text in given:
        network = parse_cidr(text)
        if not 16 <= network.prefixlen <= 30:
            raise invalid_parameter(
                f"The requested CIDR {text} is invalid: a VCN's CIDR must be from /16 to /30."
            )
        if any(network.overlaps(each) for each in seen):
            raise invalid_parameter(
                f"The requested CIDR {text} is invalid: overlaps with another of the VCN."
            )
        seen.append(network)


@rule(VCN, on="update")
def vcn_keeps_its_subnets(call: Call) -> None:
    """400 for the removal of a range that contains a subnet."""
    ranges = ranges_of(call.inputs)
    for subnet in subnets_of(call, call.old.id if call.old else ""):
        for network in ranges_of(subnet.inputs):
            if ranges and not any(lies_within(network, each) for each in ranges):
                raise invalid_parameter(
                    f"The CIDR of the VCN cannot be modified: subnet {subnet.id} with CIDR {network} uses it."
                )


@rule(VCN, SUBNET)
def dns_label(call: Call) -> None:
    """400 unless a label is a letter and up to 14 letters or digits. A subnet's is unique, and its VCN needs one."""
    label = call.inputs.get("dnsLabel")
    if not label:
        return
    if not _LABEL.fullmatch(str(label)):
        raise invalid_parameter(
            f"Invalid dnsLabel {label}: it must be an alphanumeric string of at most 15 characters that begins "
            "with a letter."
        )
    if call.token != SUBNET:
        return
    vcn = call.cloud.find(str(call.inputs.get("vcnId")))
    if vcn and not vcn.assumed and not vcn.inputs.get("dnsLabel"):
        raise invalid_parameter(f"dnsLabel {label} is not allowed: VCN {vcn.id} has no DNS label.")
    taken = (each.inputs.get("dnsLabel") for each in subnets_of(call, str(call.inputs.get("vcnId"))))
    if str(label).lower() in (str(each).lower() for each in taken if each):
        raise invalid_parameter(f"DNS Label {label} is a duplicate of one that already exists in the VCN")


@rule(VCN, on="update")
def one_change_of_ranges(call: Call) -> None:
    """400 unless an update adds one range at the end, removes one or changes one."""
    before = texts(call.old.inputs, "cidrBlocks") if call.old else []
    after = texts(call.inputs, "cidrBlocks")
    if not before or not after or before == after:
        return
    changed = sum(one != other for one, other in zip(before, after, strict=False))
    added = len(after) == len(before) + 1 and not changed
    removed = any(before[:index] + before[index + 1 :] == after for index in range(len(before)))
    if not (added or removed or (len(before) == len(after) and changed == 1)):
        raise invalid_parameter(
            "cidr_blocks: an update adds one CIDR at the end, removes one or modifies one; "
            f"this one changes {', '.join(before)} to {', '.join(after)}."
        )


@computed(VCN)
def vcn_outputs(context: CreateContext) -> dict[str, Any]:
    outputs = context.outputs
    blocks = outputs.get("cidrBlocks") or [block for block in (outputs.get("cidrBlock"),) if block]
    label = outputs.get("dnsLabel")
    found: dict[str, Any] = {
        "cidrBlocks": blocks,
        "cidrBlock": blocks[0] if blocks else "",
        "vcnDomainName": f"{label}.oraclevcn.com" if label else "",
        **vcn_prefixes(context),
    }
    for name, (token, title) in COMPANIONS.items():
        rules = DEFAULT_LIST if token.endswith("SecurityList") else {}
        called = title.format(name=outputs.get("displayName"))
        found[name] = companion(context, token, displayName=called, vcnId=context.id, **rules)
    return found
