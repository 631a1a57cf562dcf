"""What File Storage with Lustre refuses."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import AD1, Refused, Service, small_subnet

BUCKET = "oci:ObjectStorage/bucket:Bucket"
LUSTRE = "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem"
LINK = "oci:Lustre/fileStorageObjectStorageLink:FileStorageObjectStorageLink"


def lustre(service: Service, subnet: Entry, **inputs: Any) -> Entry:
    given = {"fileSystemName": "weights", "capacityInGbs": 31200, "performanceTier": "MBPS_PER_TB_125"}
    return service.create(LUSTRE, availabilityDomain=AD1, subnetId=subnet.id, **{**given, **inputs})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"fileSystemName": "modelweights"}, "at most 8 characters"),
        ({"fileSystemName": "we-ights"}, "letters, numbers and '_'"),
        ({"capacityInGbs": 20000}, "the minimum is 31200"),
        ({"capacityInGbs": 36200}, "grows by 10400"),
        ({"performanceTier": "MBPS_PER_TB_2000"}, "performanceTier must be one of"),
    ],
)
def test_an_invalid_lustre_file_system_is_refused(
    service: Service, refused: Refused, subnet: Entry, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, lustre, service, subnet, **wrong)


def test_lustre_cannot_shrink(service: Service, refused: Refused, subnet: Entry) -> None:
    made = lustre(service, subnet, capacityInGbs=41600)
    refused(400, "InvalidParameter", "cannot be decreased", service.update, made, capacityInGbs=31200)
    assert service.update(made, capacityInGbs=52000)


def test_lustre_needs_addresses_for_its_servers(service: Service, refused: Refused, vcn: Entry) -> None:
    block = "10.0.9.0/28"
    small = small_subnet(service, vcn, cidrBlock=block, outputs={"cidrBlock": block})
    refused(400, "InvalidParameter", "19 required", lustre, service, small)


def test_a_link_needs_a_bucket_and_its_own_directory(
    service: Service, refused: Refused, subnet: Entry
) -> None:
    system = lustre(service, subnet)
    link = {"lustreFileSystemId": system.id, "fileSystemPath": "/weights", "availabilityDomain": AD1}
    for prefix, message in (
        ("axgenai:/models/a", "The bucket 'models' does not exist"),
        ("models", "must be namespace:/bucket/prefix"),
    ):
        refused(400, "InvalidParameter", message, service.create, LINK, objectStoragePrefix=prefix, **link)
    service.create(BUCKET, namespace="axgenai", name="models")
    made = service.create(LINK, objectStoragePrefix="axgenai:/models/a", **link)
    refused(
        409, "Conflict", "already has", service.create, LINK, objectStoragePrefix="axgenai:/models", **link
    )
    refused(409, "Conflict", "Object Storage link", service.delete, system)
    service.delete(made)
    service.delete(system)
