"""Gateways and route tables of a VCN: internet access, egress of private subnets, and access to Oracle's services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi
from pulumi_oci import core

from components.options import child, refuse_late
from facts.problem import Problem

if TYPE_CHECKING:
    from pulumi_oci.core import outputs

ANYWHERE = "0.0.0.0/0"

Reach = Literal["public", "private", "service"]
"""What a route table leads to: the internet both ways, the internet outward with Oracle's services, or those alone."""


def reach_of(role: str, public: Sequence[str]) -> Reach:
    """The reach of a role's subnet. `public`: the roles with public addresses."""
    if role in public:
        return "public"
    return "service" if role == "database" else "private"


@dataclass(frozen=True, kw_only=True)
class Gateways:
    """Route tables by their reach, and the outputs of the gateways."""

    public_routes: pulumi.Output[str]
    """Egress and ingress through the internet gateway."""

    private_routes: pulumi.Output[str]
    """Egress through the NAT gateway; access to Oracle's services through the service gateway."""

    service_routes: pulumi.Output[str]
    """Access only to Oracle's services."""

    service_cidr: pulumi.Output[str]
    nat_ip: pulumi.Output[str]

    def routes_of(self, role: str, public: Sequence[str]) -> pulumi.Output[str]:
        """OCID of the route table for a role's subnet."""
        tables = {
            "public": self.public_routes,
            "private": self.private_routes,
            "service": self.service_routes,
        }
        return tables[reach_of(role, public)]


def create_gateways(
    owner: pulumi.Resource,
    name: str,
    *,
    compartment_id: pulumi.Input[str],
    vcn_id: pulumi.Input[str],
    tags: pulumi.Input[Mapping[str, str]] | None,
    drg_id: pulumi.Input[str] | None = None,
    hub_cidrs: Sequence[str] = (),
) -> Gateways:
    """Three gateways and three route tables, as children of `owner`. With a DRG, also its attachment, and routes to the
    hub's ranges in each table."""
    place = Place(owner=owner, name=name, compartment_id=compartment_id, vcn_id=vcn_id, tags=tags)
    service = core.get_services_output(opts=pulumi.InvokeOutputOptions(parent=owner)).services.apply(
        all_services
    )
    nat = place.nat_gateway()
    # The attachment's own output: a route to a DRG is refused before the VCN is attached to it.
    hub = place.attachment(drg_id).drg_id if drg_id is not None else None
    rules = route_rules(
        Targets(
            outward=nat.id,
            services=place.service_gateway(service.id).id,
            service_cidr=service.cidr_block,
            internet=place.internet_gateway().id,
            hub=hub,
            hub_cidrs=hub_cidrs,
        )
    )
    return Gateways(
        public_routes=place.route_table("public", rules["public"]),
        private_routes=place.route_table("private", rules["private"]),
        service_routes=place.route_table("service", rules["service"]),
        service_cidr=service.cidr_block,
        nat_ip=nat.nat_ip,
    )


@dataclass(frozen=True, kw_only=True)
class Targets:
    """The gateways that routes lead to; None without one."""

    service_cidr: pulumi.Input[str]
    internet: pulumi.Input[str] | None = None
    outward: pulumi.Input[str] | None = None
    """The NAT gateway."""

    services: pulumi.Input[str] | None = None
    hub: pulumi.Input[str] | None = None
    hub_cidrs: Sequence[str] = ()
    """Ranges behind the DRG. The whole internet is only for private subnets, in place of the NAT gateway."""


def route_rules(targets: Targets) -> "Mapping[Reach, Sequence[core.RouteTableRouteRuleArgs]]":
    """The rules of a route table for each reach."""
    hub_cidrs = targets.hub_cidrs if targets.hub is not None else ()
    outward = targets.hub if ANYWHERE in hub_cidrs else targets.outward
    kind, label = "SERVICE_CIDR_BLOCK", "Oracle services of the region"
    internet = _routes(ANYWHERE, targets.internet, "internet")
    out = _routes(ANYWHERE, outward, "internet, outward")
    services = _routes(targets.service_cidr, targets.services, label, kind)
    to_hub = [each for cidr in hub_cidrs if cidr != ANYWHERE for each in _routes(cidr, targets.hub, "hub")]
    return {
        "public": [*internet, *to_hub],
        "private": [*out, *services, *to_hub],
        "service": [*services, *to_hub],
    }


@dataclass(frozen=True, kw_only=True)
class Place:
    """The location and common values of the gateways."""

    owner: pulumi.Resource
    name: str
    compartment_id: pulumi.Input[str]
    vcn_id: pulumi.Input[str]
    tags: pulumi.Input[Mapping[str, str]] | None

    def internet_gateway(self) -> "core.InternetGateway":
        args = core.InternetGatewayArgs(
            compartment_id=self.compartment_id,
            vcn_id=self.vcn_id,
            display_name=f"{self.name}-internet",
            freeform_tags=self.tags,
        )
        return core.InternetGateway(f"{self.name}-internet", args, opts=child(self.owner))

    def nat_gateway(self) -> "core.NatGateway":
        args = core.NatGatewayArgs(
            compartment_id=self.compartment_id,
            vcn_id=self.vcn_id,
            display_name=f"{self.name}-nat",
            freeform_tags=self.tags,
        )
        return core.NatGateway(f"{self.name}-nat", args, opts=child(self.owner))

    def service_gateway(self, service_id: pulumi.Input[str]) -> "core.ServiceGateway":
        args = core.ServiceGatewayArgs(
            compartment_id=self.compartment_id,
            vcn_id=self.vcn_id,
            display_name=f"{self.name}-services",
            services=[core.ServiceGatewayServiceArgs(service_id=service_id)],
            freeform_tags=self.tags,
        )
        return core.ServiceGateway(f"{self.name}-services", args, opts=child(self.owner))

    def attachment(self, drg_id: pulumi.Input[str]) -> "core.DrgAttachment":
        args = core.DrgAttachmentArgs(
            drg_id=drg_id,
            display_name=f"{self.name}-hub",
            network_details=core.DrgAttachmentNetworkDetailsArgs(id=self.vcn_id, type="VCN"),
            freeform_tags=self.tags,
        )
        # Another DRG replaces the attachment, and a VCN has only one.
        opts = child(self.owner, pulumi.ResourceOptions(delete_before_replace=True))
        return core.DrgAttachment(f"{self.name}-hub", args, opts=opts)

    def route_table(self, kind: str, rules: "Sequence[core.RouteTableRouteRuleArgs]") -> pulumi.Output[str]:
        args = core.RouteTableArgs(
            compartment_id=self.compartment_id,
            vcn_id=self.vcn_id,
            display_name=f"{self.name}-{kind}-routes",
            route_rules=rules,
            freeform_tags=self.tags,
        )
        return core.RouteTable(f"{self.name}-{kind}-routes", args, opts=child(self.owner)).id


def all_services(found: "Sequence[outputs.GetServicesServiceResult]") -> "outputs.GetServicesServiceResult":
    """The entry for all services of a region. The other entry is for Object Storage alone."""
    every = [service for service in found if service.cidr_block.startswith("all-")]
    if len(every) != 1:
        names = ", ".join(service.cidr_block for service in found) or "none"
        fix = "A service gateway needs one label for all of them: ask Oracle why the region does not list exactly one"
        refuse_late(
            [Problem("network", names, "must contain one label for all services", fix)],
            "the region's services",
        )
    return every[0]


def _routes(
    destination: pulumi.Input[str],
    gateway: pulumi.Input[str] | None,
    description: str,
    kind: str = "CIDR_BLOCK",
) -> "list[core.RouteTableRouteRuleArgs]":
    """One route; none without a gateway."""
    if gateway is None:
        return []
    args = core.RouteTableRouteRuleArgs(
        destination=destination, destination_type=kind, network_entity_id=gateway, description=description
    )
    return [args]
