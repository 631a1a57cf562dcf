"""The functions that the model answers."""

import pytest
from pulumi.runtime.proto import provider_pb2 as messages

from facts.provider_fields import function_fields
from sandbox.oci.engine_values import UNKNOWN, encode
from sandbox.oci.errors import OciError
from sandbox.oci.lookups import modelled
from tests.sandbox.oci.clusters import cluster, pool
from tests.sandbox.oci.driver import COMPARTMENT, Driver
from tests.sandbox.oci.minimal import domains


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


def test_a_resource_is_found_by_its_id_with_blocks_as_lists(driver: Driver) -> None:
    made = pool(driver, 1)

    found = driver.invoke("oci:ContainerEngine/getNodePool:getNodePool", nodePoolId=made.id)

    assert found["nodeConfigDetails"][0]["size"] == 1
    assert found["nodeShapeConfigs"][0]["ocpus"] == 1


def test_resources_are_listed_by_the_functions_arguments(driver: Driver) -> None:
    vcn = driver.vcn()
    driver.subnet(vcn, "a", "10.0.1.0/24", displayName="a")
    driver.subnet(vcn, "b", "10.0.2.0/24", displayName="b")
    token = "oci:Core/getSubnets:getSubnets"

    found = driver.invoke(token, compartmentId=COMPARTMENT, displayName="b")["subnets"]

    assert [each["cidrBlock"] for each in found] == ["10.0.2.0/24"]


def test_the_error_for_another_function_names_it(driver: Driver) -> None:
    with pytest.raises(OciError, match=r"not modelled: oci:Adm/getKnowledgebase:getKnowledgebase"):
        driver.invoke("oci:Adm/getKnowledgebase:getKnowledgebase", knowledgeBaseId="x")


def test_wrong_arguments_are_refused_by_their_path(driver: Driver) -> None:
    token = "oci:Identity/getAvailabilityDomains:getAvailabilityDomains"
    request = messages.InvokeRequest(tok=token, args=encode({"compartment": COMPARTMENT}))

    answer = driver.provider.Invoke(request, None)

    assert {each.property for each in answer.failures} == {"compartment", "compartmentId"}


def test_unknown_arguments_are_refused(driver: Driver) -> None:
    with pytest.raises(OciError, match="unknown arguments"):
        driver.invoke("oci:Identity/getAvailabilityDomains:getAvailabilityDomains", compartmentId=UNKNOWN)


def test_resources_that_oracle_provides_are_not_listed_as_the_users(driver: Driver) -> None:
    domains(driver)
    driver.invoke("oci:Core/getServices:getServices")
    driver.invoke("oci:Core/getImages:getImages", compartmentId=COMPARTMENT)

    assert driver.cloud.entries() == []
