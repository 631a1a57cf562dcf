"""What Functions refuses, the invoke endpoint of a function, and the types in its OCIDs."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from sandbox.oci.services.functions import APPLICATION, FUNCTION
from tests.sandbox.oci.conftest import Refused, Service
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import minimal

IMAGE = {
    "sourceType": "CONTAINER_IMAGE",
    "image": "iad.ocir.io/space/hours:1",
    "imageDigest": f"sha256:{'a' * 64}",
}


def application(service: Service, subnet: Entry, **changes: Any) -> Entry:
    return service.create(APPLICATION, **({"displayName": "hours", "subnetIds": [subnet.id]} | changes))


def function(service: Service, subnet: Entry, **changes: Any) -> Entry:
    inputs = {"displayName": "stop", "memoryInMbs": "128", "sourceDetails": IMAGE} | changes
    if "applicationId" not in inputs:
        inputs["applicationId"] = application(service, subnet).id
    return service.create(FUNCTION, **inputs)


def test_a_function_has_an_invoke_endpoint_in_its_region(driver: Driver) -> None:
    made = driver.create(FUNCTION, **minimal(driver, FUNCTION))
    assert made.id.startswith("ocid1.fnfunc.oc1.iad.")
    assert made.outputs["invokeEndpoint"].endswith(".us-ashburn-1.functions.oci.oraclecloud.com")


def test_a_new_digest_updates_a_function_in_place(driver: Driver) -> None:
    inputs = {**minimal(driver, FUNCTION), "sourceDetails": IMAGE}
    made = driver.create(FUNCTION, **inputs)
    changed = inputs | {"sourceDetails": IMAGE | {"imageDigest": f"sha256:{'b' * 64}"}}
    assert driver.diff(made, **changed).replaces == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"memoryInMbs": "100"}, "memoryInMBs must be one of 128, 256, 512, 1024, 2048, 3072, not 100"),
        ({"timeoutInSeconds": 301}, "timeoutInSeconds 301 must be between 1 and 300"),
        ({"detachedModeTimeoutInSeconds": 4}, "detachedModeTimeoutInSeconds 4 must be between 5 and 3600"),
        ({"detachedModeTimeoutInSeconds": 3601}, "must be between 5 and 3600"),
        ({"config": {"node-pools": "x"}}, "config: key 'node-pools' must have only letters"),
        ({"config": {"POOLS": "a\nb"}}, "config: the value of 'POOLS' must have only printable characters"),
        ({"config": {"POOLS": "x" * 4092}}, "config: 4097 bytes exceed the maximum of 4096 bytes"),
        ({"sourceDetails": IMAGE | {"image": "docker.io/library/hours:1"}}, "is not an image with a tag"),
        ({"sourceDetails": IMAGE | {"image": "iad.ocir.io/space/hours"}}, "is not an image with a tag"),
        (
            {"sourceDetails": IMAGE | {"image": "fra.ocir.io/space/hours:1"}},
            "is not in the Container Registry of us-ashburn-1",
        ),
        ({"sourceDetails": IMAGE | {"imageDigest": "latest"}}, "imageDigest latest is not a digest"),
        ({"sourceDetails": {"sourceType": "CONTAINER_IMAGE"}}, "image is required"),
    ],
)
def test_a_wrong_function_is_refused(
    service: Service, subnet: Entry, refused: Refused, changes: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, function, service, subnet, **changes)


def test_names_are_unique_in_their_place_and_a_full_application_stays(
    service: Service, subnet: Entry, refused: Refused
) -> None:
    made, other = application(service, subnet), application(service, subnet, displayName="other")
    refused(409, "Conflict", "already exists", application, service, subnet)
    function(service, subnet, applicationId=made.id)
    function(service, subnet, applicationId=other.id)
    refused(409, "Conflict", "already exists", function, service, subnet, applicationId=made.id)
    refused(409, "Conflict", "still contains functions", service.delete, made)
