"""Networking: VCNs, subnets, DNS labels, gateways, route tables, security rules."""

import ipaddress
import json
import re
from typing import Any, Final

from facts.limits import NSG_RULES
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import Network, blocks, number, one_of, parse_cidr, texts
from sandbox.oci.rules.wording import limit_exceeded

VCN: Final = "oci:Core/vcn:Vcn"
SUBNET: Final = "oci:Core/subnet:Subnet"
GROUP: Final = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
GROUP_RULE: Final = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"

_MAX_BLOCKS = 5
_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9]{0,14}")


def vcn_blocks(vcn: Entry) -> list[Network]:
    """The IPv4 ranges of a VCN or a subnet; none if it was adopted and they are not known."""
    return _blocks(vcn.inputs) or _blocks(vcn.outputs)


def _blocks(values: dict[str, Any]) -> list[Network]:
    found = texts(values, "cidrBlocks") or texts(values, "cidrBlock")
    return [ipaddress.ip_network(each, strict=False) for each in found]


def _within(inner: Network, outer: Network) -> bool:
    return inner.version == outer.version and (
        inner.network_address in outer and inner.broadcast_address in outer
    )


@rule(VCN, on="create update")
def vcn_ranges(call: Call) -> None:
    """400: one to five ranges from /16 to /30, without host bits, apart from each other."""
    given = texts(call.inputs, "cidrBlocks") or texts(call.inputs, "cidrBlock")
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
    """400: a range that holds a subnet stays."""
    ranges = _blocks(call.inputs)
    for subnet in _subnets(call, call.old.id if call.old else ""):
        for network in _blocks(subnet.inputs):
            if ranges and not any(_within(network, each) for each in ranges):
                raise invalid_parameter(
                    f"The CIDR of the VCN cannot be modified: subnet {subnet.id} with CIDR {network} uses it."
                )


@rule(SUBNET, on="create update")
def subnet_range(call: Call) -> None:
    """400: inside a range of its VCN, apart from its other subnets."""
    vcn = call.cloud.find(str(call.inputs.get("vcnId")))
    ranges = vcn_blocks(vcn) if vcn else []
    given = texts(call.inputs, "ipv4cidrBlocks") or texts(call.inputs, "cidrBlock")
    for text in given:
        network = parse_cidr(text)
        if network.prefixlen > 30:
            raise invalid_parameter(
                f"The requested CIDR {text} is invalid: a subnet's CIDR must be /30 or larger."
            )
        if ranges and not any(_within(network, each) for each in ranges):
            inside = ", ".join(map(str, ranges))
            raise invalid_parameter(f"The requested CIDR {text} is invalid: not within VCN CIDR {inside}.")
        _apart(call, text, network)


def _apart(call: Call, text: str, network: Network) -> None:
    for other in _subnets(call, str(call.inputs.get("vcnId"))):
        for taken in _blocks(other.inputs):
            if network.overlaps(taken):
                raise invalid_parameter(
                    f"The requested CIDR {text} is invalid: subnet {other.id} with CIDR {taken} overlaps with "
                    "this CIDR."
                )


def _subnets(call: Call, vcn: str) -> list[Entry]:
    mine = call.old.id if call.old else ""
    found = call.cloud.referrers(vcn)
    return [each for each in found if each.token == SUBNET and each.id != mine]


@rule(SUBNET, on="create update")
def security_lists(call: Call) -> None:
    """400: at most five lists a subnet."""
    if len(texts(call.inputs, "securityListIds")) > 5:
        raise limit_exceeded("security-lists-per-subnet-count")


@rule(VCN, SUBNET)
def dns_label(call: Call) -> None:
    """400: letters and digits, a letter first, at most 15; once in a VCN, and only where the VCN has one."""
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
    taken = (each.inputs.get("dnsLabel") for each in _subnets(call, str(call.inputs.get("vcnId"))))
    if str(label).lower() in (str(each).lower() for each in taken if each):
        raise invalid_parameter(f"DNS Label {label} is a duplicate of one that already exists in the VCN")


_ONCE: Final = {
    "oci:Core/internetGateway:InternetGateway": "internet-gateway-count",
    "oci:Core/natGateway:NatGateway": "nat-gateway-count",
    "oci:Core/serviceGateway:ServiceGateway": "service-gateway-count",
}


@rule(*_ONCE)
def one_gateway_of_a_kind(call: Call) -> None:
    """400: a VCN has one internet, one NAT and one service gateway."""
    if any(each.token == call.token for each in call.cloud.referrers(str(call.inputs.get("vcnId")))):
        raise limit_exceeded(_ONCE[call.token])


@rule("oci:Core/routeTable:RouteTable", "oci:Core/defaultRouteTable:DefaultRouteTable", on="create update")
def route_rules(call: Call) -> None:
    """400: ill-formed destinations, one destination twice, a service gateway for anything but a service."""
    seen: set[str] = set()
    for each in blocks(call.inputs, "routeRules"):
        destination = str(each.get("destination") or each.get("cidrBlock") or "")
        kind = str(each.get("destinationType") or "CIDR_BLOCK").upper()
        if kind == "CIDR_BLOCK" and destination:
            parse_cidr(destination)
        if destination in seen:
            raise invalid_parameter(f"Duplicate destination {destination} in the route table.")
        seen.add(destination)
        target = str(each.get("networkEntityId") or "")
        service = target.startswith("ocid1.servicegateway.")
        if target and service != (kind == "SERVICE_CIDR_BLOCK"):
            raise invalid_parameter(
                f"The route target {target} is not valid for a destination of type {kind}: {destination}."
            )


def _wrong(call: Call, message: str) -> OciError:
    description = call.inputs.get("description")
    return invalid_parameter(f"{message} (rule {description!r})" if description else message)


@rule(GROUP_RULE, on="create update")
def rule_direction(call: Call) -> None:
    """400: INGRESS has a source, EGRESS a destination, each of its kind."""
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
    """400: protocol "all" or a number, options of that protocol only, ports from 1 to 65535 in order."""
    protocol = str(call.inputs.get("protocol"))
    if protocol != "all" and not (protocol.isdigit() and int(protocol) <= 255):
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


_SAID_OF_A_RULE: Final = ("description", "networkSecurityGroupId", "isValid", "timeCreated")


@rule(GROUP_RULE, on="create update")
def rule_once(call: Call) -> None:
    """400: the same rule twice in a group. What OCI does with the second is unverified: two resources that stand for
    one rule would each close the other's way when they go.
    """
    group = str(call.inputs.get("networkSecurityGroupId"))
    wanted, mine = _told(call.inputs), call.old.id if call.old else ""
    for each in call.cloud.referrers(group):
        own = each.token == GROUP_RULE and each.inputs.get("networkSecurityGroupId") == group
        if own and each.id != mine and _told(each.inputs) == wanted:
            said = each.inputs.get("description") or each.id
            raise _wrong(call, f"The security rule is a duplicate of one that the group has: {said!r}.")


def _told(inputs: dict[str, Any]) -> str:
    """What a rule opens, in the terms of its inputs, without what is only said of it."""
    kept = {
        key: value for key, value in inputs.items() if key not in _SAID_OF_A_RULE and value not in (None, [])
    }
    kept.setdefault("stateless", False)
    return json.dumps(kept, sort_keys=True)


@rule(GROUP_RULE)
def rules_of_a_group(call: Call) -> None:
    """400: 120 rules a group."""
    group = str(call.inputs.get("networkSecurityGroupId"))
    named = call.cloud.referrers(group)
    if len(named) < NSG_RULES:
        return
    own = sum(
        each.token == GROUP_RULE and each.inputs.get("networkSecurityGroupId") == group for each in named
    )
    if own >= NSG_RULES:
        raise limit_exceeded("security-rules-per-network-security-group-count")
