"""A network security group with named rules."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pulumi
from pulumi_oci import core

from components.options import child
from facts.checked_args import CheckedArgs
from facts.cidrs import parse_network
from facts.limits import NSG_RULES
from facts.problem import Problem, refuse

DIRECTIONS = ("ingress", "egress")
PROTOCOLS: Mapping[str, str] = {"tcp": "6", "udp": "17", "icmp": "1", "all": "all"}
PEER_TYPES: Mapping[str, str] = {
    "cidr": "CIDR_BLOCK",
    "group": "NETWORK_SECURITY_GROUP",
    "services": "SERVICE_CIDR_BLOCK",
}

LONGEST_DESCRIPTION = 255

_Ports = tuple[int | None, int | None]


@dataclass(frozen=True, kw_only=True)
class SecurityRuleArgs:
    """One stateful rule: who may connect to the group's members, or to whom the members may connect."""

    direction: str
    """`ingress` or `egress`."""

    protocol: str
    """`tcp`, `udp`, `icmp` or `all`."""

    peer: pulumi.Input[str]
    """The other side, in the form of `peer_type`."""

    peer_type: str | None = None
    """`cidr` (an IPv4 or IPv6 CIDR), `group` (OCID of a security group) or `services` (label of Oracle's services).
    Default: cidr."""

    min_port: int | None = None
    """First destination port, 1 to 65535. Only with tcp and udp. Default: all ports."""

    max_port: int | None = None
    """Last destination port. Default: `min_port`."""

    min_source_port: int | None = None
    """First source port, 1 to 65535. Only with tcp and udp. Default: all ports."""

    max_source_port: int | None = None
    """Last source port. Default: `min_source_port`."""

    icmp_type: int | None = None
    """ICMP type, 0 to 254. Only with icmp. Default: all types."""

    icmp_code: int | None = None
    """ICMP code, 0 to 255, within `icmp_type`. Default: all codes."""

    description: str | None = None
    """Description of the rule, 255 characters at most. A change updates the rule in place. Default: its name."""


@dataclass(frozen=True, kw_only=True)
class SecurityGroupArgs:
    """Arguments of a SecurityGroup."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the group."""

    vcn_id: pulumi.Input[str]
    """OCID of the VCN. A change replaces the group."""

    rules: Mapping[str, SecurityRuleArgs]
    """At most 120 rules by name, 255 characters at most. A changed rule is updated in place. Do not rename a rule in
    one step: the engine adds the new rule before it removes the old one, and OCI refuses the duplicate. To change the
    text, set `description`. To change the name, remove the rule in one `up` and add it in the next."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the group. Rules have no tags. Default: none."""


class SecurityGroup(CheckedArgs, pulumi.ComponentResource):
    """A network security group and its rules. Traffic without a rule is refused."""

    group_id: pulumi.Output[str]
    """OCID of the group."""

    def __init__(
        self, name: str, args: SecurityGroupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(security_group_problems(args.rules, path=name), f"the security group {name}")
        super().__init__("genai:index:SecurityGroup", name, {}, opts)

        group = core.NetworkSecurityGroup(
            f"{name}-group",
            core.NetworkSecurityGroupArgs(
                compartment_id=args.compartment_id,
                vcn_id=args.vcn_id,
                display_name=name,
                freeform_tags=args.tags,
            ),
            opts=child(self, pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(delete="40m"))),
        )
        self.group_id = group.id
        self.add_rules(name, args.rules)
        self.register_outputs({"groupId": self.group_id})

    def add_rules(self, name: str, rules: Mapping[str, SecurityRuleArgs]) -> None:
        """Create the rules of the group `name`. Groups that refer to each other need this after all groups exist."""
        refuse(security_group_problems(rules, path=name), f"the security group {name}")
        for called, rule in rules.items():
            core.NetworkSecurityGroupSecurityRule(
                f"{name}-{slug(called)}",
                _rule(self.group_id, rule.description or called, rule),
                opts=child(self),
            )


def slug(name: str) -> str:
    """A rule's name in a resource name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def security_group_problems(rules: Mapping[str, SecurityRuleArgs], *, path: str) -> Iterator[Problem]:
    """All problems of the rules of one group."""
    if len(rules) > NSG_RULES:
        yield Problem(f"{path}.rules", len(rules), f"must be {NSG_RULES} rules or fewer")
    names: dict[str, str] = {}
    opened: dict[SecurityRuleArgs, str] = {}
    for called, rule in rules.items():
        at, name = f"{path}.rules[{called!r}]", slug(called)
        if not name or len(called) > LONGEST_DESCRIPTION:
            yield Problem(
                at, called, f"must describe what the rule allows, in at most {LONGEST_DESCRIPTION} characters"
            )
        elif name in names:
            yield Problem(at, called, f"must differ from {names[name]!r} in more than punctuation and case")
        names.setdefault(name, called)
        first = opened.setdefault(_traffic(rule), called)
        if first != called:
            fix = "Leave one out: they are one rule in OCI, and deleting one would remove the access of both"
            yield Problem(at, called, f"must not allow the same traffic as {first!r}", fix)
        yield from security_rule_problems(rule, path=at)


def _traffic(rule: SecurityRuleArgs) -> SecurityRuleArgs:
    """The rule without its texts. Two rules that OCI treats as one are equal. An unknown peer is equal only to
    itself."""
    peer = rule.peer if isinstance(rule.peer, str) else str(id(rule.peer))
    return replace(
        rule,
        peer=peer,
        peer_type=rule.peer_type or "cidr",
        max_port=rule.max_port or rule.min_port,
        max_source_port=rule.max_source_port or rule.min_source_port,
        description=None,
    )


def security_rule_problems(rule: SecurityRuleArgs, *, path: str) -> Iterator[Problem]:
    """All problems of one rule."""
    yield from _one_of(rule.direction, DIRECTIONS, f"{path}.direction")
    yield from _one_of(rule.protocol, PROTOCOLS, f"{path}.protocol")
    yield from _one_of(rule.peer_type or "cidr", PEER_TYPES, f"{path}.peerType")
    if isinstance(rule.peer, str) and rule.peer_type in (None, "cidr") and not _is_cidr(rule.peer):
        yield Problem(f"{path}.peer", rule.peer, "must be a CIDR without host bits, e.g. 10.0.2.0/24")
    yield from _port_problems(rule.protocol, (rule.min_port, rule.max_port), f"{path}.minPort")
    source = (rule.min_source_port, rule.max_source_port)
    yield from _port_problems(rule.protocol, source, f"{path}.minSourcePort")
    yield from _icmp_problems(rule, path)
    if len(rule.description or "") > LONGEST_DESCRIPTION:
        allowed = f"must be {LONGEST_DESCRIPTION} characters or fewer"
        yield Problem(f"{path}.description", rule.description, allowed)


def _one_of(word: str, known: Mapping[str, str] | tuple[str, ...], path: str) -> Iterator[Problem]:
    if word not in known:
        yield Problem.not_one_of(path, word, known)


def _is_cidr(text: str) -> bool:
    return parse_network(text) is not None


def _port_problems(protocol: str, ports: _Ports, path: str) -> Iterator[Problem]:
    first, last = ports
    if (first, last) == (None, None):
        return
    if protocol not in ("tcp", "udp"):
        yield Problem(path, first, f"must be left out: {protocol} has no ports")
    elif first is None or not 1 <= first <= (last or first) <= 65535:
        yield Problem(path, f"{first}-{last}", "must be a range within 1 to 65535, first port first")


def _icmp_problems(rule: SecurityRuleArgs, path: str) -> Iterator[Problem]:
    if rule.icmp_type is None:
        if rule.icmp_code is not None:
            yield Problem(f"{path}.icmpCode", rule.icmp_code, "must be set with icmpType")
        return
    if rule.protocol != "icmp":
        yield Problem(f"{path}.icmpType", rule.icmp_type, "must be left out: the protocol is not icmp")
    elif not (0 <= rule.icmp_type <= 254 and 0 <= (rule.icmp_code or 0) <= 255):
        value = f"{rule.icmp_type}/{rule.icmp_code}"
        yield Problem(f"{path}.icmpType", value, "must be type 0 to 254 and code 0 to 255")


def _rule(
    group_id: pulumi.Input[str], description: str, rule: SecurityRuleArgs
) -> "core.NetworkSecurityGroupSecurityRuleArgs":
    inward = rule.direction == "ingress"
    peer_type = PEER_TYPES[rule.peer_type or "cidr"]
    return core.NetworkSecurityGroupSecurityRuleArgs(
        network_security_group_id=group_id,
        description=description,
        direction=rule.direction.upper(),
        protocol=PROTOCOLS[rule.protocol],
        source=rule.peer if inward else None,
        source_type=peer_type if inward else None,
        destination=None if inward else rule.peer,
        destination_type=None if inward else peer_type,
        tcp_options=_tcp(rule),
        udp_options=_udp(rule),
        icmp_options=_icmp(rule),
    )


def _tcp(rule: SecurityRuleArgs) -> "core.NetworkSecurityGroupSecurityRuleTcpOptionsArgs | None":
    if rule.protocol != "tcp" or rule.min_port is rule.min_source_port is None:
        return None
    options = core.NetworkSecurityGroupSecurityRuleTcpOptionsArgs()
    if rule.min_port is not None:
        options.destination_port_range = (
            core.NetworkSecurityGroupSecurityRuleTcpOptionsDestinationPortRangeArgs(
                min=rule.min_port, max=rule.max_port or rule.min_port
            )
        )
    if rule.min_source_port is not None:
        options.source_port_range = core.NetworkSecurityGroupSecurityRuleTcpOptionsSourcePortRangeArgs(
            min=rule.min_source_port, max=rule.max_source_port or rule.min_source_port
        )
    return options


def _udp(rule: SecurityRuleArgs) -> "core.NetworkSecurityGroupSecurityRuleUdpOptionsArgs | None":
    if rule.protocol != "udp" or rule.min_port is rule.min_source_port is None:
        return None
    options = core.NetworkSecurityGroupSecurityRuleUdpOptionsArgs()
    if rule.min_port is not None:
        options.destination_port_range = (
            core.NetworkSecurityGroupSecurityRuleUdpOptionsDestinationPortRangeArgs(
                min=rule.min_port, max=rule.max_port or rule.min_port
            )
        )
    if rule.min_source_port is not None:
        options.source_port_range = core.NetworkSecurityGroupSecurityRuleUdpOptionsSourcePortRangeArgs(
            min=rule.min_source_port, max=rule.max_source_port or rule.min_source_port
        )
    return options


def _icmp(rule: SecurityRuleArgs) -> "core.NetworkSecurityGroupSecurityRuleIcmpOptionsArgs | None":
    if rule.icmp_type is None:
        return None
    return core.NetworkSecurityGroupSecurityRuleIcmpOptionsArgs(type=rule.icmp_type, code=rule.icmp_code)
