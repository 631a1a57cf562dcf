"""The shapes on which an image can be launched."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.oci.model import PROVIDED, Entry
from tests.sandbox.oci.conftest import AD1, CPU, GPU, POOL, Refused, Service, pool_inputs
from tests.sandbox.oci.driver import COMPARTMENT, IMPORTED, Driver

IMAGE = "oci:Core/image:Image"
INSTANCE = "oci:Core/instance:Instance"


@pytest.mark.parametrize(
    "pair",
    [
        ("Oracle-Linux-9.7-aarch64-2026.06.15-0-OKE-1.36.1-1505", CPU),
        ("Oracle-Linux-9.7-2026.06.15-0-OKE-1.36.1-1505", "VM.Standard.A1.Flex"),
        ("Oracle-Linux-9.7-Gen2-GPU-2026.06.15-0-OKE-1.36.1-1505", CPU),
        ("Canonical-Ubuntu-24.04-2026.08.31-0", GPU),
    ],
)
def test_an_oracle_image_for_other_shapes_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused, pair: tuple[str, str]
) -> None:
    name, shape = pair
    image = replace(service.create(IMAGE, outputs={"displayName": name}, **IMPORTED), urn="", owner=PROVIDED)
    service.cloud.save(image)
    inputs = pool_inputs(cluster, subnet) | {"nodeShape": shape}
    inputs["nodeSourceDetails"] = {"sourceType": "IMAGE", "imageId": image.id}
    if shape.endswith("Flex"):
        inputs["nodeShapeConfig"] = {"ocpus": 4, "memoryInGbs": 32}
    refused(400, "InvalidParameter", "Node shape and image are not", service.create, POOL, **inputs)


def test_an_imported_image_fits_x86_processors_by_default(service: Service, refused: Refused) -> None:
    image, arm = service.create(IMAGE, **IMPORTED), "VM.Standard.A1.Flex"
    given: dict[str, Any] = {
        "shape": arm,
        "availabilityDomain": AD1,
        "shapeConfig": {"ocpus": 2, "memoryInGbs": 12},
    }
    given["sourceDetails"] = {"sourceType": "image", "sourceId": image.id}
    refused(400, "InvalidParameter", f"Shape {arm} is not valid", service.create, INSTANCE, **given)
    service.create("oci:Core/shapeManagement:ShapeManagement", imageId=image.id, shapeName=arm)
    assert service.create(INSTANCE, **given).inputs["shape"] == arm


def test_nodes_of_windows_are_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    image = service.create(IMAGE, imageSourceDetails={"operatingSystem": "Windows"})
    service.create("oci:Core/shapeManagement:ShapeManagement", imageId=image.id, shapeName=GPU)
    source = {"sourceType": "IMAGE", "imageId": image.id}
    inputs = pool_inputs(cluster, subnet) | {"nodeSourceDetails": source}
    refused(400, "InvalidParameter", "images of Windows are not supported", service.create, POOL, **inputs)


def test_images_are_found_by_their_system(driver: Driver) -> None:
    token = "oci:Core/getImages:getImages"

    found = driver.invoke(token, compartmentId=COMPARTMENT, operatingSystem="Canonical Ubuntu")["images"]

    assert {each["operatingSystemVersion"] for each in found} == {"24.04", "22.04"}


@pytest.mark.parametrize("uri", ["", "image.qcow2", "http://example.com/o"])
def test_an_image_needs_the_address_of_an_object(service: Service, refused: Refused, uri: str) -> None:
    source = {"sourceType": "objectStorageUri", "sourceUri": uri}
    refused(400, "InvalidParameter", "sourceUri", service.create, IMAGE, imageSourceDetails=source)
