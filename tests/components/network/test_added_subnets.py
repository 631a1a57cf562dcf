"""AddedSubnets: its resources in an existing VCN, with known values and in a first preview."""

from typing import Any

import pytest

from components.network.added_subnets import AddedSubnets, AddedSubnetsArgs
from facts.problem import InvalidInput
from tests.components.network.test_virtual_network import SERVICES
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

SUBNET, ROUTES, LIST = (
    "oci:Core/subnet:Subnet",
    "oci:Core/routeTable:RouteTable",
    "oci:Core/securityList:SecurityList",
)
CIDRS = {
    "public": "10.0.1.0/24",
    "private": "10.0.2.0/24",
    "gpu": "10.0.3.0/24",
    "database": "10.0.4.0/24",
    "api": "10.0.0.0/28",
    "bastion": "10.0.0.16/28",
    "loadbalancers": "10.0.0.32/27",
    "pods": "10.0.128.0/17",
}
LABEL = "all-iad-services-in-oracle-services-network"


def added(preview: bool = False, **changes: Any) -> Recording:
    args = {
        "compartment_id": "c",
        "vcn_id": "vcn",
        "subnets": CIDRS,
        "internet_gateway_id": "internet",
        "nat_gateway_id": "nat",
        "service_gateway_id": "services",
        **changes,
    }
    return run(
        lambda: AddedSubnets("new", AddedSubnetsArgs(**args), oci_options()) and None,
        preview,
        calls={"oci:Core/getServices:getServices": lambda _: SERVICES},
    )


def role(each: Any) -> str:
    return each.inputs["displayName"].removeprefix("new-")


def routes(seen: Recording) -> dict[str, set[tuple[str, str]]]:
    """Destination and target of the routes of each table."""
    return {
        role(table): {
            (each["destination"], each["networkEntityId"]) for each in table.inputs.get("routeRules", [])
        }
        for table in seen.of_type(ROUTES)
    }


def test_only_subnets_tables_and_lists_are_created_in_the_vcn():
    seen = added()
    assert {each.type for each in seen.resources if each.type.startswith("oci:")} == {SUBNET, ROUTES, LIST}
    assert {each.inputs["vcnId"] for kind in (SUBNET, ROUTES, LIST) for each in seen.of_type(kind)} == {"vcn"}
    assert {role(each): each.inputs["cidrBlock"] for each in seen.of_type(SUBNET)} == CIDRS
    public = {role(each) for each in seen.of_type(SUBNET) if not each.inputs["prohibitPublicIpOnVnic"]}
    assert public == {"public", "loadbalancers"}


def test_each_table_routes_to_the_existing_gateways():
    assert routes(added()) == {
        "public-routes": {("0.0.0.0/0", "internet")},
        "private-routes": {("0.0.0.0/0", "nat"), (LABEL, "services")},
        "service-routes": {(LABEL, "services")},
    }


def test_a_drg_gets_the_ranges_behind_it_and_the_internet_only_from_private_subnets():
    cidrs = ["10.100.0.0/16", "0.0.0.0/0"]
    hub = ("10.100.0.0/16", "drg")
    assert routes(added(drg_id="drg", drg_cidrs=cidrs, nat_gateway_id=None)) == {
        "public-routes": {("0.0.0.0/0", "internet"), hub},
        "private-routes": {("0.0.0.0/0", "drg"), (LABEL, "services"), hub},
        "service-routes": {(LABEL, "services"), hub},
    }


def test_a_reach_that_no_role_has_gets_no_table():
    seen = added(subnets={"gpu": CIDRS["gpu"]}, internet_gateway_id=None)
    assert [*routes(seen)] == ["private-routes"]


def test_the_lists_let_nothing_through_except_from_the_bastion_to_the_api():
    seen = added(subnets={"bastion": CIDRS["bastion"]}, api_cidr="10.0.9.0/28")
    none, bastion = sorted(seen.of_type(LIST), key=role, reverse=True)
    assert not {"egressSecurityRules", "ingressSecurityRules"} & none.inputs.keys()
    (out,) = bastion.inputs["egressSecurityRules"]
    assert out["destination"] == "10.0.9.0/28"
    (subnet,) = seen.of_type(SUBNET)
    assert subnet.inputs["securityListIds"] == [bastion.id]


def test_labels_are_set_only_if_they_are_given():
    assert not any("dnsLabel" in each.inputs for each in added().of_type(SUBNET))
    seen = added(dns_labels={"gpu": "gpuqa"})
    assert [each.inputs.get("dnsLabel") for each in seen.of_type(SUBNET) if role(each) == "gpu"] == ["gpuqa"]


def test_a_first_preview_registers_the_same_subnets():
    seen = added(preview=True)
    assert {role(each) for each in seen.of_type(SUBNET)} == {*CIDRS}
    assert all(each.inputs["routeTableId"] == UNKNOWN for each in seen.of_type(SUBNET))


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"subnets": {"gpus": "10.0.3.0/24"}}, "new.subnets.gpus", "must be a role"),
        ({"subnets": {"gpu": "10.0.3.1/24"}}, "new.subnets.gpu", "without host bits"),
        ({"subnets": {"gpu": "169.254.3.0/24"}}, "new.subnets.gpu", "a range that OCI reserves"),
        ({"dns_labels": {"gpu": "gpu-qa"}}, "new.dnsLabels.gpu", "must be a letter, then letters and digits"),
        ({"subnets": {"gpu": "10.0.3.0/31"}}, "new.subnets.gpu", "must be /30 or larger"),
        (
            {"subnets": {"gpu": "10.0.3.0/24", "pods": "10.0.3.128/25"}},
            "new.subnets.pods",
            "must not overlap gpu",
        ),
        ({"address_needs": {"gpu": 300}}, "new.subnets.gpu", "must have 300 or more"),
        ({"public_subnets": ["gpu"]}, "new.publicSubnets", "must contain only public, loadbalancers"),
        ({"internet_gateway_id": None}, "new.internetGatewayId", "public, loadbalancers have public"),
        ({"nat_gateway_id": None}, "new.natGatewayId", "private, gpu, pods load images"),
        (
            {"subnets": {"api": "10.0.0.0/28"}, "nat_gateway_id": None, "service_gateway_id": None},
            "new.serviceGatewayId",
            "the subnets api call Oracle's services",
        ),
        ({"drg_cidrs": ["10.100.0.0/16"]}, "new.drgId", "must be set for the ranges behind it"),
        ({"drg_id": "drg", "drg_cidrs": ["hub"]}, "new.drgCidrs[0]", "must be an IPv4 network"),
        ({"subnets": {"bastion": "10.0.0.16/28"}}, "new.apiCidr", "which calls the Kubernetes API"),
    ],
)
def test_wrong_arguments_are_refused_with_their_path(changes: dict[str, Any], path: str, message: str):
    with pytest.raises(InvalidInput) as refused:
        added(**changes)
    assert [each for each in refused.value.problems if each.path == path and message in str(each)]
