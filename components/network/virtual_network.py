"""A VCN with its subnets, gateways and routes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
from pulumi_oci import core

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .cidr_plan import UNUSABLE, cidr_problems, plan_problems, plan_subnets, vcn_problems
from .gateways import Gateways, Place, create_gateways
from .subnets import create_subnets

MAY_BE_PUBLIC = ("public", "loadbalancers", "api")
"""Roles whose subnets may have public addresses."""

PUBLIC_BY_DEFAULT = ("public", "loadbalancers")

_DNS_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9]{0,14}")


@dataclass(frozen=True, kw_only=True)
class VirtualNetworkArgs:
    """Arguments of a VirtualNetwork."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the network."""

    cidr: str
    """IPv4 CIDR of the VCN, from /16 to the smallest network with room for all subnets (a /25 without needs)."""

    dns_label: str
    """DNS label of the VCN: a letter, then letters and digits, 15 characters at most. A change replaces the VCN."""

    subnets: Mapping[str, str] | None = None
    """Explicit CIDRs by role (public, private, gpu, database, api, loadbalancers, pods, and bastion if there is
    one): some of them, or a whole plan that was made before. Default: planned."""

    address_needs: Mapping[str, int] | None = None
    """Usable addresses by role, e.g. nodes times pods per node for pods. OCI reserves 3 of each subnet. An entry
    `bastion` creates the subnet of a bastion. Default: none."""

    public_subnets: Sequence[str] | None = None
    """Roles whose subnets may assign public addresses and route to the internet gateway. Allowed: public, loadbalancers
    and api. A change replaces the subnet. Default: public and loadbalancers."""

    drg_id: pulumi.Input[str] | None = None
    """OCID of a dynamic routing gateway to attach the VCN to. Default: none."""

    hub_cidrs: Sequence[str] | None = None
    """IPv4 ranges behind the DRG, which every subnet routes to it. Only with `drg_id`. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of every resource. Default: none."""


class VirtualNetwork(CheckedArgs, pulumi.ComponentResource):
    """A VCN with its regional subnets, with internet, NAT and service gateways, and with a route table for each reach.

    Public subnets route to the internet gateway, private subnets to the NAT and service gateways, the database subnet
    only to the service gateway. The default security list is empty: security groups decide which traffic is allowed.
    A bastion's endpoint cannot have a group, so its subnet has its own list, which allows only egress to the Kubernetes
    API.
    """

    vcn_id: pulumi.Output[str]
    """OCID of the VCN."""

    subnet_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the subnets by role."""

    subnet_cidrs: pulumi.Output[Mapping[str, str]]
    """CIDRs of the subnets by role."""

    service_cidr: pulumi.Output[str]
    """Label of the region's Oracle services in security rules:
    all-iad-services-in-oracle-services-network in Ashburn."""

    nat_ip: pulumi.Output[str]
    """Public address from which private subnets reach the internet, for allow lists of other parties."""

    def __init__(
        self, name: str, args: VirtualNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"the virtual network {name}")
        super().__init__("genai:index:VirtualNetwork", name, {}, opts)
        cidrs = plan_subnets(args.cidr, args.subnets, args.address_needs)
        vcn = _create_vcn(self, name, args)
        place = Place(
            owner=self, name=name, compartment_id=args.compartment_id, vcn_id=vcn.vcn_id, tags=args.tags
        )
        subnets = _create_subnets(place, args, cidrs, vcn)

        self.vcn_id = vcn.vcn_id
        self.subnet_ids = pulumi.Output.all(**subnets)
        self.subnet_cidrs = pulumi.Output.from_input(dict(cidrs))
        self.service_cidr = vcn.gateways.service_cidr
        self.nat_ip = vcn.gateways.nat_ip
        self.register_outputs(
            {
                "vcnId": self.vcn_id,
                "subnetIds": self.subnet_ids,
                "subnetCidrs": self.subnet_cidrs,
                "serviceCidr": self.service_cidr,
                "natIp": self.nat_ip,
            }
        )


@dataclass(frozen=True, kw_only=True)
class _Vcn:
    vcn_id: pulumi.Output[str]
    no_rules_id: pulumi.Output[str]
    """The default security list without rules."""

    gateways: Gateways


def _create_vcn(owner: pulumi.Resource, name: str, args: VirtualNetworkArgs) -> _Vcn:
    vcn = core.Vcn(
        f"{name}-vcn",
        core.VcnArgs(
            compartment_id=args.compartment_id,
            cidr_blocks=[args.cidr],
            display_name=name,
            dns_label=args.dns_label,
            freeform_tags=args.tags,
        ),
        opts=child(owner),
    )
    no_rules = core.DefaultSecurityList(
        f"{name}-no-rules",
        core.DefaultSecurityListArgs(
            manage_default_resource_id=vcn.default_security_list_id,
            compartment_id=args.compartment_id,
            display_name=f"{name}-no-rules",
            freeform_tags=args.tags,
        ),
        opts=child(owner),
    )
    gateways = create_gateways(
        owner,
        name,
        compartment_id=args.compartment_id,
        vcn_id=vcn.id,
        tags=args.tags,
        drg_id=args.drg_id,
        hub_cidrs=args.hub_cidrs or (),
    )
    return _Vcn(vcn_id=vcn.id, no_rules_id=no_rules.id, gateways=gateways)


def _create_subnets(
    place: Place, args: VirtualNetworkArgs, cidrs: Mapping[str, str], vcn: _Vcn
) -> dict[str, pulumi.Output[str]]:
    public = PUBLIC_BY_DEFAULT if args.public_subnets is None else args.public_subnets
    return create_subnets(
        place,
        cidrs,
        tables={role: vcn.gateways.routes_of(role, public) for role in cidrs},
        public=public,
        no_rules_id=vcn.no_rules_id,
        api_cidr=cidrs["api"],
        dns_labels={role: role for role in cidrs},
    )


def _problems(args: VirtualNetworkArgs, path: str) -> Iterator[Problem]:
    yield from virtual_network_problems(
        args.cidr, args.dns_label, args.subnets, args.address_needs, args.public_subnets, path=path
    )
    if args.hub_cidrs:
        vcn = None if [*vcn_problems(args.cidr, path="")] else args.cidr
        yield from hub_problems(args.hub_cidrs, vcn, path=path)
        if args.drg_id is None:
            yield Problem(f"{path}.hubCidrs", [*args.hub_cidrs], "must not be set without drgId")


def hub_problems(
    hub_cidrs: Sequence[str],
    vcn_cidr: str | None,
    *,
    path: str,
    key: str = "hubCidrs",
    internet: bool = False,
) -> Iterator[Problem]:
    """Ranges of a hub that are invalid or reserved, overlap each other or the VCN, or contain the internet.

    `internet`: the whole internet may be behind the hub.
    """
    seen: list[IPv4Network] = []
    for index, cidr in enumerate(hub_cidrs):
        at = f"{path}.{key}[{index}]"
        malformed = [*cidr_problems(cidr, path=at)]
        yield from malformed
        if malformed:
            continue
        network = IPv4Network(cidr)
        if network.prefixlen == 0 and internet:
            continue
        if network.prefixlen == 0:
            fix = "Name the ranges behind the DRG: the NAT gateway is the way to the internet"
            yield Problem(at, cidr, "must not be the whole internet", fix)
        elif any(network.overlaps(each) for each in UNUSABLE):
            yield Problem(at, cidr, "must not be in a range that OCI reserves")
        elif vcn_cidr and network.overlaps(IPv4Network(vcn_cidr)):
            yield Problem(at, cidr, f"must not overlap the VCN, {vcn_cidr}")
        elif any(network.overlaps(each) for each in seen):
            yield Problem(at, cidr, "must not overlap another range")
        seen.append(network)


def virtual_network_problems(
    cidr: str,
    dns_label: str,
    subnets: Mapping[str, str] | None = None,
    address_needs: Mapping[str, int] | None = None,
    public_subnets: Sequence[str] | None = None,
    *,
    path: str,
) -> Iterator[Problem]:
    """Addresses that do not fit, an invalid label, and subnets that must not be public."""
    yield from plan_problems(cidr, subnets, address_needs, path=path)
    yield from label_problems(dns_label, path=f"{path}.dnsLabel")
    yield from public_problems(public_subnets or (), path=path)


def label_problems(dns_label: str, *, path: str) -> Iterator[Problem]:
    """A text that is not a DNS label of OCI."""
    if not _DNS_LABEL.fullmatch(dns_label):
        yield Problem(path, dns_label, "must be a letter, then letters and digits, 15 characters at most")


def public_problems(public_subnets: Sequence[str], *, path: str) -> Iterator[Problem]:
    """Subnets that must not be public."""
    for role in public_subnets:
        if role not in MAY_BE_PUBLIC:
            allowed = f"must contain only {', '.join(MAY_BE_PUBLIC)}"
            yield Problem(
                f"{path}.publicSubnets", role, allowed, "Nodes, pods and databases are never public"
            )
