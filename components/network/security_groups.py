"""The platform's security groups, which refer to each other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.options import child
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
    """What a SecurityGroups is made of."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment that holds the groups."""

    vcn_id: pulumi.Input[str]
    """OCID of the VCN. A change replaces the groups."""

    subnet_cidrs: pulumi.Input[Mapping[str, str]]
    """CIDRs of the VCN's subnets by role, as VirtualNetwork gives them: some rules let in a whole subnet."""

    service_cidr: pulumi.Input[str]
    """Label of the region's Oracle services, as VirtualNetwork gives it."""

    allowed_cidrs: Sequence[str] | None = None
    """IPv4 CIDRs that may reach the Kubernetes API endpoint, of the VCN or from outside. Default: none."""

    bastion: bool | None = None
    """Whether a bastion stands in the subnet `bastion`, and may reach the API endpoint from there. Default: no."""

    file_storage: bool | None = None
    """Whether to make a group for mount targets of File Storage, and let worker nodes mount. Default: no."""

    lustre: bool | None = None
    """Whether to make a group for Lustre file systems, and let worker nodes mount. Default: no."""

    databases: Sequence[str] | None = None
    """Databases that nodes and pods may call: `Oracle Database`, `PostgreSQL`, `Redis`, `OpenSearch`,
    `OpenSearch Dashboards`, `Streaming`. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the groups. Default: none."""


class SecurityGroups(pulumi.ComponentResource):
    """One security group a kind of member: frontend, backend, gpu, database, api, worker, pod, loadbalancer.

    The rules are the platform's and OKE's complete port table. Pods carry a group of their own; a GPU node
    carries `worker` and `gpu`.
    """

    group_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the groups by name."""

    def __init__(
        self, name: str, args: SecurityGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        problems = security_groups_problems(args.allowed_cidrs, args.databases, path=name)
        refuse(problems, f"the security groups {name}")
        super().__init__("genai:index:SecurityGroups", name, {}, opts)

        table = port_table(
            file_storage=bool(args.file_storage),
            lustre=bool(args.lustre),
            databases=args.databases or (),
            bastion=bool(args.bastion),
        )
        names = list(dict.fromkeys(rule.group for rule in table))
        # Two groups may each name the other, so a rule refers to a group that is made later.
        promised = {group: _promise() for group in names}
        ids = {group: output for group, (output, _) in promised.items()}
        made = {
            group: SecurityGroup(
                f"{name}-{group}",
                SecurityGroupArgs(
                    compartment_id=args.compartment_id,
                    vcn_id=args.vcn_id,
                    rules=dict(_rules_of([rule for rule in table if rule.group == group], args, ids)),
                    tags=args.tags,
                ),
                opts=child(self),
            )
            for group in names
        }
        for group, (_, resolve) in promised.items():
            resolve(made[group].group_id)

        self.group_ids = pulumi.Output.all(**{group: each.group_id for group, each in made.items()})
        self.register_outputs({"groupIds": self.group_ids})


def port_table(
    *,
    file_storage: bool = False,
    lustre: bool = False,
    databases: Sequence[str] = (),
    bastion: bool = False,
) -> tuple[PortRule, ...]:
    """The rules of every group that a stack has."""
    storage = FILE_STORAGE_RULES if file_storage else ()
    called = [database for database in CLIENT_PORTS if database in databases]
    way_in = BASTION_RULES if bastion else ()
    return (*RULES, *way_in, *storage, *(LUSTRE_RULES if lustre else ()), *database_rules(called))


def security_groups_problems(
    allowed_cidrs: Sequence[str] | None, databases: Sequence[str] | None = None, *, path: str
) -> Iterator[Problem]:
    """CIDRs that are none, or that stand twice, and databases that are none."""
    for index, database in enumerate(databases or ()):
        if database not in CLIENT_PORTS:
            yield Problem.not_one_of(f"{path}.databases[{index}]", database, CLIENT_PORTS)
    for index, cidr in enumerate(allowed_cidrs or ()):
        at = f"{path}.allowedCidrs[{index}]"
        yield from cidr_problems(cidr, path=at)
        if cidr in list(allowed_cidrs or ())[:index]:
            yield Problem(at, cidr, "must stand here once")


def _promise() -> tuple[pulumi.Output[str], Callable[[pulumi.Output[str]], None]]:
    return pulumi.deferred_output()


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
