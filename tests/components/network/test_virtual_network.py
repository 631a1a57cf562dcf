"""VirtualNetwork: its resources, with known values and in a first preview."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from components.network.cidr_plan import plan_subnets
from components.network.virtual_network import VirtualNetwork, VirtualNetworkArgs, virtual_network_problems
from components.options import LateRefusal
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

SERVICES = {
    "id": "services",
    "services": [
        {
            "id": "ocid1.service.oc1.iad.storage",
            "cidrBlock": "oci-iad-objectstorage",
            "name": "OCI IAD Object Storage",
        },
        {
            "id": "ocid1.service.oc1.iad.all",
            "cidrBlock": "all-iad-services-in-oracle-services-network",
            "name": "All IAD Services In Oracle Services Network",
        },
    ],
}
SUBNET, ROUTES = "oci:Core/subnet:Subnet", "oci:Core/routeTable:RouteTable"


def computed(token: str, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "oci:Core/vcn:Vcn": {"defaultSecurityListId": "ocid1.securitylist.oc1.iad.default"},
        "oci:Core/natGateway:NatGateway": {"natIp": "192.0.2.1"},
    }.get(token, {})


def network(preview: bool = False, services: Mapping[str, Any] = SERVICES, **changes: Any) -> Recording:
    args = {
        "compartment_id": "c",
        "cidr": "10.0.0.0/16",
        "dns_label": "genaiplayground",
        "tags": {"a": "b"},
        **changes,
    }
    return run(
        lambda: VirtualNetwork("net", VirtualNetworkArgs(**args), oci_options()) and None,
        preview,
        outputs=computed,
        calls={"oci:Core/getServices:getServices": lambda _: services},
    )


def test_every_role_has_a_regional_subnet_with_the_planned_cidr():
    seen = network()
    subnets = {each.inputs["dnsLabel"]: each.inputs for each in seen.of_type(SUBNET)}
    assert {role: subnet["cidrBlock"] for role, subnet in subnets.items()} == {
        "public": "10.0.1.0/24",
        "private": "10.0.2.0/24",
        "gpu": "10.0.3.0/24",
        "database": "10.0.4.0/24",
        "api": "10.0.0.0/28",
        "loadbalancers": "10.0.0.32/27",
        "pods": "10.0.128.0/17",
    }
    assert all("availabilityDomain" not in subnet for subnet in subnets.values())


def test_only_public_and_load_balancer_subnets_are_public_by_default():
    subnets = network().of_type(SUBNET)
    public = {each.inputs["dnsLabel"] for each in subnets if not each.inputs["prohibitPublicIpOnVnic"]}
    assert public == {"public", "loadbalancers"}


def test_each_subnet_has_the_route_table_of_its_role():
    seen = network(public_subnets=["public", "api"])
    tables = {
        each.inputs["dnsLabel"]: each.inputs["routeTableId"].rsplit(".", 1)[1]
        for each in seen.of_type(SUBNET)
    }
    assert tables == {
        "public": "net-public-routes",
        "api": "net-public-routes",
        "private": "net-private-routes",
        "gpu": "net-private-routes",
        "loadbalancers": "net-private-routes",
        "pods": "net-private-routes",
        "database": "net-service-routes",
    }


def test_routes_lead_to_the_gateway_of_their_reach():
    routes = {
        table.name: [(rule["destination"], rule["networkEntityId"]) for rule in table.inputs["routeRules"]]
        for table in network().of_type(ROUTES)
    }
    all_services = (
        "all-iad-services-in-oracle-services-network",
        "ocid1.servicegateway.oc1.iad.net-services",
    )
    assert routes == {
        "net-public-routes": [("0.0.0.0/0", "ocid1.internetgateway.oc1.iad.net-internet")],
        "net-private-routes": [("0.0.0.0/0", "ocid1.natgateway.oc1.iad.net-nat"), all_services],
        "net-service-routes": [all_services],
    }


def test_the_default_security_list_is_emptied_and_is_the_only_one():
    seen = network()
    default = seen.one("oci:Core/defaultSecurityList:DefaultSecurityList")
    assert default.inputs["manageDefaultResourceId"] == "ocid1.securitylist.oc1.iad.default"
    assert not default.inputs.keys() & {"ingressSecurityRules", "egressSecurityRules"}
    assert all(len(each.inputs["securityListIds"]) == 1 for each in seen.of_type(SUBNET))


def test_every_resource_that_supports_tags_has_them():
    taggable = [each for each in network() if each.custom and not each.type.startswith("pulumi:")]
    assert taggable
    assert all(each.inputs["freeformTags"] == {"a": "b"} for each in taggable)


def test_outputs_give_ids_and_cidrs_by_role():
    outputs = network().named("net").outputs
    assert outputs is not None
    assert outputs["subnetIds"]["gpu"] == "ocid1.subnet.oc1.iad.net-gpu"
    assert outputs["subnetCidrs"]["gpu"] == "10.0.3.0/24"
    assert outputs["natIp"] == "192.0.2.1"
    assert outputs["serviceCidr"] == "all-iad-services-in-oracle-services-network"


def test_a_first_preview_shows_the_same_resources_with_unknown_ids():
    known, first = network(), network(preview=True)
    assert [each["urn"] for each in first.snapshot()] == [each["urn"] for each in known.snapshot()]
    assert first.named("net-gpu").inputs["vcnId"] == UNKNOWN
    assert first.named("net-gpu").inputs["cidrBlock"] == "10.0.3.0/24"


def test_explicit_cidrs_override_the_plan():
    seen = network(subnets={"gpu": "10.0.64.0/20"})
    assert seen.named("net-gpu").inputs["cidrBlock"] == "10.0.64.0/20"
    assert seen.named("net-pods").inputs["cidrBlock"] == "10.0.128.0/17"


def test_nothing_is_created_for_an_invalid_network():
    with pytest.raises(InvalidInput, match=r"net\.subnets\.gpu.*inside the VCN"):
        network(subnets={"gpu": "10.9.0.0/24"})


def test_a_region_without_an_all_services_label_is_named():
    with pytest.raises(LateRefusal, match="oci-iad-objectstorage"):
        network(services={"id": "services", "services": SERVICES["services"][:1]})


@pytest.mark.parametrize("label", ["", "1net", "gen-ai", "a" * 16, "net.example"])
def test_an_invalid_dns_label_is_a_problem(label: str):
    problems = list(virtual_network_problems("10.0.0.0/16", label, path="network"))
    assert [problem.path for problem in problems] == ["network.dnsLabel"]


@pytest.mark.parametrize("role", ["gpu", "pods", "private", "database"])
def test_nodes_pods_and_databases_are_never_public(role: str):
    problems = list(virtual_network_problems("10.0.0.0/16", "net", public_subnets=[role], path="network"))
    assert [problem.path for problem in problems] == ["network.publicSubnets"]


LIST = "oci:Core/securityList:SecurityList"


def test_the_bastions_subnet_allows_egress_only_to_the_kubernetes_api():
    seen = network(address_needs={"bastion": 1})
    inputs = seen.one(LIST).inputs
    (out,) = inputs["egressSecurityRules"]
    assert (out["destination"], out["protocol"]) == ("10.0.0.0/28", "6"), "the API endpoint's subnet"
    assert out["tcpOptions"] == {"min": 6443, "max": 6443}
    assert [each["source"] for each in inputs["ingressSecurityRules"]] == ["10.0.0.16/28"]
    lists = {each.inputs["dnsLabel"]: each.inputs["securityListIds"] for each in seen.of_type(SUBNET)}
    assert lists["bastion"] == ["ocid1.securitylist.oc1.iad.net-bastion-rules"]
    assert [role for role, ids in lists.items() if ids == lists["bastion"]] == ["bastion"]


def test_without_a_bastion_there_is_no_subnet_and_no_list_for_it():
    seen = network()
    assert seen.of_type(LIST) == []
    assert "bastion" not in {each.inputs["dnsLabel"] for each in seen.of_type(SUBNET)}


def test_a_bastion_moves_no_subnet_of_an_existing_network():
    before = {each.urn: each.inputs for each in network().of_type(SUBNET)}
    after = {each.urn: each.inputs for each in network(address_needs={"bastion": 1}).of_type(SUBNET)}
    assert {urn: after[urn] for urn in before} == before


def test_a_plan_that_was_made_before_does_not_change():
    needs = {"gpu": 300, "pods": 2000, "bastion": 1}
    planned = {each.urn: each.inputs for each in network(address_needs=needs).of_type(SUBNET)}
    handed_over = plan_subnets("10.0.0.0/16", needs=needs)
    assert {each.urn: each.inputs for each in network(subnets=handed_over).of_type(SUBNET)} == planned


@pytest.mark.parametrize("preview", [False, True])
def test_a_network_of_a_hub_is_attached_first_and_routes_the_hubs_ranges_in_every_table(
    preview: bool,
) -> None:
    made = network(preview, drg_id="ocid1.drg.oc1.iad.hub", hub_cidrs=["10.100.0.0/16"])
    attachment = next(each for each in made.resources if each.type == "oci:Core/drgAttachment:DrgAttachment")
    tables = [each for each in made.resources if each.type == ROUTES]
    assert len(tables) == 3
    for table in tables:
        assert "10.100.0.0/16" in [rule["destination"] for rule in table.inputs["routeRules"]]
        assert attachment.urn in table.depends_on


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hub_cidrs": ["10.100.0.0/16"]}, "must not be set without drgId"),
        ({"drg_id": "d", "hub_cidrs": ["10.0.128.0/17"]}, "must not overlap the VCN, 10.0.0.0/16"),
        ({"drg_id": "d", "hub_cidrs": ["0.0.0.0/0"]}, "must not be the whole internet"),
    ],
)
def test_a_hub_that_does_not_fit_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(message)):
        network(**changes)
