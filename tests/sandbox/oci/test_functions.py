"""Look-ups."""

from pathlib import Path

import pytest
import yaml
from pulumi.runtime.proto import provider_pb2 as messages

from facts.kubernetes import OFFERED_VERSIONS
from facts.provider_fields import function_fields
from sandbox.oci.errors import OciError
from sandbox.oci.lookups import modelled
from sandbox.oci.wire import UNKNOWN, encode
from tests.sandbox.oci.driver import COMPARTMENT, TENANCY, Driver
from tests.sandbox.oci.minimal import domains, namespace
from tests.sandbox.oci.test_computed import cluster, pool

KUBECONFIG = "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig"
LIMIT_VALUES = "oci:Limits/getLimitValues:getLimitValues"


@pytest.mark.parametrize("token", sorted(modelled()))
def test_every_modelled_function_is_one_of_the_provider(token: str) -> None:
    assert function_fields(token) is not None


@pytest.mark.parametrize(
    "token",
    [
        "oci:Identity/getAvailabilityDomains:getAvailabilityDomains",
        "oci:Core/getServices:getServices",
        "oci:Identity/getRegions:getRegions",
        "oci:Core/getShapes:getShapes",
        "oci:Core/getImages:getImages",
        "oci:Identity/getCompartments:getCompartments",
        "oci:ContainerEngine/getClusters:getClusters",
    ],
)
def test_rows_have_every_field_that_the_sdk_reads(driver: Driver, token: str) -> None:
    cluster(driver)
    fields = function_fields(token)
    assert fields is not None
    arguments = {"compartmentId": COMPARTMENT} if "compartmentId" in fields else {}

    answer = driver.invoke(token, **arguments)

    for name, field in fields.items():
        if field.of is not None and not isinstance(field.of, str) and not field.input:
            assert all(set(row) >= set(field.of) for row in answer[name]), f"{name} lacks fields"


@pytest.mark.parametrize(
    ("region", "count"),
    [("us-ashburn-1", 3), ("us-phoenix-1", 3), ("eu-frankfurt-1", 3), ("uk-london-1", 3), ("eu-zurich-1", 1)],
)
def test_regions_have_one_or_three_availability_domains(driver: Driver, region: str, count: int) -> None:
    driver.configure(region=region, tenancyOcid=TENANCY)

    names = domains(driver)

    assert len(set(names)) == count
    assert all(name.endswith(f"-AD-{number}") for number, name in enumerate(names, start=1))


def test_every_domain_has_three_fault_domains(driver: Driver) -> None:
    token = "oci:Identity/getFaultDomains:getFaultDomains"

    answer = driver.invoke(token, compartmentId=COMPARTMENT, availabilityDomain=domains(driver)[0])

    names = [each["name"] for each in answer["faultDomains"]]
    assert names == ["FAULT-DOMAIN-1", "FAULT-DOMAIN-2", "FAULT-DOMAIN-3"]


def test_a_domain_of_another_region_is_refused(driver: Driver) -> None:
    token = "oci:Identity/getFaultDomains:getFaultDomains"

    with pytest.raises(OciError, match="is not in us-ashburn-1"):
        driver.invoke(token, compartmentId=COMPARTMENT, availabilityDomain="abcd:PHX-AD-1")


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


def test_the_namespace_is_the_tenancys_own(driver: Driver) -> None:
    first = namespace(driver)
    driver.configure(region="us-ashburn-1", tenancyOcid="ocid1.tenancy.oc1..aaaaanother")

    assert first != namespace(driver)
    assert len(first) == 12


def test_one_region_is_the_home_region(driver: Driver) -> None:
    token = "oci:Identity/getRegionSubscriptions:getRegionSubscriptions"

    rows = driver.invoke(token, tenancyId=TENANCY)["regionSubscriptions"]

    assert [row["regionName"] for row in rows if row["isHomeRegion"]] == ["us-ashburn-1"]
    assert {"IAD", "PHX", "FRA"} <= {row["regionKey"] for row in rows}
    driver.cloud.set_home_region("us-phoenix-1")
    rows = driver.invoke(token, tenancyId=TENANCY)["regionSubscriptions"]
    assert [row["regionName"] for row in rows if row["isHomeRegion"]] == ["us-phoenix-1"]


def test_oke_offers_its_versions_and_an_image_for_each(driver: Driver) -> None:
    offered = driver.invoke("oci:ContainerEngine/getClusterOption:getClusterOption", clusterOptionId="all")
    token = "oci:ContainerEngine/getNodePoolOption:getNodePoolOption"
    nodes = driver.invoke(token, nodePoolOptionId="all", nodePoolK8sVersion="v1.36.1")

    assert offered["kubernetesVersions"] == list(OFFERED_VERSIONS)
    assert all("-OKE-1.36.1-" in each["sourceName"] for each in nodes["sources"])
    assert "BM.GPU.MI300X.8" in nodes["shapes"]


def test_images_are_found_by_their_system(driver: Driver) -> None:
    token = "oci:Core/getImages:getImages"

    found = driver.invoke(token, compartmentId=COMPARTMENT, operatingSystem="Canonical Ubuntu")["images"]

    assert {each["operatingSystemVersion"] for each in found} == {"24.04", "22.04"}


def test_the_gpu_limit_counts_gpus_and_goes_down_with_use(driver: Driver) -> None:
    token = "oci:Limits/getResourceAvailability:getResourceAvailability"
    domain = domains(driver)[0]
    arguments = {
        "compartmentId": TENANCY,
        "serviceName": "compute",
        "limitName": "gpu-mi300x-count",
        "availabilityDomain": domain,
    }
    driver.cloud.set_limit("gpu-mi300x-count", 16, region="us-ashburn-1", availability_domain=domain)
    before = driver.invoke(token, **arguments)
    driver.create(
        "oci:Core/instance:Instance",
        compartmentId=COMPARTMENT,
        availabilityDomain=domain,
        shape="BM.GPU.MI300X.8",
    )

    after = driver.invoke(token, **arguments)

    assert (before["available"], before["used"]) == ("16", "0")
    assert (after["available"], after["used"]) == ("8", "8")


def test_limits_are_listed_by_domain(driver: Driver) -> None:
    rows = driver.invoke(LIMIT_VALUES, compartmentId=TENANCY, serviceName="compute", name="gpu-mi300x-count")

    assert [row["availabilityDomain"] for row in rows["limitValues"]] == domains(driver)


def test_a_kubeconfig_asks_the_oci_cli_for_its_token(driver: Driver) -> None:
    made = cluster(driver)

    document = yaml.safe_load(driver.invoke(KUBECONFIG, clusterId=made.id)["content"])

    server = document["clusters"][0]["cluster"]["server"]
    assert server == f"https://{made.outputs['endpoints'][0]['privateEndpoint']}"
    login = document["users"][0]["user"]["exec"]
    assert login["command"] == "oci"
    assert made.id in login["args"]


def test_a_private_cluster_has_no_public_kubeconfig(driver: Driver) -> None:
    with pytest.raises(OciError, match="does not have a PUBLIC_ENDPOINT"):
        driver.invoke(KUBECONFIG, clusterId=cluster(driver).id, endpoint="PUBLIC_ENDPOINT")


def test_a_kubeconfig_of_the_users_own_takes_the_clusters_place(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "kind.yaml"
    own.write_text("mine")
    monkeypatch.setenv("SANDBOX_KUBECONFIG", str(own))

    assert driver.invoke(KUBECONFIG, clusterId=cluster(driver).id)["content"] == "mine"


def test_a_resource_is_found_by_its_id_with_blocks_as_lists(driver: Driver) -> None:
    made = pool(driver, 1)

    found = driver.invoke("oci:ContainerEngine/getNodePool:getNodePool", nodePoolId=made.id)

    assert found["nodeConfigDetails"][0]["size"] == 1
    assert found["nodeShapeConfigs"][0]["ocpus"] == 1


def test_resources_are_listed_by_what_is_asked(driver: Driver) -> None:
    vcn = driver.vcn()
    driver.subnet(vcn, "a", "10.0.1.0/24", displayName="a")
    driver.subnet(vcn, "b", "10.0.2.0/24", displayName="b")
    token = "oci:Core/getSubnets:getSubnets"

    found = driver.invoke(token, compartmentId=COMPARTMENT, displayName="b")["subnets"]

    assert [each["cidrBlock"] for each in found] == ["10.0.2.0/24"]


def test_any_other_function_says_by_name_that_it_is_not_modelled(driver: Driver) -> None:
    with pytest.raises(OciError, match=r"not modelled: oci:Adm/getKnowledgebase:getKnowledgebase"):
        driver.invoke("oci:Adm/getKnowledgebase:getKnowledgebase", knowledgeBaseId="x")


def test_wrong_arguments_are_refused_by_their_path(driver: Driver) -> None:
    token = "oci:Identity/getAvailabilityDomains:getAvailabilityDomains"
    request = messages.InvokeRequest(tok=token, args=encode({"compartment": COMPARTMENT}))

    answer = driver.provider.Invoke(request, None)

    assert {each.property for each in answer.failures} == {"compartment", "compartmentId"}


def test_unknown_arguments_are_refused_rather_than_guessed(driver: Driver) -> None:
    with pytest.raises(OciError, match="not known yet"):
        driver.invoke("oci:Identity/getAvailabilityDomains:getAvailabilityDomains", compartmentId=UNKNOWN)


def test_what_the_cloud_has_by_itself_is_not_listed_as_the_users(driver: Driver) -> None:
    domains(driver)
    driver.invoke("oci:Core/getServices:getServices")
    driver.invoke("oci:Core/getImages:getImages", compartmentId=COMPARTMENT)

    assert driver.cloud.entries() == []
