"""Networking: gateways, the services behind them, and routes."""

from typing import Any, Final

from facts.regions import REGIONS
from sandbox.oci.addresses import public_address
from sandbox.oci.cloud import Cloud
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.ids import derived_ocid
from sandbox.oci.lookups import Query, function, lists
from sandbox.oci.provided import provide
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, parse_cidr
from sandbox.oci.rules.references import refers
from sandbox.oci.rules.wording import limit_exceeded

INTERNET: Final = "oci:Core/internetGateway:InternetGateway"
NAT: Final = "oci:Core/natGateway:NatGateway"
SERVICES: Final = "oci:Core/serviceGateway:ServiceGateway"
PEERING: Final = "oci:Core/localPeeringGateway:LocalPeeringGateway"
DRG: Final = "oci:Core/drg:Drg"
ATTACHMENT: Final = "oci:Core/drgAttachment:DrgAttachment"
ROUTES: Final = "oci:Core/routeTable:RouteTable"
DEFAULT_ROUTES: Final = "oci:Core/defaultRouteTable:DefaultRouteTable"
SERVICE = "oci:Core/service:Service"

describe(ATTACHMENT, ready="ATTACHED")
refers(SERVICES, serviceId=(SERVICE,))
lists("oci:Core/getInternetGateways:getInternetGateways", INTERNET, rows="gateways")
lists("oci:Core/getNatGateways:getNatGateways", NAT, rows="natGateways")
lists("oci:Core/getDrgs:getDrgs", DRG, rows="drgs")
lists("oci:Core/getServiceGateways:getServiceGateways", SERVICES, rows="serviceGateways")
lists("oci:Core/getLocalPeeringGateways:getLocalPeeringGateways", PEERING, rows="localPeeringGateways")
lists("oci:Core/getRouteTables:getRouteTables", ROUTES, DEFAULT_ROUTES, rows="routeTables")

_ONCE: Final = {
    INTERNET: "internet-gateway-count",
    NAT: "nat-gateway-count",
    SERVICES: "service-gateway-count",
}


@rule(*_ONCE)
def one_gateway_of_a_kind(call: Call) -> None:
    """400 for a second internet, NAT or service gateway in a VCN."""
    if any(each.token == call.token for each in call.cloud.referrers(str(call.inputs.get("vcnId")))):
        raise limit_exceeded(_ONCE[call.token])


@rule(ROUTES, DEFAULT_ROUTES, on="create update")
def route_rules(call: Call) -> None:
    """400 for an invalid or repeated destination, or a service gateway for a destination that is not a service."""
    seen: set[str] = set()
    for each in blocks(call.inputs, "routeRules"):
        destination = str(each.get("destination") or each.get("cidrBlock") or "")
        kind = str(each.get("destinationType") or "CIDR_BLOCK").upper()
        if kind == "CIDR_BLOCK" and destination:
            parse_cidr(destination)
        if destination in seen:
            raise invalid_parameter(f"Duplicate destination {destination} in the route table.")
        seen.add(destination)
        target = str(each.get("networkEntityId") or "")
        service = target.startswith("ocid1.servicegateway.")
        if target and service != (kind == "SERVICE_CIDR_BLOCK"):
            raise invalid_parameter(
                f"The route target {target} is not valid for a destination of type {kind}: {destination}."
            )


@computed(INTERNET)
def internet_gateway_outputs(context: CreateContext) -> dict[str, Any]:
    return {"enabled": context.inputs.get("enabled", True)}


@computed(NAT)
def nat_gateway_outputs(context: CreateContext) -> dict[str, Any]:
    return {"natIp": context.outputs.get("natIp") or public_address(context.cloud)}


@computed(DRG)
def drg_outputs(context: CreateContext) -> dict[str, Any]:
    names = ("ipsecTunnel", "remotePeeringConnection", "vcn", "virtualCircuit")
    tables = {name: derived_ocid("drgroutetable", context.region, context.id, name) for name in names}
    return {"defaultDrgRouteTables": [tables]}


@rule(ATTACHMENT)
def one_drg_of_a_vcn(call: Call) -> None:
    """409 for a VCN that is attached to a DRG already.

    Source: Oracle's page "Dynamic Routing Gateways": a VCN can be attached to only one DRG at a time. The status and
    the words are unverified.
    """
    vcn = attached_vcn(call.inputs)
    for other in call.cloud.all(ATTACHMENT):
        if vcn and attached_vcn(other.inputs) == vcn:
            raise conflict(f"The VCN {vcn} is already attached to the DRG {other.inputs.get('drgId')}.")


@rule(ROUTES, DEFAULT_ROUTES, on="create update")
def route_to_an_attached_drg(call: Call) -> None:
    """400 for a route to a DRG that the table's VCN is not attached to.

    Source: Oracle's page "Dynamic Routing Gateways": the attachment comes before the route rules. The words are
    unverified. A VCN or a DRG that is only assumed may be attached.
    """
    vcn = str(call.inputs.get("vcnId") or "")
    found = call.cloud.find(vcn)
    every = [each.inputs for each in call.cloud.all(ATTACHMENT)]
    attached = {str(each.get("drgId")) for each in every if attached_vcn(each) == vcn}
    for each in blocks(call.inputs, "routeRules"):
        target = str(each.get("networkEntityId") or "")
        if target.startswith("ocid1.drg.") and found and not found.assumed and target not in attached:
            raise invalid_parameter(f"The route target {target} is not attached to VCN {vcn}.")


def attached_vcn(inputs: dict[str, Any]) -> str:
    """The VCN of a DRG attachment. Empty for an attachment of another network."""
    for details in blocks(inputs, "networkDetails"):
        if str(details.get("type")).upper() == "VCN":
            return str(details.get("id"))
    return str(inputs.get("vcnId") or "")


@computed(ATTACHMENT)
def attachment_outputs(context: CreateContext) -> dict[str, Any]:
    drg = context.cloud.find(str(context.inputs.get("drgId")))
    # The compartment of a DRG that is only assumed to exist is unknown.
    compartment = (drg and drg.compartment_id) or context.tenancy
    return {"vcnId": attached_vcn(context.inputs), "compartmentId": compartment}


@function("oci:Core/getDrgAttachments:getDrgAttachments")
def drg_attachments(query: Query) -> dict[str, Any]:
    """The attachments of a compartment, of one VCN or of one DRG."""
    every = query.cloud.all(ATTACHMENT, region=query.region)
    wanted = {name: query.args.get(name) for name in ("compartmentId", "drgId")}
    rows = [
        each.outputs
        for each in every
        if all(value in (None, each.outputs.get(name)) for name, value in wanted.items())
        and query.args.get("vcnId") in (None, attached_vcn(each.inputs))
    ]
    return {"drgAttachments": rows}


def reachable_services(cloud: Cloud, region: str) -> list[dict[str, Any]]:
    """The services that a service gateway can reach: object storage alone, or all services."""
    key = REGIONS[region].key.lower()
    found = (
        (f"OCI {key.upper()} Object Storage", f"oci-{key}-objectstorage"),
        (
            f"All {key.upper()} Services In Oracle Services Network",
            f"all-{key}-services-in-oracle-services-network",
        ),
    )
    return [
        {"id": provide(cloud, SERVICE, region, name), "name": name, "description": name, "cidrBlock": label}
        for name, label in found
    ]


@function("oci:Core/getServices:getServices")
def gateway_services(query: Query) -> dict[str, Any]:
    return {"services": reachable_services(query.cloud, query.region)}
