"""Networking: its types of resources in OCI's REST API."""

from typing import Any, Final

from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import changed, required
from sandbox.oci.api.looking_up import looks_up
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import conflict, not_found
from sandbox.oci.model import Entry
from sandbox.oci.services.network.addresses import ADDRESS, PUBLIC
from sandbox.oci.services.network.gateways import INTERNET, NAT, ROUTES
from sandbox.oci.services.network.ranges import SUBNET, VCN
from sandbox.oci.services.network.security import GROUP, LIST

NETWORK: Final = "core.VirtualNetworkClient"
_SERVICE_GATEWAY: Final = "oci:Core/serviceGateway:ServiceGateway"

_PORTS: Final = {
    f"{side}SecurityRules.{protocol}Options.destinationPortRange": "."
    for side in ("ingress", "egress")
    for protocol in ("tcp", "udp")
}
"""In a security list the provider has a rule's ports where the API has a range around them."""

endpoint(VCN, NETWORK, "vcn")
endpoint(SUBNET, NETWORK, "subnet")
endpoint(ROUTES, NETWORK, "route_table", also=("oci:Core/defaultRouteTable:DefaultRouteTable",))
endpoint(
    LIST, NETWORK, "security_list", also=("oci:Core/defaultSecurityList:DefaultSecurityList",), names=_PORTS
)
endpoint(
    "oci:Core/dhcpOptions:DhcpOptions",
    NETWORK,
    "dhcp_options",
    plural="dhcp_options",
    also=("oci:Core/defaultDhcpOptions:DefaultDhcpOptions",),
)
endpoint(INTERNET, NETWORK, "internet_gateway")
endpoint(NAT, NETWORK, "nat_gateway")
endpoint(_SERVICE_GATEWAY, NETWORK, "service_gateway", unset={"blockTraffic": False})
endpoint("oci:Core/localPeeringGateway:LocalPeeringGateway", NETWORK, "local_peering_gateway")
endpoint("oci:Core/drg:Drg", NETWORK, "drg")
endpoint("oci:Core/drgAttachment:DrgAttachment", NETWORK, "drg_attachment")
endpoint(GROUP, NETWORK, "network_security_group")
endpoint(ADDRESS, NETWORK, "private_ip")
endpoint(PUBLIC, NETWORK, "public_ip")
endpoint("oci:Core/captureFilter:CaptureFilter", NETWORK, "capture_filter")
looks_up(NETWORK, "list_services", "oci:Core/getServices:getServices", rows="services")


@answers(NETWORK, "get_service")
def get_service(request: Request) -> Response:
    """One of Oracle's services that a service gateway reaches."""
    found = request.operations.invoke(request.account, "oci:Core/getServices:getServices", {})
    rows = found["services"] if isinstance(found, dict) else []
    for each in rows:
        if each["id"] == request.path["serviceId"]:
            return Response(
                body={name: each.get(name, "") for name in ("cidrBlock", "description", "id", "name")}
            )
    raise not_found(request.path["serviceId"])


@answers(NETWORK, "private_ip_vnic_detach")
def detach_address(request: Request) -> Response:
    """Take a reserved private address from its VNIC. 409 for another address (unverified)."""
    found = endpoint_of(ADDRESS)

    def without(address: Entry) -> dict[str, Any]:
        shown = address.outputs
        if not shown.get("isReserved") or shown.get("ipState") != "ASSIGNED":
            raise conflict(f"{address.id} is not a reserved address of a VNIC.", "IncorrectState")
        return {"vnicId": "", "subnetId": shown.get("subnetId"), "ipAddress": shown["ipAddress"]}

    return changed(found, request, required(found, request), without)


@answers(NETWORK, "attach_service_id", "detach_service_id")
def change_services(request: Request) -> Response:
    """Let a service gateway reach one more service, or one less."""
    found, service = endpoint_of(_SERVICE_GATEWAY), request.body["serviceId"]
    detaching = request.operation.name == "DetachServiceId"

    def services(gateway: Entry) -> dict[str, Any]:
        known = [each["serviceId"] for each in gateway.inputs.get("services") or ()]
        if detaching and service not in known:
            raise not_found(service)
        kept = [each for each in known if each != service] + ([] if detaching else [service])
        return {"services": [{"serviceId": each} for each in kept]}

    return changed(found, request, required(found, request), services)
