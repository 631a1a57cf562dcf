"""Networking: security groups, security lists and their rules."""

import json
from typing import Any, Final

from facts.limits import NSG_RULES
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.lookups import Query, finds, function, lists
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number, one_of, parse_cidr, texts
from sandbox.oci.rules.wording import limit_exceeded

GROUP: Final = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
GROUP_RULE: Final = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
LIST: Final = "oci:Core/securityList:SecurityList"
DEFAULT_LIST: Final = "oci:Core/defaultSecurityList:DefaultSecurityList"

describe(GROUP_RULE, id="{hex}")
lists("oci:Core/getNetworkSecurityGroups:getNetworkSecurityGroups", GROUP, rows="networkSecurityGroups")
lists("oci:Core/getSecurityLists:getSecurityLists", LIST, DEFAULT_LIST, rows="securityLists")
finds("oci:Core/getNetworkSecurityGroup:getNetworkSecurityGroup", GROUP, by="networkSecurityGroupId")


@function("oci:Core/getNetworkSecurityGroupSecurityRules:getNetworkSecurityGroupSecurityRules")
def rules_of_group(query: Query) -> dict[str, Any]:
    """The rules of one group, of one direction if the call names one."""
    group = query.cloud.require(
        query.args["networkSecurityGroupId"], GROUP, path="networkSecurityGroupId", region=query.region
    )
    rows = [
        each.outputs
        for each in query.cloud.all(GROUP_RULE, region=query.region)
        if each.inputs.get("networkSecurityGroupId") == group.id
        and query.args.get("direction") in (None, each.inputs.get("direction"))
    ]
    return {"securityRules": rows}


def _wrong(call: Call, message: str) -> OciError:
    description = call.inputs.get("description")
    return invalid_parameter(f"{message} (rule {description!r})" if description else message)


@rule(GROUP_RULE, on="create update")
def rule_direction(call: Call) -> None:
    """400 unless INGRESS has a source and EGRESS a destination, each of its type."""
    direction = str(call.inputs.get("direction")).upper()
    refusal = one_of("direction", direction, ("INGRESS", "EGRESS"))
    if refusal:
        raise refusal
    side, other = ("source", "destination") if direction == "INGRESS" else ("destination", "source")
    peer = call.inputs.get(side)
    if not peer:
        raise _wrong(call, f"{side} is required for a rule of direction {direction}.")
    if call.inputs.get(other):
        raise _wrong(call, f"{other} is not allowed for a rule of direction {direction}.")
    kind = str(call.inputs.get(f"{side}Type") or "CIDR_BLOCK").upper()
    kinds = ("CIDR_BLOCK", "SERVICE_CIDR_BLOCK", "NETWORK_SECURITY_GROUP")
    refusal = one_of(f"{side}Type", kind, kinds)
    if refusal:
        raise refusal
    if kind == "CIDR_BLOCK":
        parse_cidr(str(peer))
    elif kind == "NETWORK_SECURITY_GROUP":
        call.cloud.require(str(peer), GROUP, path=side, region=call.region)


_PROTOCOLS: Final = {"tcpOptions": "6", "udpOptions": "17"}


@rule(GROUP_RULE, on="create update")
def rule_protocol(call: Call) -> None:
    """400 for an unknown protocol, options of another protocol, or ports outside 1 to 65535 or out of order."""
    protocol = str(call.inputs.get("protocol"))
    if protocol != "all" and not (protocol.isdecimal() and int(protocol) <= 255):
        raise _wrong(call, f"protocol must be all or a protocol number, not {protocol}.")
    if blocks(call.inputs, "icmpOptions") and protocol not in ("1", "58"):
        raise _wrong(call, f"icmpOptions are not allowed with protocol {protocol}.")
    for field, wanted in _PROTOCOLS.items():
        for options in blocks(call.inputs, field):
            if protocol != wanted:
                raise _wrong(call, f"{field} are not allowed with protocol {protocol}.")
            _ports(call, options)


def _ports(call: Call, options: dict[str, Any]) -> None:
    for side in ("sourcePortRange", "destinationPortRange"):
        for each in blocks(options, side):
            low, high = number(each, "min") or 0, number(each, "max") or 0
            if not 1 <= low <= high <= 65_535:
                raise _wrong(call, f"{side} {low:.0f}-{high:.0f} is invalid: min <= max, from 1 to 65535.")


_WITHOUT_EFFECT: Final = ("description", "networkSecurityGroupId", "isValid", "timeCreated")


@rule(GROUP_RULE, on="create update")
def rule_once(call: Call) -> None:
    """400 for the same rule twice in a group. It is unverified what OCI does with the second one.

    If two resources were one rule, the deletion of either would remove the rule of both.
    """
    group = str(call.inputs.get("networkSecurityGroupId"))
    wanted, mine = _effect(call.inputs), call.old.id if call.old else ""
    for each in call.cloud.referrers(group):
        own = each.token == GROUP_RULE and each.inputs.get("networkSecurityGroupId") == group
        if own and each.id != mine and _effect(each.inputs) == wanted:
            said = each.inputs.get("description") or each.id
            raise _wrong(call, f"The security rule is a duplicate of one that the group has: {said!r}.")


def _effect(inputs: dict[str, Any]) -> str:
    """The inputs that decide what a rule opens, without its description."""
    kept = {
        key: value for key, value in inputs.items() if key not in _WITHOUT_EFFECT and value not in (None, [])
    }
    kept.setdefault("stateless", False)
    return json.dumps(kept, sort_keys=True)


@rule(GROUP_RULE)
def rules_of_a_group(call: Call) -> None:
    """400 for more than 120 rules in a group."""
    group = str(call.inputs.get("networkSecurityGroupId"))
    named = call.cloud.referrers(group)
    if len(named) < NSG_RULES:
        return
    own = sum(
        each.token == GROUP_RULE and each.inputs.get("networkSecurityGroupId") == group for each in named
    )
    if own >= NSG_RULES:
        raise limit_exceeded("security-rules-per-network-security-group-count")


_LAST_PORT: Final = 65_535


@rule(LIST, DEFAULT_LIST, on="create update")
def list_ports(call: Call) -> None:
    """400 for wrong port ranges in a security list."""
    for kind in ("ingressSecurityRules", "egressSecurityRules"):
        for options in ("tcpOptions", "udpOptions"):
            ports_in_order(call, kind, options)
            ports_in_order(call, kind, options, "sourcePortRange")


def ports_in_order(call: Call, *path: str) -> None:
    """Refuse a port range at a path whose first port is above its last one, or that exceeds 65535."""
    for each in blocks(call.inputs, *path):
        low, high = number(each, "min"), number(each, "max")
        if low is None or high is None:
            continue
        if not 0 <= low <= high <= _LAST_PORT:
            raise invalid_parameter(
                f"{'.'.join(path)}: {low:g}-{high:g} is invalid: min <= max, up to {_LAST_PORT}."
            )


_MOST_GROUPS: Final = 5
"""Groups on one network card. Source: docs.oracle.com/en-us/iaas/Content/Network/Concepts/securityrules.htm,
"Comparison of Security Lists and Network Security Groups"."""


@rule("*", on="create update")
def groups_on_a_card(call: Call) -> None:
    """400 for more than five network security groups on a network card, or on a resource with cards."""
    for name, holder in _holders(call.inputs):
        if len(texts(holder, name)) > _MOST_GROUPS:
            raise invalid_parameter(f"{name} size must be between 0 and {_MOST_GROUPS}")


def _holders(value: object) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    if isinstance(value, dict):
        found = [(name, value) for name in value if name.lower().endswith(("nsgids", "securitygroupids"))]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in children:
        found.extend(_holders(each))
    return found


@computed(GROUP_RULE)
def security_rule_outputs(_: CreateContext) -> dict[str, Any]:
    return {"isValid": True}
