"""Subnets of the program in a VCN that exists already, with routes to its gateways."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
from pulumi_oci import core

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .cidr_plan import BASTION, UNUSABLE, place_problems, role_problems, size_problems
from .gateways import ANYWHERE, Place, Reach, Targets, all_services, reach_of, route_rules
from .subnets import create_subnets
from .virtual_network import PUBLIC_BY_DEFAULT, hub_problems, label_problems, public_problems

INTERNET, NAT, SERVICE, DRG = "internetGatewayId", "natGatewayId", "serviceGatewayId", "drgId"
"""Keys of the gateways."""

OUTWARD = ("private", "gpu", "pods")
"""Roles that load images and weights from the internet."""

TO_SERVICES = ("private", "gpu", "pods", "api")
"""Roles that call Oracle's services: nodes join the cluster, and the control plane calls OKE."""


@dataclass(frozen=True, kw_only=True)
class AddedSubnetsArgs:
    """Arguments of AddedSubnets."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the subnets. It can be another one than the VCN's."""

    vcn_id: pulumi.Input[str]
    """OCID of the VCN. It is never changed."""

    subnets: Mapping[str, str]
    """CIDRs by role (public, private, gpu, database, api, bastion, loadbalancers, pods), in the VCN's ranges and beside
    its other subnets. OCI refuses others."""

    address_needs: Mapping[str, int] | None = None
    """Usable addresses by role, e.g. nodes times pods per node for pods. OCI reserves 3 of each subnet. Default:
    none."""

    public_subnets: Sequence[str] | None = None
    """Roles whose subnets may assign public addresses and route to the internet gateway. Allowed: public, loadbalancers
    and api. A change replaces the subnet. Default: public and loadbalancers."""

    internet_gateway_id: pulumi.Input[str] | None = None
    """OCID of the VCN's internet gateway. Required for a public role. Default: none."""

    nat_gateway_id: pulumi.Input[str] | None = None
    """OCID of the VCN's NAT gateway. Nodes and pods need it, or a DRG that leads to the internet. Default: none."""

    service_gateway_id: pulumi.Input[str] | None = None
    """OCID of the VCN's service gateway, for all services. The API endpoint needs it without a way to the internet.
    Default: none."""

    drg_id: pulumi.Input[str] | None = None
    """OCID of the dynamic routing gateway that the VCN is attached to. Default: none."""

    drg_cidrs: Sequence[str] | None = None
    """IPv4 ranges behind the DRG, which every subnet routes to it. With 0.0.0.0/0, private subnets reach the internet
    through the DRG. Only with `drg_id`. Default: none."""

    api_cidr: str | None = None
    """CIDR of the Kubernetes API's subnet, which a bastion calls. Required for `bastion` without `api` in `subnets`."""

    dns_labels: Mapping[str, str] | None = None
    """DNS labels by role, unique in the VCN. The VCN must have a label. A change replaces the subnet. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of every resource. Default: none."""


class AddedSubnets(CheckedArgs, pulumi.ComponentResource):
    """Regional subnets in an existing VCN, a route table for each reach, and a security list without rules.

    Public subnets route to the internet gateway, private subnets to the NAT gateway or the DRG and to the service
    gateway, the database subnet only to the service gateway. The VCN, its gateways, and its default route table and
    security list stay as they are. Security groups decide which traffic is allowed.
    """

    subnet_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the subnets by role."""

    subnet_cidrs: pulumi.Output[Mapping[str, str]]
    """CIDRs of the subnets by role."""

    def __init__(self, name: str, args: AddedSubnetsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"the added subnets {name}")
        super().__init__("genai:index:AddedSubnets", name, {}, opts)
        place = Place(
            owner=self,
            name=name,
            compartment_id=args.compartment_id,
            vcn_id=args.vcn_id,
            tags=args.tags,
        )
        public = PUBLIC_BY_DEFAULT if args.public_subnets is None else args.public_subnets
        reaches: dict[str, Reach] = {role: reach_of(role, public) for role in args.subnets}
        tables = _tables(place, args, list(dict.fromkeys(reaches.values())))
        subnets = create_subnets(
            place,
            args.subnets,
            tables={role: tables[reach] for role, reach in reaches.items()},
            public=public,
            no_rules_id=_no_rules(place),
            api_cidr=args.subnets.get("api") or args.api_cidr or "",
            dns_labels=args.dns_labels or {},
        )
        self.subnet_ids = pulumi.Output.all(**subnets)
        self.subnet_cidrs = pulumi.Output.from_input(dict(args.subnets))
        self.register_outputs({"subnetIds": self.subnet_ids, "subnetCidrs": self.subnet_cidrs})


def _tables(
    place: Place, args: AddedSubnetsArgs, reaches: Sequence[Reach]
) -> Mapping[Reach, pulumi.Output[str]]:
    opts = pulumi.InvokeOutputOptions(parent=place.owner)
    service = core.get_services_output(opts=opts).services.apply(all_services)
    rules = route_rules(
        Targets(
            service_cidr=service.cidr_block,
            internet=args.internet_gateway_id,
            outward=args.nat_gateway_id,
            services=args.service_gateway_id,
            hub=args.drg_id,
            hub_cidrs=args.drg_cidrs or (),
        )
    )
    return {reach: place.route_table(reach, rules[reach]) for reach in reaches}


def _no_rules(place: Place) -> pulumi.Output[str]:
    """A list of its own: the VCN's default list is its owner's."""
    args = core.SecurityListArgs(
        compartment_id=place.compartment_id,
        vcn_id=place.vcn_id,
        display_name=f"{place.name}-no-rules",
        freeform_tags=place.tags,
    )
    return core.SecurityList(f"{place.name}-no-rules", args, opts=child(place.owner)).id


def _problems(args: AddedSubnetsArgs, path: str) -> Iterator[Problem]:
    yield from added_subnets_problems(args.subnets, args.address_needs, args.drg_cidrs or (), path=path)
    yield from public_problems(args.public_subnets or (), path=path)
    gateways = {
        INTERNET: args.internet_gateway_id,
        NAT: args.nat_gateway_id,
        SERVICE: args.service_gateway_id,
        DRG: args.drg_id,
    }
    present = [key for key, value in gateways.items() if value is not None]
    public = PUBLIC_BY_DEFAULT if args.public_subnets is None else args.public_subnets
    for key, why in missing_gateways(args.subnets, public, present, args.drg_cidrs or ()).items():
        yield Problem(f"{path}.{key}", None, why)
    if BASTION in args.subnets and "api" not in args.subnets and args.api_cidr is None:
        allowed = "must be set for a bastion, which calls the Kubernetes API"
        yield Problem(f"{path}.apiCidr", None, allowed)
    for role, label in (args.dns_labels or {}).items():
        yield from label_problems(label, path=f"{path}.dnsLabels.{role}")


def added_subnets_problems(
    subnets: Mapping[str, str],
    needs: Mapping[str, int] | None = None,
    drg_cidrs: Sequence[str] = (),
    *,
    path: str,
) -> Iterator[Problem]:
    """Unknown roles; CIDRs that are invalid, reserved, too small or overlap each other; wrong ranges behind the DRG."""
    found = [*role_problems(subnets, f"{path}.subnets")]
    yield from found
    if not found:
        networks = {role: IPv4Network(cidr) for role, cidr in subnets.items()}
        yield from place_problems((), networks, f"{path}.subnets")
        yield from size_problems(networks, needs or {}, f"{path}.subnets")
        for role, network in networks.items():
            if any(network.overlaps(each) for each in UNUSABLE):
                yield Problem(
                    f"{path}.subnets.{role}", str(network), "must not be in a range that OCI reserves"
                )
    yield from hub_problems(drg_cidrs, None, path=path, key="drgCidrs", internet=True)


def missing_gateways(
    roles: Collection[str], public: Collection[str], present: Collection[str], drg_cidrs: Collection[str]
) -> Mapping[str, str]:
    """The keys of the gateways that the roles' subnets need and that are not `present`, with the reason."""
    wanted = {
        INTERNET: [role for role in roles if role in public],
        NAT: [role for role in roles if role in OUTWARD and role not in public],
        SERVICE: [role for role in roles if role in TO_SERVICES and role not in public],
    }
    outward = NAT in present or ANYWHERE in drg_cidrs
    enough = {INTERNET: INTERNET in present, NAT: outward, SERVICE: SERVICE in present or outward}
    why = {
        INTERNET: "have public addresses",
        NAT: "load images and weights from the internet",
        SERVICE: "call Oracle's services",
    }
    found = {
        key: f"must be set: the subnets {', '.join(roles)} {why[key]}"
        for key, roles in wanted.items()
        if roles and not enough[key]
    }
    if drg_cidrs and DRG not in present:
        found[DRG] = "must be set for the ranges behind it"
    return found
