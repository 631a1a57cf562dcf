"""The defaults of a VCN and a subnet, and the services of a service gateway."""

from tests.sandbox.oci.driver import COMPARTMENT, Driver

ROUTES = "oci:Core/defaultRouteTable:DefaultRouteTable"


def test_a_vcn_is_created_and_deleted_with_its_defaults(driver: Driver) -> None:
    vcn = driver.vcn(dnsLabel="net")
    defaults = [vcn.outputs[f"default{kind}Id"] for kind in ("RouteTable", "SecurityList", "DhcpOptions")]

    assert vcn.outputs["vcnDomainName"] == "net.oraclevcn.com"
    assert [each.split(".")[1] for each in defaults] == ["routetable", "securitylist", "dhcpoptions"]
    assert all(driver.cloud.find(each) for each in defaults)
    driver.delete(vcn)
    assert not any(driver.cloud.find(each) for each in defaults)


def test_a_subnet_inherits_its_vcns_defaults(driver: Driver) -> None:
    vcn = driver.vcn(dnsLabel="net")

    subnet = driver.subnet(vcn, "s", "10.0.3.0/24", dnsLabel="gpu")

    assert subnet.outputs["routeTableId"] == vcn.outputs["defaultRouteTableId"]
    assert subnet.outputs["dhcpOptionsId"] == vcn.outputs["defaultDhcpOptionsId"]
    assert subnet.outputs["securityListIds"] == [vcn.outputs["defaultSecurityListId"]]
    assert subnet.outputs["subnetDomainName"] == "gpu.net.oraclevcn.com"
    assert subnet.outputs["virtualRouterIp"] == "10.0.3.1"


def test_a_default_table_is_managed_in_place_and_reset(driver: Driver) -> None:
    vcn = driver.vcn()
    table = vcn.outputs["defaultRouteTableId"]

    managed = driver.create(ROUTES, manageDefaultResourceId=table, displayName="mine")
    assert managed.id == table
    driver.delete(managed)

    entry = driver.cloud.find(table)
    assert entry is not None
    assert entry.token == "oci:Core/routeTable:RouteTable"
    driver.delete(vcn)
    assert driver.cloud.find(table) is None


def test_a_services_id_can_be_used_in_a_service_gateway(driver: Driver) -> None:
    filters = [{"name": "name", "values": ["All .* Services In Oracle Services Network"], "regex": True}]
    (service,) = driver.invoke("oci:Core/getServices:getServices", filters=filters)["services"]

    assert service["cidrBlock"] == "all-iad-services-in-oracle-services-network"
    gateway = driver.create(
        "oci:Core/serviceGateway:ServiceGateway",
        compartmentId=COMPARTMENT,
        vcnId=driver.vcn().id,
        services=[{"serviceId": service["id"]}],
    )
    assert gateway.id
