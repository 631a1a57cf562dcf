"""Gateways and route tables of a VCN: internet access, egress of private subnets, and access to Oracle's services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_oci import core

from components.options import child, refuse_late
from facts.problem import Problem

if TYPE_CHECKING:
    from pulumi_oci.core import outputs

_ANYWHERE = "0.0.0.0/0"


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
        if role in public:
            return self.public_routes
        return self.service_routes if role == "database" else self.private_routes


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
    place = _Place(owner=owner, name=name, compartment_id=compartment_id, vcn_id=vcn_id, tags=tags)
    service = core.get_services_output(opts=pulumi.InvokeOutputOptions(parent=owner)).services.apply(
        all_services
    )
    nat = place.nat_gateway()
    outward = _route(_ANYWHERE, nat.id, "internet, outward")
    to_services = _route(
        service.cidr_block,
        place.service_gateway(service.id).id,
        "Oracle services of the region",
        "SERVICE_CIDR_BLOCK",
    )
    internet = _route(_ANYWHERE, place.internet_gateway().id, "internet")
    # The attachment's own output: a route to a DRG is refused before the VCN is attached to it.
    hub = place.attachment(drg_id).drg_id if drg_id is not None else None
    to_hub = [_route(cidr, hub, "hub") for cidr in hub_cidrs] if hub is not None else []
    return Gateways(
        public_routes=place.route_table("public", [internet, *to_hub]),
        private_routes=place.route_table("private", [outward, to_services, *to_hub]),
        service_routes=place.route_table("service", [to_services, *to_hub]),
        service_cidr=service.cidr_block,
        nat_ip=nat.nat_ip,
    )


@dataclass(frozen=True, kw_only=True)
class _Place:
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
        return core.DrgAttachment(f"{self.name}-hub", args, opts=child(self.owner))

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


def _route(
    destination: pulumi.Input[str], gateway: pulumi.Input[str], description: str, kind: str = "CIDR_BLOCK"
) -> "core.RouteTableRouteRuleArgs":
    return core.RouteTableRouteRuleArgs(
        destination=destination, destination_type=kind, network_entity_id=gateway, description=description
    )
