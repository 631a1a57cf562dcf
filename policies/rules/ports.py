"""No port is open to the internet, except the edge's."""

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network

from policies.model import (
    RELEASES,
    Config,
    Policy,
    Resource,
    at,
    items,
    kind_of,
    known,
    listed,
    mapping,
    means_true,
    objects,
    referred,
    texts,
    walk,
)
from policies.rules.subnets import SUBNET

GROUP = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
GROUP_RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
LISTS = ("oci:Core/securityList:SecurityList", "oci:Core/defaultSecurityList:DefaultSecurityList")
BASTION = "oci:Bastion/bastion:Bastion"
EDGES = frozenset(
    {
        "oci:LoadBalancer/loadBalancer:LoadBalancer",
        "oci:NetworkLoadBalancer/networkLoadBalancer:NetworkLoadBalancer",
        "oci:ApiGateway/gateway:Gateway",
    }
)
"""What may serve the internet."""

GROUP_FIELDS = frozenset(
    {"nsgId", "nsgIds", "podNsgIds", "backendNsgIds", "backupNetworkNsgIds", "networkSecurityGroupIds"}
)
"""The inputs of the provider that put a resource into security groups, in whatever block they are."""

LARGEST = {4: 8, 6: 12}
"""For each version of IP the prefix of the largest block that IANA gives to one registry. A rule for a larger one lets
the internet in, also in halves. Source: IANA's registries of IPv4 and IPv6 address space."""

NETWORK = "oci:Core/vcn:Vcn"
NAMES = {"6": "TCP", "17": "UDP", "all": "every protocol"}
"""Protocols as rules write them."""

PATH_DISCOVERY = frozenset({"1", "58"})
"""ICMP and ICMPv6, which path discovery needs from anywhere."""

OPTIONS = {"6": "tcpOptions", "17": "udpOptions"}
SERVICE = "core/Service"
BALANCED = "LoadBalancer"
CREATORS = ("gateway.envoyproxy.io/EnvoyProxy",)
"""Custom kinds from which a controller creates Services. Source: Envoy Gateway's API, `envoyService.type`."""

BALANCER_TYPE = "oci.oraclecloud.com/load-balancer-type"
INTERNAL = {
    "lb": "service.beta.kubernetes.io/oci-load-balancer-internal",
    "nlb": "oci-network-load-balancer.oraclecloud.com/internal",
}
"""For each type of balancer the annotation of OKE's cloud controller for a private address. It reads only the one of
the balancer's own type (load_balancer_spec.go of oci-cloud-controller-manager)."""

Ports = tuple[int, int]


def judge_stack(resources: Sequence[Resource], config: Config) -> Iterator[tuple[Resource, str]]:
    """Rules that let the internet in where it should not be."""
    allowed = frozenset(int(each) for each in listed(config, "edgePorts"))
    groups = [each for each in resources if each.type == GROUP]
    inside = _users_inside(resources, groups)
    for each in resources:
        if each.type == GROUP_RULE and _text(each.inputs, "direction") == "ingress":
            owners, certain = referred(each, "networkSecurityGroupId", groups)
            user = inside.get(owners[0].urn, "") if owners and certain else ""
            yield from ((each, said) for said in _rule_problems(each.inputs, allowed, user))
        elif each.type in LISTS:
            for rule in map(mapping, items(each.inputs.get("ingressSecurityRules"))):
                yield from (
                    (each, said) for said in _rule_problems(rule, allowed, "every VNIC of its subnets")
                )
    yield from _default_lists(resources)


def judge(resource: Resource, config: Config) -> Iterator[str]:
    """Bastions and Kubernetes balancers that the internet reaches."""
    if resource.type == BASTION:
        given = at(resource.inputs, "clientCidrBlockAllowLists")
        for each in filter(is_internet, given):
            yield f"clientCidrBlockAllowLists: {each}; must be the ranges of your own network"
        if not given:
            yield "clientCidrBlockAllowLists is missing; must be the ranges of your own network"
    for path, service in objects(resource, SERVICE):
        if at(service, "spec.type") == [BALANCED]:
            yield from _balancer_problems(path, service, listed(config, "edgePorts"))
    if resource.type in RELEASES or kind_of(resource.type) in CREATORS:
        for path, wanted in _inner_balancers(resource):
            yield (
                f"{path}: {BALANCED}; the balancer is public. Set the annotation {wanted}: "
                '"true", or loadBalancerSourceRanges'
            )


def _inner_balancers(resource: Resource) -> Iterator[tuple[str, str]]:
    """Balancers that a chart or a controller creates from a value, with the annotation that would make each private."""
    for path, holder in walk(resource.inputs):
        notes = [each for _, each in walk(holder)]
        wanted = next(
            (INTERNAL[kind] for each in notes if (kind := _text(each, BALANCER_TYPE)) in INTERNAL),
            INTERNAL["lb"],
        )
        private = any(means_true(each.get(wanted)) or not known(each.get(wanted)) for each in notes)
        ranges = at(holder, "loadBalancerSourceRanges")
        if holder.get("type") == BALANCED and not private and (not ranges or any(map(is_internet, ranges))):
            yield f"{path}.type", wanted


def _balancer_problems(path: str, service: Mapping[str, object], allowed: Sequence[str]) -> Iterator[str]:
    notes = mapping(mapping(service.get("metadata")).get("annotations"))
    given = mapping(service.get("metadata")).get("annotations")
    internal = INTERNAL.get(_text(notes, BALANCER_TYPE), INTERNAL["lb"])
    if given is not None and not known(given):
        return
    if means_true(notes.get(internal)) or not known(notes.get(internal)):
        return
    ranges = at(service, "spec.loadBalancerSourceRanges")
    wrong = sorted({str(each) for each in at(service, "spec.ports.port") if known(each)} - {*allowed})
    if wrong and (not ranges or any(map(is_internet, ranges))):
        yield (
            f"{path}spec.ports: {', '.join(wrong)} on a public load balancer. Set the annotation {internal}: "
            '"true", or spec.loadBalancerSourceRanges'
        )


def is_internet(source: object) -> bool:
    """Whether a range is too large for one owner."""
    try:
        found = ip_network(str(source).strip(), strict=False)
    except ValueError:
        return False
    return not found.is_private and found.prefixlen < LARGEST[found.version]


def _default_lists(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    """Networks with subnets whose default security list nobody declares. OCI creates it with port 22 open."""
    networks = [each for each in resources if each.type == NETWORK]
    subnets = [each for each in resources if each.type == SUBNET]
    used = {one.urn for each in subnets for one in referred(each, "vcnId", networks)[0]}
    lists = [each for each in resources if each.type == LISTS[1]]
    for network in networks:
        if network.urn in used and not any(_may_be_of(each, network) for each in lists):
            yield (
                network,
                "its default security list lets the internet in on port 22. Declare the list without rules "
                f"({LISTS[1]})",
            )


def _may_be_of(default: Resource, network: Resource) -> bool:
    """Whether a default list may be the one of a network."""
    ocid, own = default.inputs.get("manageDefaultResourceId"), network.outputs.get("defaultSecurityListId")
    if own and known(own) and known(ocid):
        return ocid == own
    users = default.dependencies.get("manageDefaultResourceId", ())
    return not users or network.urn in users


def _users_inside(resources: Sequence[Resource], groups: Sequence[Resource]) -> Mapping[str, str]:
    """For each group's URN something in it that is not the edge. Before a creation, only if that is certain."""
    found: dict[str, str] = {}
    for each in resources:
        if each.type in EDGES or not each.type.startswith("oci:"):
            continue
        for path, block in walk(each.inputs):
            for field in GROUP_FIELDS & block.keys():
                # Items of lists have an index in their path, which a field's path does not.
                where = re.sub(r"\[[0-9]+\]", "", f"{path}.{field}" if path else field)
                users, certain = referred(each, where, groups)
                found.update({group.urn: each.name for group in users if certain})
    return found


def _rule_problems(rule: Mapping[str, object], allowed: frozenset[int], user: str) -> Iterator[str]:
    """Problems of one rule. `user`: something inside that it opens; empty if the rule belongs to the edge."""
    protocol, source = _text(rule, "protocol"), rule.get("source")
    if not is_internet(source) or protocol in PATH_DISCOVERY or not known(protocol):
        return
    ports = _ports(rule, protocol)
    if ports is None:
        return
    first, last = ports
    if not user and {*range(first, min(last, first + len(allowed)) + 1)} <= allowed:
        return
    where = f" on port {first}" if first == last else f" on ports {first} to {last}"
    why = (
        f"must name a range or a security group, because it opens {user}"
        if user
        else f"the edge may open only {', '.join(map(str, sorted(allowed)))}"
    )
    yield f"source: {source} for {NAMES.get(protocol, f'protocol {protocol}')}{where}; {why}"


def _ports(rule: Mapping[str, object], protocol: str) -> Ports | None:
    """The ports of a rule. None if they are not known yet."""
    options = mapping(rule.get(OPTIONS.get(protocol, "")))
    # A group's rule has the range in a block of its own, a list's rule directly.
    range_ = mapping(options.get("destinationPortRange")) or options
    first, last = range_.get("min"), range_.get("max")
    if not (known(first) and known(last)):
        return None
    return _number(first, 1), _number(last, 65_535)


def _number(value: object, default: int) -> int:
    if isinstance(value, str):
        return int(value) if value.isdecimal() else default
    return int(value) if isinstance(value, int | float) else default


def _text(fields: Mapping[str, object], name: str) -> str:
    """A word of a field, whatever its case: OCI's SDK for Go, on which the provider is built, does not tell case."""
    return str(fields.get(name, "")).strip().lower()


EDGE_PORTS = texts(
    ["80", "443"],
    "Ports that load balancers and API gateways may open to the internet, as texts.",
    "^[1-9][0-9]{0,4}$",
)
POLICY = Policy(
    name="no-open-port",
    description="No security rule lets the internet in, except on the edge's ports of balancers and API gateways.",
    source="CIS OCI Foundations 3.0, controls 2.1 to 2.5",
    judge_stack=judge_stack,
    schema={"edgePorts": EDGE_PORTS},
)
ENTRANCES = Policy(
    name="no-open-entrance",
    description="Bastions have an allow list, and Kubernetes' public balancers only the edge's ports.",
    source="Oracle's page on bastions; the annotations of OKE's cloud controller manager",
    judge=judge,
    schema={"edgePorts": EDGE_PORTS},
)
