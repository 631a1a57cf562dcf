"""The network of `report.reach`, read from OCI resources of the engine, the sandbox or an in-process run.

Types and names of inputs are the provider's. A missing input has the service's default.
"""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network
from typing import Protocol

from report.reach import ICMP, Direction, Gateway, GatewayKind, Network, PeerKind, Ports, Route, Rule, Subnet
from report.resources import as_mapping, as_sequence

SUBNET = "oci:Core/subnet:Subnet"
GROUP = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
GROUP_RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
LISTS = ("oci:Core/securityList:SecurityList", "oci:Core/defaultSecurityList:DefaultSecurityList")
TABLES = ("oci:Core/routeTable:RouteTable", "oci:Core/defaultRouteTable:DefaultRouteTable")
GATEWAYS: Mapping[str, GatewayKind] = {
    "oci:Core/internetGateway:InternetGateway": "internet",
    "oci:Core/natGateway:NatGateway": "nat",
    "oci:Core/serviceGateway:ServiceGateway": "service",
    "oci:Core/drg:Drg": "peering",
    "oci:Core/localPeeringGateway:LocalPeeringGateway": "peering",
}
NETWORK_TYPES = (SUBNET, GROUP, GROUP_RULE, *LISTS, *TABLES, *GATEWAYS)
"""Every type that `read_network` reads."""

_PEERS: Mapping[str, PeerKind] = {
    "NETWORK_SECURITY_GROUP": "group",
    "SERVICE_CIDR_BLOCK": "service",
    "CIDR_BLOCK": "cidr",
}
_PRIVATE = ("prohibitPublicIpOnVnic", "prohibitInternetIngress")
"""Either makes a subnet private; the service sets both to the same value."""

_OPTIONS = {"6": "tcpOptions", "17": "udpOptions"}


class ResourceLike(Protocol):
    """One resource: its type, its OCID, and its values by the provider's names."""

    @property
    def type(self) -> str: ...
    @property
    def id(self) -> str | None: ...
    @property
    def inputs(self) -> Mapping[str, object]: ...
    @property
    def outputs(self) -> Mapping[str, object]: ...


def read_network(resources: Iterable[ResourceLike]) -> Network:
    """The network of the resources. Resources of other types are ignored."""
    subnets: dict[str, Subnet] = {}
    tables: dict[str, list[Route]] = {}
    lists: dict[str, list[Rule]] = {}
    groups: dict[str, list[Rule]] = {}
    gateways: dict[str, Gateway] = {}
    for each in resources:
        name = each.id or ""
        if each.type == SUBNET:
            subnets[name] = _subnet(each)
        elif each.type in TABLES:
            for known in _own_names(each):
                tables[known] = [*_routes(each)]
        elif each.type in LISTS:
            for known in _own_names(each):
                lists[known] = [*_list_rules(each)]
        elif each.type == GROUP:
            groups.setdefault(name, [])
        elif each.type == GROUP_RULE:
            groups.setdefault(str(value(each, "networkSecurityGroupId")), []).append(_group_rule(each))
        elif each.type in GATEWAYS:
            gateways[name] = _gateway(each)
    return Network(subnets=subnets, tables=tables, lists=lists, groups=groups, gateways=gateways)


def value(resource: ResourceLike, name: str) -> object:
    """The output with this name, otherwise the input; None if there is neither."""
    found = resource.outputs.get(name)
    return resource.inputs.get(name) if found in (None, "", [], ()) else found


def texts(found: object) -> list[str]:
    """A string, or a list of strings, as a list."""
    return (
        [found] if isinstance(found, str) else [each for each in as_sequence(found) if isinstance(each, str)]
    )


def _own_names(resource: ResourceLike) -> set[str]:
    """The OCIDs of a list or table. A default one also has the OCID that the VCN gave it."""
    return {resource.id or "", str(resource.inputs.get("manageDefaultResourceId") or resource.id or "")}


def _subnet(resource: ResourceLike) -> Subnet:
    given = texts(value(resource, "ipv4cidrBlocks")) or texts(value(resource, "cidrBlock"))
    return Subnet(
        name=str(value(resource, "displayName") or resource.id),
        vcn_id=str(value(resource, "vcnId")),
        cidrs=[IPv4Network(each) for each in given],
        table_id=str(value(resource, "routeTableId") or ""),
        list_ids=texts(value(resource, "securityListIds")),
        public=not any(value(resource, each) in (True, "true") for each in _PRIVATE),
    )


def _routes(resource: ResourceLike) -> Iterator[Route]:
    for each in map(as_mapping, as_sequence(value(resource, "routeRules"))):
        destination = each.get("destination") or each.get("cidrBlock")
        yield Route(destination=str(destination), gateway_id=str(each.get("networkEntityId")))


def _gateway(resource: ResourceLike) -> Gateway:
    offered = [as_mapping(each) for each in as_sequence(value(resource, "services"))]
    closed = value(resource, "enabled") is False or value(resource, "blockTraffic") is True
    return Gateway(
        kind=GATEWAYS[resource.type],
        enabled=not closed,
        services=[_label(each.get("serviceName")) for each in offered],
    )


def _label(service: object) -> str:
    """`All IAD Services In Oracle Services Network` as rules and routes write it. A missing name means all services."""
    name = str(service or "all-").lower().replace(" ", "-")
    return name.replace("object-storage", "objectstorage")


def _group_rule(resource: ResourceLike) -> Rule:
    inputs = resource.inputs
    direction: Direction = "ingress" if str(inputs.get("direction")).upper() == "INGRESS" else "egress"
    options = as_mapping(inputs.get(_OPTIONS.get(str(inputs.get("protocol")), "")))
    return _rule(inputs, direction, options.get("destinationPortRange"), options.get("sourcePortRange"))


def _list_rules(resource: ResourceLike) -> Iterator[Rule]:
    directions: tuple[tuple[Direction, str], ...] = (
        ("ingress", "ingressSecurityRules"),
        ("egress", "egressSecurityRules"),
    )
    for direction, field in directions:
        # Use the program's inputs: the outputs may still have the default rules of the VCN's own list.
        found = resource.inputs.get(field) if resource.inputs else resource.outputs.get(field)
        for each in map(as_mapping, as_sequence(found)):
            options = as_mapping(each.get(_OPTIONS.get(str(each.get("protocol")), "")))
            # In a list, the options contain the destination ports directly.
            ports = options if options.get("min") is not None else None
            yield _rule(each, direction, ports, options.get("sourcePortRange"))


def _rule(given: Mapping[str, object], direction: Direction, ports: object, source_ports: object) -> Rule:
    side = "source" if direction == "ingress" else "destination"
    kind = str(given.get(f"{side}Type") or "CIDR_BLOCK").upper()
    protocol = str(given.get("protocol"))
    return Rule(
        name=str(given.get("description") or f"{direction} {protocol} {given.get(side)}"),
        direction=direction,
        protocol=protocol,
        peer=str(given.get(side)),
        peer_kind=_PEERS[kind],
        stateless=given.get("stateless") is True or given.get("isStateless") is True,
        ports=_ports(ports),
        source_ports=_ports(source_ports),
        icmp=_icmp(given.get("icmpOptions")) if protocol == ICMP else None,
    )


def _ports(found: object) -> Ports | None:
    range_ = as_mapping(found)
    if not range_:
        return None
    first, last = range_.get("min"), range_.get("max")
    return _number(first, 1), _number(last, 65_535)


def _icmp(found: object) -> tuple[int, int | None] | None:
    options = as_mapping(found)
    if options.get("type") is None:
        return None
    code = options.get("code")
    return _number(options.get("type"), 0), None if code is None else _number(code, 0)


def _number(found: object, default: int) -> int:
    return int(found) if isinstance(found, int | float | str) else default
