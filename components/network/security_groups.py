"""The platform's security groups, which refer to each other."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from components.options import child
from facts.checked_args import CheckedArgs
from facts.limits import NSG_RULES
from facts.ports import (
    ALLOWED,
    BASTION_RULES,
    CLIENT_PORTS,
    FILE_STORAGE_RULES,
    LUSTRE_RULES,
    RULES,
    SERVICES,
    PortRule,
    database_rules,
)
from facts.problem import Problem, refuse

from .cidr_plan import cidr_problems
from .security_group import SecurityGroup, SecurityGroupArgs, SecurityRuleArgs


@dataclass(frozen=True, kw_only=True)
class SecurityGroupsArgs:
    """Arguments of a SecurityGroups."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the groups."""

    vcn_id: pulumi.Input[str]
    """OCID of the VCN. A change replaces the groups."""

    subnet_cidrs: pulumi.Input[Mapping[str, str]]
    """CIDRs of the VCN's subnets by role, from VirtualNetwork. Some rules allow a whole subnet."""

    service_cidr: pulumi.Input[str]
    """Label of the region's Oracle services, from VirtualNetwork."""

    allowed_cidrs: Sequence[str] | None = None
    """IPv4 CIDRs, inside or outside the VCN, that may reach the Kubernetes API endpoint. Default: none."""

    bastion: bool | None = None
    """Whether the subnet `bastion` contains a bastion, which may reach the API endpoint. Default: no."""

    file_storage: bool | None = None
    """Whether to create a group for mount targets of File Storage, and allow worker nodes to mount them. Default:
    no."""

    lustre: bool | None = None
    """Whether to create a group for Lustre file systems, and allow worker nodes to mount them. Default: no."""

    databases: Sequence[str] | None = None
    """Databases that nodes and pods may call: `Oracle Database`, `PostgreSQL`, `Redis`, `OpenSearch`,
    `OpenSearch Dashboards`, `Streaming`. Default: none."""

    existing_api: bool | None = None
    """Whether the API endpoint is an existing one, with groups of its own: there is no group `api`, and the other
    groups name its subnet. Default: no."""

    subnets: Sequence[str] | None = None
    """Roles of the subnets that exist. Rules for the subnet of another role are left out. Default: all roles."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the groups. Default: none."""


class SecurityGroups(CheckedArgs, pulumi.ComponentResource):
    """One security group per kind of member: frontend, backend, gpu, database, api, worker, pod, loadbalancer.

    The rules are the complete port table of the platform and OKE. Pods have their own group. A GPU node has the groups
    `worker` and `gpu`.
    """

    group_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the groups by name."""

    def __init__(
        self, name: str, args: SecurityGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        table = port_table(
            file_storage=bool(args.file_storage),
            lustre=bool(args.lustre),
            databases=args.databases or (),
            bastion=bool(args.bastion),
            subnets=args.subnets,
            existing_api=bool(args.existing_api),
        )
        problems = security_groups_problems(args.allowed_cidrs, args.databases, table, path=name)
        refuse(problems, f"the security groups {name}")
        super().__init__("genai:index:SecurityGroups", name, {}, opts)

        # Groups refer to each other, so all groups are created before the first rule. With a promised id instead, the
        # run would wait forever if the group is refused.
        made = {group: self._group(f"{name}-{group}", args) for group in _groups(table)}
        ids = {group: each.group_id for group, each in made.items()}
        for group, each in made.items():
            rules = dict(_rules_of([rule for rule in table if rule.group == group], args, ids))
            each.add_rules(f"{name}-{group}", rules)

        self.group_ids = pulumi.Output.all(**{group: each.group_id for group, each in made.items()})
        self.register_outputs({"groupIds": self.group_ids})

    def _group(self, name: str, args: SecurityGroupsArgs) -> SecurityGroup:
        empty = SecurityGroupArgs(
            compartment_id=args.compartment_id, vcn_id=args.vcn_id, rules={}, tags=args.tags
        )
        return SecurityGroup(name, empty, opts=child(self))


def port_table(
    *,
    file_storage: bool = False,
    lustre: bool = False,
    databases: Sequence[str] = (),
    bastion: bool = False,
    subnets: Collection[str] | None = None,
    existing_api: bool = False,
) -> tuple[PortRule, ...]:
    """The rules of every group of a stack. `subnets`: the roles that have a subnet; None for all roles.

    `existing_api`: the API endpoint has groups of its own, so rules name its subnet.
    """
    storage = FILE_STORAGE_RULES if file_storage else ()
    called = [database for database in CLIENT_PORTS if database in databases]
    way_in = BASTION_RULES if bastion else ()
    table = (*RULES, *way_in, *storage, *(LUSTRE_RULES if lustre else ()), *database_rules(called))
    if existing_api:
        table = tuple(_to_existing_api(rule) for rule in table if rule.group != "api")
    return tuple(rule for rule in table if subnets is None or _role(rule) in (None, *subnets))


def _to_existing_api(rule: PortRule) -> PortRule:
    return replace(rule, peer="subnet:api") if rule.peer == "group:api" else rule


def _role(rule: PortRule) -> str | None:
    """The role of the subnet that a rule lets in. None for another peer."""
    kind, _, role = rule.peer.partition(":")
    return role if kind == "subnet" else None


def security_groups_problems(
    allowed_cidrs: Sequence[str] | None,
    databases: Sequence[str] | None = None,
    table: Sequence[PortRule] = RULES,
    *,
    path: str,
) -> Iterator[Problem]:
    """Invalid CIDRs, duplicate CIDRs, more CIDRs than a group can have, and unknown databases."""
    allowed = list(allowed_cidrs or ())
    for index, database in enumerate(databases or ()):
        if database not in CLIENT_PORTS:
            yield Problem.not_one_of(f"{path}.databases[{index}]", database, CLIENT_PORTS)
    for index, cidr in enumerate(allowed):
        at = f"{path}.allowedCidrs[{index}]"
        yield from cidr_problems(cidr, path=at)
        if cidr in allowed[:index]:
            yield Problem(at, cidr, "must not be repeated")
    room = _room(table)
    if len(allowed) > room:
        fix = f"A security group can have {NSG_RULES} rules, and the platform needs some: combine adjacent ranges"
        yield Problem(f"{path}.allowedCidrs", len(allowed), f"must be {room} CIDRs or fewer", fix)


def _room(table: Sequence[PortRule]) -> int:
    """Most CIDRs that can be allowed. Each CIDR adds one rule per rule of a group that allows them."""
    found: list[int] = []
    for group in _groups(table):
        rules = [rule for rule in table if rule.group == group]
        each = sum(rule.peer == ALLOWED for rule in rules)
        if each:
            found.append((NSG_RULES - len(rules) + each) // each)
    return min(found, default=NSG_RULES)


def _groups(table: Sequence[PortRule]) -> list[str]:
    return list(dict.fromkeys(rule.group for rule in table))


def _rules_of(
    table: Sequence[PortRule], args: SecurityGroupsArgs, ids: Mapping[str, pulumi.Output[str]]
) -> Iterator[tuple[str, SecurityRuleArgs]]:
    for rule in table:
        if rule.peer == ALLOWED:
            for cidr in args.allowed_cidrs or ():
                yield f"{rule.description}: {cidr}", _rule(rule, cidr, "cidr")
        else:
            yield rule.description, _rule(rule, *_peer(rule.peer, args, ids))


def _peer(
    peer: str, args: SecurityGroupsArgs, ids: Mapping[str, pulumi.Output[str]]
) -> tuple[pulumi.Input[str], str]:
    kind, _, which = peer.partition(":")
    if peer == SERVICES:
        return args.service_cidr, "services"
    if kind == "group":
        return ids[which], "group"
    if kind == "subnet":
        return pulumi.Output.from_input(args.subnet_cidrs).apply(lambda cidrs: cidrs[which]), "cidr"
    return which, "cidr"


def _rule(rule: PortRule, peer: pulumi.Input[str], peer_type: str) -> SecurityRuleArgs:
    first, last = rule.ports or (None, None)
    first_source, last_source = rule.source_ports or (None, None)
    icmp_type, icmp_code = rule.icmp or (None, None)
    return SecurityRuleArgs(
        direction=rule.direction,
        protocol=rule.protocol,
        peer=peer,
        peer_type=peer_type,
        min_port=first,
        max_port=last,
        min_source_port=first_source,
        max_source_port=last_source,
        icmp_type=icmp_type,
        icmp_code=icmp_code,
    )
