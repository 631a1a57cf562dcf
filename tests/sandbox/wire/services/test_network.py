"""Networking by the official SDK: create, get, list, update, refusals and delete."""

from collections.abc import Callable
from typing import Any

import oci
import pytest
from oci.core import VirtualNetworkClient, models

from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire


@pytest.fixture
def network(wire: Wire) -> Any:
    return wire.client(VirtualNetworkClient)


@pytest.fixture
def vcn(network: Any) -> Any:
    details = models.CreateVcnDetails(
        compartment_id=COMPARTMENT, cidr_blocks=["10.0.0.0/16"], display_name="main", dns_label="main"
    )
    return network.create_vcn(details).data


def test_a_vcn_is_created_read_listed_updated_and_deleted(
    network: Any, vcn: Any, refused: Callable[[], Refused]
) -> None:
    assert vcn.lifecycle_state == "PROVISIONING"
    waited: Any = oci.wait_until(network, network.get_vcn(vcn.id), "lifecycle_state", "AVAILABLE")
    assert waited.data.id == vcn.id
    assert [each.id for each in network.list_vcns(COMPARTMENT, display_name="main").data] == [vcn.id]
    assert network.list_vcns(COMPARTMENT, display_name="other").data == []
    changed = network.update_vcn(vcn.id, models.UpdateVcnDetails(display_name="renamed")).data
    assert (changed.display_name, changed.cidr_blocks) == ("renamed", ["10.0.0.0/16"])
    network.delete_vcn(vcn.id)
    assert network.get_vcn(vcn.id).data.lifecycle_state == "TERMINATING"
    with refused() as refusal:
        network.get_vcn(vcn.id)
    assert (refusal.status, refusal.code) == (404, "NotAuthorizedOrNotFound")


def test_tags_come_back_as_they_were_sent(network: Any) -> None:
    details = models.CreateVcnDetails(
        compartment_id=COMPARTMENT,
        cidr_blocks=["10.0.0.0/16"],
        freeform_tags={"team": "ml"},
        defined_tags={"Operations": {"CostCenter": "42", "Owner": "a.b"}},
    )
    made = network.create_vcn(details).data
    assert made.freeform_tags == {"team": "ml"}
    assert made.defined_tags == {"Operations": {"CostCenter": "42", "Owner": "a.b"}}


def test_a_vcn_with_a_subnet_is_not_deleted(network: Any, vcn: Any, refused: Callable[[], Refused]) -> None:
    subnet = _subnet(network, vcn)
    with refused() as refusal:
        network.delete_vcn(vcn.id)
    assert (refusal.status, refusal.code) == (409, "Conflict")
    assert subnet.id in refusal.message


def test_a_subnet_outside_its_vcn_is_refused(network: Any, vcn: Any, refused: Callable[[], Refused]) -> None:
    with refused() as refusal:
        _subnet(network, vcn, cidr_block="192.168.0.0/24")
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")
    assert "not within VCN CIDR" in refusal.message


def _subnet(network: Any, vcn: Any, **differences: Any) -> Any:
    given = {"compartment_id": COMPARTMENT, "vcn_id": vcn.id, "cidr_block": "10.0.1.0/24"} | differences
    return network.create_subnet(models.CreateSubnetDetails(**given)).data


def test_ranges_are_added_to_a_vcn_and_taken_away(
    network: Any, vcn: Any, refused: Callable[[], Refused]
) -> None:
    network.add_vcn_cidr(vcn.id, models.AddVcnCidrDetails(cidr_block="10.1.0.0/16"))
    assert network.get_vcn(vcn.id).data.cidr_blocks == ["10.0.0.0/16", "10.1.0.0/16"]
    network.modify_vcn_cidr(
        vcn.id, models.ModifyVcnCidrDetails(original_cidr_block="10.1.0.0/16", new_cidr_block="10.2.0.0/16")
    )
    network.remove_vcn_cidr(vcn.id, models.RemoveVcnCidrDetails(cidr_block="10.2.0.0/16"))
    assert network.get_vcn(vcn.id).data.cidr_blocks == ["10.0.0.0/16"]
    with refused() as refusal:
        network.remove_vcn_cidr(vcn.id, models.RemoveVcnCidrDetails(cidr_block="10.9.0.0/16"))
    assert refusal.status == 400


def test_the_ports_of_a_security_list_come_back(network: Any, vcn: Any) -> None:
    ports = models.PortRange(min=443, max=444)
    ingress = models.IngressSecurityRule(
        source="0.0.0.0/0",
        protocol="6",
        tcp_options=models.TcpOptions(destination_port_range=ports, source_port_range=ports),
    )
    details = models.CreateSecurityListDetails(
        compartment_id=COMPARTMENT, vcn_id=vcn.id, ingress_security_rules=[ingress], egress_security_rules=[]
    )
    made = network.create_security_list(details).data
    assert made.ingress_security_rules[0].tcp_options.destination_port_range == ports
    assert made.ingress_security_rules[0].tcp_options.source_port_range == ports


def test_the_default_list_of_a_vcn_is_read_and_updated(network: Any, vcn: Any) -> None:
    before = network.get_security_list(vcn.default_security_list_id).data
    assert {each.protocol for each in before.ingress_security_rules} == {"1", "6"}
    details = models.UpdateSecurityListDetails(ingress_security_rules=[])
    after = network.update_security_list(before.id, details).data
    assert after.ingress_security_rules == []
    listed = network.list_security_lists(COMPARTMENT, vcn_id=vcn.id).data
    assert [each.id for each in listed] == [before.id]


@pytest.mark.parametrize("default", ["security_list", "route_table", "dhcp"])
def test_a_vcn_is_deleted_with_defaults_that_were_changed(network: Any, vcn: Any, default: str) -> None:
    if default == "security_list":
        network.update_security_list(
            vcn.default_security_list_id, models.UpdateSecurityListDetails(ingress_security_rules=[])
        )
    if default == "route_table":
        network.update_route_table(
            vcn.default_route_table_id, models.UpdateRouteTableDetails(display_name="own")
        )
    if default == "dhcp":
        network.update_dhcp_options(vcn.default_dhcp_options_id, models.UpdateDhcpDetails(display_name="own"))
    network.delete_vcn(vcn.id)
    assert network.get_vcn(vcn.id).data.lifecycle_state == "TERMINATING"


def test_gateways_and_routes(network: Any, vcn: Any, refused: Callable[[], Refused]) -> None:
    gateway = network.create_internet_gateway(
        models.CreateInternetGatewayDetails(compartment_id=COMPARTMENT, vcn_id=vcn.id, is_enabled=True)
    ).data
    nat = network.create_nat_gateway(
        models.CreateNatGatewayDetails(compartment_id=COMPARTMENT, vcn_id=vcn.id)
    ).data
    route = models.RouteRule(
        destination="0.0.0.0/0", destination_type="CIDR_BLOCK", network_entity_id=gateway.id
    )
    table = network.create_route_table(
        models.CreateRouteTableDetails(compartment_id=COMPARTMENT, vcn_id=vcn.id, route_rules=[route])
    ).data
    assert gateway.is_enabled
    assert nat.nat_ip
    assert table.route_rules[0].network_entity_id == gateway.id
    with refused() as refusal:
        network.delete_internet_gateway(gateway.id)
    assert refusal.status == 409
    network.update_route_table(table.id, models.UpdateRouteTableDetails(route_rules=[]))
    network.delete_internet_gateway(gateway.id)
    assert [each.id for each in network.list_nat_gateways(COMPARTMENT).data] == [nat.id]


def test_a_service_gateway_reaches_what_the_region_offers(network: Any, vcn: Any) -> None:
    services = network.list_services().data
    assert network.get_service(services[0].id).data.cidr_block == services[0].cidr_block
    wanted = [models.ServiceIdRequestDetails(service_id=services[0].id)]
    made = network.create_service_gateway(
        models.CreateServiceGatewayDetails(compartment_id=COMPARTMENT, vcn_id=vcn.id, services=wanted)
    ).data
    assert [each.service_id for each in made.services] == [services[0].id]
    # The provider sends the state's value with each update.
    changed = network.update_service_gateway(
        made.id, models.UpdateServiceGatewayDetails(display_name="renamed", block_traffic=False)
    )
    assert changed.data.display_name == "renamed"


def test_the_rules_of_a_group_are_added_changed_and_removed(
    network: Any, vcn: Any, refused: Callable[[], Refused]
) -> None:
    group = network.create_network_security_group(
        models.CreateNetworkSecurityGroupDetails(compartment_id=COMPARTMENT, vcn_id=vcn.id)
    ).data
    options = models.TcpOptions(destination_port_range=models.PortRange(min=22, max=22))
    rule = models.AddSecurityRuleDetails(
        direction="INGRESS", protocol="6", source="10.0.0.0/16", is_stateless=False, tcp_options=options
    )
    details = models.AddNetworkSecurityGroupSecurityRulesDetails(security_rules=[rule])
    made = network.add_network_security_group_security_rules(group.id, details).data.security_rules
    assert made[0].tcp_options == options
    with refused() as refusal:
        network.add_network_security_group_security_rules(group.id, details)
    assert "duplicate" in refusal.message
    changed = models.UpdateSecurityRuleDetails(
        id=made[0].id, direction="INGRESS", protocol="all", source="10.0.0.0/8"
    )
    network.update_network_security_group_security_rules(
        group.id, models.UpdateNetworkSecurityGroupSecurityRulesDetails(security_rules=[changed])
    )
    listed = network.list_network_security_group_security_rules(group.id).data
    assert [(each.id, each.source) for each in listed] == [(made[0].id, "10.0.0.0/8")]
    ids = models.RemoveNetworkSecurityGroupSecurityRulesDetails(security_rule_ids=[made[0].id])
    network.remove_network_security_group_security_rules(group.id, ids)
    assert network.list_network_security_group_security_rules(group.id).data == []
    assert network.delete_network_security_group(group.id).status == 204


def test_addresses(network: Any, vcn: Any) -> None:
    subnet = _subnet(network, vcn)
    private = network.create_private_ip(models.CreatePrivateIpDetails(subnet_id=subnet.id)).data
    public = network.create_public_ip(
        models.CreatePublicIpDetails(compartment_id=COMPARTMENT, lifetime="RESERVED", display_name="entry")
    ).data
    assert private.ip_address.startswith("10.0.1.")
    assert [each.id for each in network.list_private_ips(subnet_id=subnet.id).data] == [private.id]
    assert public.ip_address
    assert [each.id for each in network.list_public_ips("REGION", COMPARTMENT).data] == [public.id]


def test_a_dhcp_option_keeps_its_kind(network: Any, vcn: Any) -> None:
    option = models.DhcpDnsOption(server_type="VcnLocalPlusInternet")
    made = network.create_dhcp_options(
        models.CreateDhcpDetails(compartment_id=COMPARTMENT, vcn_id=vcn.id, options=[option])
    ).data
    assert isinstance(made.options[0], models.DhcpDnsOption)
    assert made.options[0].server_type == "VcnLocalPlusInternet"
