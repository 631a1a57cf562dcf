"""Which resources of a network are not known before `up`, and which types reach does not read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from report.cluster_networks import CLUSTER_NETWORK, CONFIGURATION
from report.public_doors import DOOR_TYPES
from report.reach_endpoints import ENDPOINT_TYPES
from report.reach_reading import GROUP_RULE, LISTS, NETWORK_TYPES
from report.resources import UNKNOWN, Resource, as_mapping, as_sequence, holds_unknown

READ_TYPES = frozenset({*NETWORK_TYPES, *ENDPOINT_TYPES, *DOOR_TYPES, CLUSTER_NETWORK, CONFIGURATION})
"""Every type that the section reads, apart from the workloads and policies of Kubernetes."""

_PLACES = frozenset({"subnetId", "subnetIds", "nsgId", "nsgIds", "networkSecurityGroupIds"})
DECIDING = _PLACES | frozenset(
    {
        "accessType",
        "cidrBlock",
        "cidrBlocks",
        "clientCidrBlockAllowLists",
        "destination",
        "destinationType",
        "direction",
        "egressSecurityRules",
        "ingressSecurityRules",
        "ipv4cidrBlocks",
        "isPrivate",
        "isPublicIpEnabled",
        "manageDefaultResourceId",
        "networkSecurityGroupId",
        "oci.oraclecloud.com/oci-network-security-groups",
        "pod-nsgids",
        "pod-subnets",
        "podNsgIds",
        "podSubnetIds",
        "primarySubnetId",
        "protocol",
        "routeRules",
        "routeTableId",
        "securityListIds",
        "service.beta.kubernetes.io/oci-load-balancer-subnet1",
        "source",
        "sourceType",
        "targetSubnetId",
        "vcnId",
        "whitelistedIps",
    }
)
"""Inputs that decide who reaches whom."""

_NOT_ENDPOINTS = frozenset({"oci:Core/privateIp:PrivateIp"})
"""Types with a subnet that have no rules of their own: an address is a card's."""

_PUBLIC_ADDRESS = "oci:Core/publicIp:PublicIp"
"""One with `privateIpId` makes a card public, and the stack does not tell which."""


def unknown_of(resources: Iterable[Resource]) -> list[Resource]:
    """The resources of a network whose place or rules the engine does not know yet."""
    return [each for each in resources if each.type in READ_TYPES and _is_unknown(each)]


def unread_of(resources: Iterable[Resource]) -> list[Resource]:
    """Resources with a subnet or security groups whose type reach does not know, and public addresses of cards."""
    passed = READ_TYPES | _NOT_ENDPOINTS
    return [
        each
        for each in resources
        if each.custom
        and each.type.startswith("oci:")
        and each.type not in passed
        and (_has_place(each.inputs) or (each.type == _PUBLIC_ADDRESS and each.inputs.get("privateIpId")))
    ]


def ipv6_rules_of(resources: Iterable[Resource]) -> list[Resource]:
    """Rules about IPv6 addresses, and lists that have some, which are not checked."""
    return [
        each
        for each in resources
        if (each.type == GROUP_RULE and _is_ipv6(each.inputs))
        or (each.type in LISTS and any(map(_is_ipv6, _rules_in(each))))
    ]


def _rules_in(rules: Resource) -> Iterator[Mapping[str, object]]:
    for field in ("ingressSecurityRules", "egressSecurityRules"):
        yield from map(as_mapping, as_sequence(rules.inputs.get(field)))


def _is_ipv6(rule: Mapping[str, object]) -> bool:
    peers = [str(rule.get(side)) for side in ("source", "destination")]
    return any(":" in each and "/" in each for each in peers)


def _is_unknown(resource: Resource) -> bool:
    """A resource of the network without an id cannot be named by others."""
    named = resource.type in NETWORK_TYPES and resource.type != GROUP_RULE
    return (named and not resource.id) or _undecided(resource.inputs)


def _undecided(value: object) -> bool:
    if value is UNKNOWN:
        return False
    nested: Sequence[object] = as_sequence(value)
    return any(
        holds_unknown(entry) if key in DECIDING else _undecided(entry)
        for key, entry in as_mapping(value).items()
    ) or any(map(_undecided, nested))


def _has_place(value: object) -> bool:
    mapping = as_mapping(value)
    return bool(_PLACES & mapping.keys()) or any(
        _has_place(entry) for entry in (*mapping.values(), *as_sequence(value))
    )
