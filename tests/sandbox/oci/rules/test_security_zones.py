"""What a security zone denies in its compartment and in those below it."""

from typing import Any

import pytest

from sandbox.oci.errors import OciError
from sandbox.oci.services.object_storage.buckets import BUCKET
from tests.sandbox.oci.conftest import AD1, COMPARTMENT, TENANCY, Refused
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.services.test_cloud_guard import enable, recipe, zone

EVERY = tuple(
    f"deny {name}"
    for name in (
        "public_buckets",
        "db_instance_public_access",
        "block_volume_without_vault_key",
        "boot_volume_without_vault_key",
        "buckets_without_vault_key",
        "file_system_without_vault_key",
    )
)
KEY = "ocid1.key.oc1.iad.aaaaaaaakeyexample"
VOLUME = {"availabilityDomain": AD1, "sizeInGbs": "50", "displayName": "data"}


def bucket(driver: Driver, compartment: str = COMPARTMENT, **inputs: Any) -> Any:
    given = {"compartmentId": compartment, "name": "uploads", "namespace": "example"}
    namespace = driver.invoke("oci:ObjectStorage/getNamespace:getNamespace")["namespace"]
    return driver.create(BUCKET, "bucket", **(given | {"namespace": namespace} | inputs))


@pytest.mark.parametrize(
    ("token", "inputs", "policy"),
    [
        ("oci:Core/volume:Volume", VOLUME, "block_volume_without_vault_key"),
        (
            "oci:FileStorage/fileSystem:FileSystem",
            {"availabilityDomain": AD1, "displayName": "files"},
            "file_system_without_vault_key",
        ),
    ],
)
def test_what_has_no_customer_key_is_denied(
    driver: Driver, refused: Refused, token: str, inputs: dict[str, Any], policy: str
) -> None:
    enable(driver)
    zone(driver, recipe(driver, *EVERY))
    given = {"compartmentId": COMPARTMENT, **inputs}
    refused(409, "SecurityZoneViolation", policy, driver.create, token, **given)
    driver.create(token, **given, kmsKeyId=KEY)


def test_buckets_need_a_key_and_must_be_private(driver: Driver, refused: Refused) -> None:
    enable(driver)
    zone(driver, recipe(driver, *EVERY))
    refused(409, "SecurityZoneViolation", "buckets_without_vault_key", bucket, driver)
    refused(
        409, "SecurityZoneViolation", "public_buckets", bucket, driver, kmsKeyId=KEY, accessType="ObjectRead"
    )
    made = bucket(driver, kmsKeyId=KEY)
    refused(
        409, "SecurityZoneViolation", "public_buckets", driver.update, made,
        **{**made.inputs, "accessType": "ObjectRead"},
    )  # fmt: skip


def test_only_what_its_recipe_names_is_denied(driver: Driver) -> None:
    enable(driver)
    zone(driver, recipe(driver, "deny public_buckets"))
    bucket(driver)


def test_the_zone_covers_compartments_below_but_not_beside(driver: Driver, refused: Refused) -> None:
    enable(driver)
    make = "oci:Identity/compartment:Compartment"
    below = driver.create(make, "below", compartmentId=COMPARTMENT, name="below", description="d")
    beside = driver.create(make, "beside", compartmentId=TENANCY, name="beside", description="d")
    zone(driver, recipe(driver, *EVERY))
    refused(409, "SecurityZoneViolation", "buckets_without_vault_key", bucket, driver, below.id)
    bucket(driver, beside.id)


def test_boot_volumes_of_nodes_and_instances_need_a_key(driver: Driver) -> None:
    enable(driver)
    zone(driver, recipe(driver, *EVERY))
    with pytest.raises(OciError, match="boot_volume_without_vault_key"):
        driver.create(
            "oci:Core/instanceConfiguration:InstanceConfiguration",
            compartmentId=COMPARTMENT,
            instanceDetails={
                "instanceType": "compute",
                "launchDetails": {
                    "shape": "VM.Standard.E5.Flex",
                    "shapeConfig": {"ocpus": 1, "memoryInGbs": 8},
                    "sourceDetails": {"sourceType": "image", "imageId": "ocid1.image.oc1.iad.aaaaaaaaimage"},
                },
            },
        )
