"""What the networking service refuses."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service

ADDRESS = "oci:Core/privateIp:PrivateIp"

VCN = "oci:Core/vcn:Vcn"
SUBNET = "oci:Core/subnet:Subnet"
NSG = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
ROUTES = "oci:Core/routeTable:RouteTable"


@pytest.mark.parametrize(
    ("ranges", "why"),
    [
        (["10.0.0.0/8"], "must be from /16 to /30"),
        (["10.0.0.0/31"], "must be from /16 to /30"),
        (["10.0.1.0/16"], "CIDR IP 10.0.1.0 does not match network IP 10.0.0.0"),
        (["10.0.0.0/16", "10.0.128.0/17"], "overlaps with another"),
        (["ten"], "not a valid CIDR"),
        (["10.0.0.0/255.255.0.0"], "not a valid CIDR"),
        (["10.0.0.0/0.0.255.255"], "not a valid CIDR"),
    ],
)
def test_a_vcn_of_a_wrong_range_is_refused(
    service: Service, refused: Refused, ranges: list[str], why: str
) -> None:
    refused(400, "InvalidParameter", why, service.create, VCN, cidrBlocks=ranges)


def test_a_vcn_with_six_ranges_is_refused(service: Service, refused: Refused) -> None:
    ranges = [f"10.{index}.0.0/16" for index in range(6)]
    refused(400, "LimitExceeded", "service limits were exceeded", service.create, VCN, cidrBlocks=ranges)


def test_a_range_with_a_subnet_cannot_be_removed_from_a_vcn(
    service: Service, vcn: Entry, subnet: Entry, refused: Refused
) -> None:
    refused(400, "InvalidParameter", subnet.id, service.update, vcn, cidrBlocks=["10.1.0.0/16"])


def test_a_subnet_outside_its_vcn_is_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    message = "The requested CIDR 10.1.0.0/24 is invalid: not within VCN CIDR 10.0.0.0/16"
    refused(400, "InvalidParameter", message, service.create, SUBNET, vcnId=vcn.id, cidrBlock="10.1.0.0/24")


def test_a_subnet_larger_than_its_vcn_is_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    refused(
        400, "InvalidParameter", "not within", service.create, SUBNET, vcnId=vcn.id, cidrBlock="10.0.0.0/15"
    )


def test_a_subnet_that_overlaps_another_is_refused(
    service: Service, vcn: Entry, subnet: Entry, refused: Refused
) -> None:
    message = f"subnet {subnet.id} with CIDR 10.0.3.0/24 overlaps with this CIDR."
    refused(400, "InvalidParameter", message, service.create, SUBNET, vcnId=vcn.id, cidrBlock="10.0.2.0/23")


def test_the_same_range_in_another_vcn_is_accepted(service: Service, subnet: Entry) -> None:
    other = service.create(VCN, cidrBlocks=["10.0.0.0/16"])
    twin = service.create(SUBNET, vcnId=other.id, cidrBlock=subnet.inputs["cidrBlock"])
    assert twin.inputs["vcnId"] == other.id, "subnets of different VCNs may have the same range"


def test_a_subnet_with_host_bits_is_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    message = "CIDR IP 10.0.2.5 does not match network IP 10.0.2.0."
    refused(400, "InvalidParameter", message, service.create, SUBNET, vcnId=vcn.id, cidrBlock="10.0.2.5/24")


@pytest.mark.parametrize("label", ["my-vcn", "1vcn", "sixteenletters16", "with space"])
def test_an_ill_formed_dns_label_is_refused(service: Service, refused: Refused, label: str) -> None:
    refused(400, "InvalidParameter", label, service.create, VCN, cidrBlocks=["10.0.0.0/16"], dnsLabel=label)


def test_a_dns_label_of_fifteen_characters_is_accepted(service: Service) -> None:
    made = service.create(VCN, cidrBlocks=["10.0.0.0/16"], dnsLabel="genaiplayground")
    assert made.inputs["dnsLabel"] == "genaiplayground"


def test_a_dns_label_that_the_vcn_has_is_refused(
    service: Service, vcn: Entry, subnet: Entry, refused: Refused
) -> None:
    message = "DNS Label GPU is a duplicate of one that already exists in the VCN"
    refused(
        400, "InvalidParameter", message,
        service.create, SUBNET, vcnId=vcn.id, cidrBlock="10.0.4.0/24", dnsLabel="GPU",
    )  # fmt: skip


def test_a_dns_label_in_a_vcn_without_one_is_refused(service: Service, refused: Refused) -> None:
    plain = service.create(VCN, cidrBlocks=["10.0.0.0/16"])
    refused(
        400, "InvalidParameter", "has no DNS label",
        service.create, SUBNET, vcnId=plain.id, cidrBlock="10.0.4.0/24", dnsLabel="gpu",
    )  # fmt: skip


def test_a_route_table_of_another_vcn_is_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    other = service.create(VCN, cidrBlocks=["10.9.0.0/16"])
    table = service.create(ROUTES, vcnId=other.id)
    refused(
        400, "InvalidParameter", "routeTableId",
        service.create, SUBNET, vcnId=vcn.id, cidrBlock="10.0.4.0/24", routeTableId=table.id,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["internetGateway:InternetGateway", "natGateway:NatGateway"])
def test_a_second_gateway_of_a_kind_is_refused(
    service: Service, vcn: Entry, refused: Refused, kind: str
) -> None:
    service.create(f"oci:Core/{kind}", vcnId=vcn.id)
    refused(400, "LimitExceeded", "gateway-count", service.create, f"oci:Core/{kind}", vcnId=vcn.id)


def test_a_route_to_one_destination_twice_is_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    gateway = service.create("oci:Core/internetGateway:InternetGateway", vcnId=vcn.id)
    rule = {"destination": "0.0.0.0/0", "destinationType": "CIDR_BLOCK", "networkEntityId": gateway.id}
    refused(
        400, "InvalidParameter", "Duplicate", service.create, ROUTES, vcnId=vcn.id, routeRules=[rule, rule]
    )


def test_a_route_of_a_range_through_a_service_gateway_is_refused(
    service: Service, vcn: Entry, refused: Refused
) -> None:
    gateway = service.create("oci:Core/serviceGateway:ServiceGateway", vcnId=vcn.id)
    rule = {"destination": "0.0.0.0/0", "destinationType": "CIDR_BLOCK", "networkEntityId": gateway.id}
    refused(400, "InvalidParameter", gateway.id, service.create, ROUTES, vcnId=vcn.id, routeRules=[rule])


def _rule(**inputs: Any) -> dict[str, Any]:
    return {
        "direction": "INGRESS", "protocol": "6", "source": "10.0.0.0/16", "sourceType": "CIDR_BLOCK",
        "tcpOptions": {"destinationPortRange": {"min": 6443, "max": 6443}},
    } | inputs  # fmt: skip


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"direction": "SIDEWAYS"}, "direction must be one of INGRESS, EGRESS"),
        ({"source": None}, "source is required"),
        ({"destination": "10.0.0.0/16"}, "destination is not allowed"),
        ({"source": "10.0.0.1/16"}, "does not match network IP"),
        ({"sourceType": "ANYBODY"}, "sourceType must be one of"),
        ({"protocol": "tcp"}, "protocol must be all or a protocol number"),
        ({"protocol": "²"}, "protocol must be all or a protocol number"),
        ({"protocol": "17"}, "tcpOptions are not allowed with protocol 17"),
        ({"icmpOptions": {"type": 3, "code": 4}}, "icmpOptions are not allowed"),
        ({"tcpOptions": {"destinationPortRange": {"min": 9000, "max": 8000}}}, "9000-8000 is invalid"),
        ({"tcpOptions": {"destinationPortRange": {"min": 1, "max": 65536}}}, "1-65536 is invalid"),
        ({"tcpOptions": {"sourcePortRange": {"min": 0, "max": 0}}}, "sourcePortRange 0-0 is invalid"),
    ],
)
def test_an_ill_formed_security_rule_is_refused(
    service: Service, vcn: Entry, refused: Refused, change: dict[str, Any], why: str
) -> None:
    group = service.create(NSG, vcnId=vcn.id)
    inputs = _rule(networkSecurityGroupId=group.id, **change)
    refused(400, "InvalidParameter", why, service.create, RULE, **inputs)


def test_a_rule_from_a_deleted_group_is_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    group, other = service.create(NSG, vcnId=vcn.id), service.create(NSG, vcnId=vcn.id)
    service.delete(other)
    inputs = _rule(networkSecurityGroupId=group.id, source=other.id, sourceType="NETWORK_SECURITY_GROUP")
    refused(404, "NotAuthorizedOrNotFound", "source", service.create, RULE, **inputs)


def test_a_group_has_at_most_120_rules(service: Service, vcn: Entry, refused: Refused) -> None:
    group = service.create(NSG, vcnId=vcn.id)
    for number in range(120):
        service.create(RULE, **_rule(networkSecurityGroupId=group.id, source=f"10.0.{number}.0/24"))
    inputs = _rule(networkSecurityGroupId=group.id, source="10.0.120.0/24")
    refused(400, "LimitExceeded", "service limits", service.create, RULE, **inputs)


def test_the_same_rule_twice_is_refused_even_with_another_description(
    service: Service, vcn: Entry, refused: Refused
) -> None:
    group, other = service.create(NSG, vcnId=vcn.id), service.create(NSG, vcnId=vcn.id)
    service.create(RULE, **_rule(networkSecurityGroupId=group.id, description="one"))
    again = _rule(networkSecurityGroupId=group.id, description="two", stateless=False)
    refused(
        400, "InvalidParameter", "duplicate of one that the group has: 'one'", service.create, RULE, **again
    )
    service.create(RULE, **_rule(networkSecurityGroupId=other.id, description="one"))
    service.create(RULE, **_rule(networkSecurityGroupId=group.id, stateless=True))


def test_a_rules_description_can_change_but_it_cannot_become_a_duplicate(
    service: Service, vcn: Entry, refused: Refused
) -> None:
    group = service.create(NSG, vcnId=vcn.id)
    first = service.create(RULE, **_rule(networkSecurityGroupId=group.id, source="10.0.1.0/24"))
    service.create(RULE, **_rule(networkSecurityGroupId=group.id, source="10.0.2.0/24"))
    service.update(first, description="said otherwise")
    refused(400, "InvalidParameter", "duplicate", service.update, first, source="10.0.2.0/24")


def test_a_refusal_names_the_rule_by_its_description(service: Service, vcn: Entry, refused: Refused) -> None:
    group = service.create(NSG, vcnId=vcn.id)
    inputs = _rule(networkSecurityGroupId=group.id, protocol="icmp", description="ping from the workers")
    refused(400, "InvalidParameter", "ping from the workers", service.create, RULE, **inputs)


@pytest.mark.parametrize(
    ("after", "right"),
    [
        (["10.0.0.0/16", "10.1.0.0/16"], True),
        (["10.1.0.0/16", "10.0.0.0/16"], False),
        (["10.2.0.0/16"], True),
        (["10.2.0.0/16", "10.3.0.0/16"], False),
    ],
)
def test_the_ranges_of_a_vcn_change_one_at_a_time(
    service: Service, refused: Refused, after: list[str], right: bool
) -> None:
    made = service.create(VCN, cidrBlocks=["10.0.0.0/16"])
    if right:
        service.update(made, cidrBlocks=after)
    else:
        refused(400, "InvalidParameter", "one CIDR at", service.update, made, cidrBlocks=after)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"ipAddress": "10.0.9.9"}, "not within the CIDR"),
        ({"ipAddress": "10.0.3.9"}, "already in use"),
        ({"hostnameLabel": "First"}, "already in use"),
    ],
)
def test_a_private_address_must_be_free_and_in_its_subnet(
    service: Service, subnet: Entry, refused: Refused, inputs: dict[str, Any], message: str
) -> None:
    service.create(ADDRESS, subnetId=subnet.id, ipAddress="10.0.3.9", hostnameLabel="first")
    refused(400, "InvalidParameter", message, service.create, ADDRESS, subnetId=subnet.id, **inputs)


@pytest.mark.parametrize("ports", [{"min": 6443, "max": 443}, {"min": 1, "max": 65536}])
@pytest.mark.parametrize(
    "token", ["oci:Core/securityList:SecurityList", "oci:Core/captureFilter:CaptureFilter"]
)
def test_ports_out_of_order_are_refused(
    service: Service, vcn: Entry, refused: Refused, token: str, ports: dict[str, int]
) -> None:
    rule = {"protocol": "6", "source": "10.0.0.0/16", "tcpOptions": ports}
    if token.endswith("CaptureFilter"):
        inputs = {
            "filterType": "FLOWLOG",
            "flowLogCaptureFilterRules": [{"tcpOptions": {"destinationPortRange": ports}}],
        }
    else:
        inputs = {"vcnId": vcn.id, "ingressSecurityRules": [rule]}
    refused(400, "InvalidParameter", "min <= max", service.create, token, **inputs)


DRG = "oci:Core/drg:Drg"
ATTACHMENT = "oci:Core/drgAttachment:DrgAttachment"


def test_a_second_drg_for_a_vcn_is_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    one, other = service.create(DRG), service.create(DRG)
    service.create(ATTACHMENT, drgId=one.id, networkDetails={"type": "VCN", "id": vcn.id})
    refused(
        409,
        "Conflict",
        f"is already attached to the DRG {one.id}",
        service.create,
        ATTACHMENT,
        drgId=other.id,
        networkDetails={"type": "VCN", "id": vcn.id},
    )


def test_a_route_to_a_drg_needs_its_attachment(service: Service, vcn: Entry, refused: Refused) -> None:
    drg = service.create(DRG)
    rules = [{"destination": "10.100.0.0/16", "destinationType": "CIDR_BLOCK", "networkEntityId": drg.id}]
    refused(
        400,
        "InvalidParameter",
        "is not attached to VCN",
        service.create,
        ROUTES,
        vcnId=vcn.id,
        routeRules=rules,
    )
    service.create(ATTACHMENT, drgId=drg.id, networkDetails={"type": "VCN", "id": vcn.id})
    service.create(ROUTES, vcnId=vcn.id, routeRules=rules)
