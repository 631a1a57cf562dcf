"""What the cloud makes up: ids, defaults, endpoints, nodes."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from facts.ocids import parse_ocid
from facts.provider_fields import resource_fields, resource_tokens
from sandbox.oci.ids import derived_ocid, is_ours, new_ocid, ocid_type
from sandbox.oci.wire import Secret
from tests.sandbox.oci.driver import BUCKET, CLUSTER, COMPARTMENT, NODE_POOL, VAULT, Driver, Made
from tests.sandbox.oci.minimal import domains, namespace

KEY = "oci:Kms/key:Key"
TOPIC = "oci:Ons/notificationTopic:NotificationTopic"
ROUTES = "oci:Core/defaultRouteTable:DefaultRouteTable"


def cluster(driver: Driver, version: str = "v1.34.2", *, public: bool = False, **more: Any) -> Made:
    subnet = driver.subnet(driver.vcn(dnsLabel="net"), dnsLabel="api")
    return driver.create(
        CLUSTER,
        "cluster",
        compartmentId=COMPARTMENT,
        vcnId=subnet.inputs["vcnId"],
        kubernetesVersion=version,
        endpointConfig={"subnetId": subnet.id, "isPublicIpEnabled": public},
        **more,
    )


def pool(driver: Driver, size: int) -> Made:
    parent = cluster(driver)
    subnet = parent.inputs["endpointConfig"]["subnetId"]
    options = driver.invoke("oci:ContainerEngine/getNodePoolOption:getNodePoolOption", nodePoolOptionId="all")
    places = [{"availabilityDomain": name, "subnetId": subnet} for name in domains(driver)[:2]]
    return driver.create(
        NODE_POOL,
        "pool",
        compartmentId=COMPARTMENT,
        clusterId=parent.id,
        kubernetesVersion="v1.34.2",
        nodeShape="VM.Standard.E5.Flex",
        nodeShapeConfig={"ocpus": 1, "memoryInGbs": 16},
        nodeSourceDetails={"sourceType": "IMAGE", "imageId": options["sources"][-1]["imageId"]},
        nodeConfigDetails={"size": size, "placementConfigs": places},
    )


def test_ids_are_marked_so_that_those_of_others_can_be_told_apart() -> None:
    assert is_ours(new_ocid("vcn", "us-ashburn-1").rsplit(".", 1)[1])
    assert is_ours(derived_ocid("vcn", "us-ashburn-1", "seed").rsplit(".", 1)[1])
    assert not is_ours("a" * 60)
    assert not is_ours("aaaaREPLACE-ME")


def test_every_type_of_resource_has_an_ocid_type_that_parses() -> None:
    for token in resource_tokens():
        assert parse_ocid(new_ocid(ocid_type(token), "us-ashburn-1")) is not None, token


def test_what_belongs_to_the_tenancy_has_no_region_in_its_id(driver: Driver) -> None:
    made = driver.create("oci:Identity/compartment:Compartment", description="d", name="c")

    assert made.id.startswith("ocid1.compartment.oc1..")


def test_a_vcn_comes_with_its_defaults_and_takes_them_along(driver: Driver) -> None:
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


def test_a_default_table_is_managed_in_place_and_given_back(driver: Driver) -> None:
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


def test_a_private_cluster_has_an_address_in_its_subnet_and_no_public_one(driver: Driver) -> None:
    (endpoint,) = cluster(driver).outputs["endpoints"]

    host = endpoint["privateEndpoint"].removesuffix(":6443")
    assert ip_address(host) in ip_network("10.0.1.0/24")
    assert endpoint["publicEndpoint"] == ""
    assert endpoint["vcnHostnameEndpoint"].endswith(".api.net.oraclevcn.com:6443")


def test_a_public_cluster_has_an_address_that_leads_nowhere_real(driver: Driver) -> None:
    (endpoint,) = cluster(driver, public=True).outputs["endpoints"]

    host = endpoint["publicEndpoint"].removesuffix(":6443")
    assert any(
        ip_address(host) in ip_network(each) for each in ("203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24")
    )


@pytest.mark.parametrize(("version", "next_ones"), [("v1.34.2", ["v1.35.2"]), ("v1.36.1", [])])
def test_a_control_plane_may_go_up_one_minor_version(
    driver: Driver, version: str, next_ones: list[str]
) -> None:
    assert cluster(driver, version).outputs["availableKubernetesUpgrades"] == next_ones


def test_a_pool_spreads_its_nodes_and_gives_each_an_address(driver: Driver) -> None:
    nodes = pool(driver, 4).outputs["nodes"]

    assert [each["availabilityDomain"] for each in nodes] == domains(driver)[:2] * 2
    assert len({each["privateIp"] for each in nodes}) == 4
    assert len({each["id"] for each in nodes}) == 4
    assert all(ip_address(each["privateIp"]) in ip_network("10.0.1.0/24") for each in nodes)


def test_a_pool_that_shrinks_and_grows_keeps_the_nodes_it_has(driver: Driver) -> None:
    made = pool(driver, 3)
    before = [each["id"] for each in made.outputs["nodes"]]

    smaller = driver.update(made, **_sized(made, 2))
    larger = driver.update(smaller, **_sized(made, 3))

    assert [each["id"] for each in smaller.outputs["nodes"]] == before[:2]
    after = [each["id"] for each in larger.outputs["nodes"]]
    assert after[:2] == before[:2]
    assert after[2] != before[2]


def _sized(made: Made, size: int) -> dict[str, Any]:
    return made.inputs | {"nodeConfigDetails": made.inputs["nodeConfigDetails"] | {"size": size}}


def test_a_bucket_has_the_defaults_of_object_storage(driver: Driver) -> None:
    made = driver.create(BUCKET, compartmentId=COMPARTMENT, namespace=namespace(driver), name="logs")

    assert made.id == f"n/{namespace(driver)}/b/logs"
    assert made.outputs["storageTier"] == "Standard"
    assert made.outputs["versioning"] == "Disabled"
    assert made.outputs["accessType"] == "NoPublicAccess"


def test_a_key_knows_its_vault_by_the_management_endpoint(driver: Driver) -> None:
    vault = driver.create(VAULT, compartmentId=COMPARTMENT, displayName="keys", vaultType="DEFAULT")
    key = driver.create(
        KEY,
        compartmentId=COMPARTMENT,
        displayName="key",
        keyShape={"algorithm": "AES", "length": 32},
        managementEndpoint=vault.outputs["managementEndpoint"],
    )

    assert key.outputs["vaultId"] == vault.id
    assert key.outputs["state"] == "ENABLED"


def test_a_secret_gets_a_new_version_with_new_content_only(driver: Driver) -> None:
    def inputs(content: str, description: str) -> dict[str, Any]:
        return {
            "compartmentId": COMPARTMENT,
            "vaultId": "ocid1.vault.oc1.iad.aaaa",
            "keyId": "ocid1.key.oc1.iad.aaaa",
            "secretName": "s",
            "description": description,
            "secretContent": {"contentType": "BASE64", "content": Secret(content)},
        }

    made = driver.create("oci:Vault/secret:Secret", **inputs("YQ==", "one"))
    described = driver.update(made, **inputs("YQ==", "two"))
    rotated = driver.update(described, **inputs("Yg==", "two"))

    versions = [each.outputs["currentVersionNumber"] for each in (made, described, rotated)]
    assert versions == ["1", "1", "2"]


def test_a_topic_is_its_own_topic_id(driver: Driver) -> None:
    topic = driver.create(TOPIC, compartmentId=COMPARTMENT, name="critical")

    assert topic.outputs["topicId"] == topic.id
    assert topic.id.startswith("ocid1.onstopic.oc1.iad.")


def test_computed_times_and_states_are_always_there(driver: Driver) -> None:
    vcn = driver.vcn()
    fields = resource_fields("oci:Core/vcn:Vcn")

    assert fields is not None
    assert vcn.outputs["timeCreated"].endswith("+0000 UTC")
    assert vcn.outputs["state"] == "AVAILABLE"
