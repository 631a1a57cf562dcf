"""No port is open to the internet, except the edge's."""

import re
from collections.abc import Iterator, Mapping, Sequence

from policies.model import (
    Config,
    Policy,
    Resource,
    at,
    items,
    listed,
    mapping,
    means_true,
    referred,
    texts,
    walk,
)

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

ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})
NAMES = {"6": "TCP", "17": "UDP", "all": "every protocol"}
"""Protocols with ports, as rules write them. ICMP has none: path discovery needs it from anywhere."""

OPTIONS = {"6": "tcpOptions", "17": "udpOptions"}
SERVICE = "kubernetes:core/v1:Service"
INTERNAL = (
    "service.beta.kubernetes.io/oci-load-balancer-internal",
    "oci-network-load-balancer.oraclecloud.com/internal",
)
"""Annotations of OKE's cloud controller for a balancer with a private address."""

Ports = tuple[int, int]


def judge_stack(resources: Sequence[Resource], config: Config) -> Iterator[tuple[Resource, str]]:
    """Rules that let the internet in where it should not be."""
    allowed = frozenset(int(each) for each in listed(config, "edgePorts"))
    groups = [each for each in resources if each.type == GROUP]
    inside = _users_inside(resources, groups)
    for each in resources:
        if each.type == GROUP_RULE and each.inputs.get("direction") == "INGRESS":
            owners, certain = referred(each, "networkSecurityGroupId", groups)
            user = inside.get(owners[0].urn, "") if owners and certain else ""
            yield from ((each, said) for said in _rule_problems(each.inputs, allowed, user))
        elif each.type in LISTS:
            for rule in map(mapping, items(each.inputs.get("ingressSecurityRules"))):
                yield from (
                    (each, said) for said in _rule_problems(rule, allowed, "every VNIC of its subnets")
                )


def judge(resource: Resource, config: Config) -> Iterator[str]:
    """Bastions and Kubernetes balancers that the internet reaches."""
    if resource.type == BASTION:
        for each in ANYWHERE.intersection(map(str, at(resource.inputs, "clientCidrBlockAllowLists"))):
            yield f"clientCidrBlockAllowLists: {each}; must be the ranges of your own network"
    if resource.type != SERVICE or at(resource.inputs, "spec.type") != ["LoadBalancer"]:
        return
    notes = mapping(mapping(resource.inputs.get("metadata")).get("annotations"))
    if any(means_true(notes.get(each)) for each in INTERNAL):
        return
    ranges = {str(each) for each in at(resource.inputs, "spec.loadBalancerSourceRanges")}
    ports = {str(each) for each in at(resource.inputs, "spec.ports.port")}
    wrong = sorted(ports - set(listed(config, "edgePorts")))
    if wrong and (not ranges or ranges & ANYWHERE):
        yield (
            f"spec.ports: {', '.join(wrong)} on a public load balancer. Set the annotation {INTERNAL[0]}: "
            '"true", or spec.loadBalancerSourceRanges'
        )


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
    protocol, source = str(rule.get("protocol")), rule.get("source")
    if source not in ANYWHERE or protocol not in NAMES:
        return
    first, last = _ports(rule, protocol)
    if not user and {*range(first, min(last, first + len(allowed)) + 1)} <= allowed:
        return
    ports = f" on port {first}" if first == last else f" on ports {first} to {last}"
    why = (
        f"must name a range or a security group, because it opens {user}"
        if user
        else f"the edge may open only {', '.join(map(str, sorted(allowed)))}"
    )
    yield f"source: {source} for {NAMES[protocol]}{ports}; {why}"


def _ports(rule: Mapping[str, object], protocol: str) -> Ports:
    options = mapping(rule.get(OPTIONS.get(protocol, "")))
    # A group's rule has the range in a block of its own, a list's rule directly.
    range_ = mapping(options.get("destinationPortRange")) or options
    first, last = range_.get("min"), range_.get("max")
    return _number(first, 1), _number(last, 65_535)


def _number(value: object, default: int) -> int:
    return int(value) if isinstance(value, int | float) else default


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
