"""What File Storage refuses."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import AD1, AD2, Refused, Service, small_subnet

FILES = "oci:FileStorage/fileSystem:FileSystem"
TARGET = "oci:FileStorage/mountTarget:MountTarget"
EXPORT = "oci:FileStorage/export:Export"
SNAPSHOTS = "oci:FileStorage/filesystemSnapshotPolicy:FilesystemSnapshotPolicy"


def target(service: Service, subnet: Entry, domain: str = AD1, **inputs: Any) -> Entry:
    set_id = "ocid1.exportset.oc1.iad.aaaaset"
    return service.create(
        TARGET, availabilityDomain=domain, subnetId=subnet.id, outputs={"exportSetId": set_id}, **inputs
    )


def test_a_mount_target_needs_a_subnet_of_its_domain(service: Service, refused: Refused, vcn: Entry) -> None:
    elsewhere = small_subnet(service, vcn, cidrBlock="10.0.8.0/24", availabilityDomain=AD2)
    refused(400, "InvalidParameter", "availability domain", target, service, elsewhere)


def test_a_mount_target_needs_three_addresses(service: Service, refused: Refused, vcn: Entry) -> None:
    block = "10.0.9.0/30"
    small = small_subnet(service, vcn, cidrBlock=block, outputs={"cidrBlock": block})
    refused(400, "InvalidParameter", "3 required", target, service, small)


@pytest.mark.parametrize("throughput", ["0", "-1"])
def test_a_mount_target_has_at_least_one_gbps(
    service: Service, refused: Refused, subnet: Entry, throughput: str
) -> None:
    refused(
        400,
        "InvalidParameter",
        "requestedThroughput must be 1 or more",
        target,
        service,
        subnet,
        requestedThroughput=throughput,
    )
    assert target(service, subnet, requestedThroughput="1").outputs


def export(service: Service, system: Entry, path: str, source: str = "10.0.0.0/16") -> Entry:
    return service.create(
        EXPORT,
        exportSetId="ocid1.exportset.oc1.iad.aaaaset",
        fileSystemId=system.id,
        path=path,
        exportOptions=[{"source": source}],
    )


def test_paths_of_an_export_set_do_not_overlap(service: Service, refused: Refused, subnet: Entry) -> None:
    target(service, subnet)
    system = service.create(FILES, availabilityDomain=AD1)
    export(service, system, "/weights")
    for path in ("/weights", "/weights/large", "/"):
        refused(409, "Conflict", "conflicts with export", export, service, system, path)
    refused(409, "Conflict", "has the export", service.delete, system)
    assert export(service, system, "/weights-2")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("weights", "10.0.0.0/16"), "path 'weights' is not a valid export path"),
        (("/weights", "10.0.0.1/16"), "source '10.0.0.1/16' is no"),
        (("/weights", "10.0.0.0/255.255.0.0"), "source: 10.0.0.0/255.255.0.0 is invalid"),
    ],
)
def test_an_export_of_a_wrong_path_or_client_is_refused(
    service: Service, refused: Refused, subnet: Entry, given: tuple[str, str], message: str
) -> None:
    target(service, subnet)
    system = service.create(FILES, availabilityDomain=AD1)
    refused(400, "InvalidParameter", message, export, service, system, *given)


def test_an_export_connects_resources_of_one_domain(
    service: Service, refused: Refused, subnet: Entry
) -> None:
    target(service, subnet)
    system = service.create(FILES, availabilityDomain=AD2)
    refused(400, "InvalidParameter", AD2, export, service, system, "/weights")


def test_a_snapshot_policy_of_another_domain_is_refused(service: Service, refused: Refused) -> None:
    daily = [{"period": "DAILY", "timeZone": "UTC"}]
    policy = service.create(SNAPSHOTS, availabilityDomain=AD2, schedules=daily)
    refused(400, "InvalidParameter", "not in availability domain", service.create, FILES, availabilityDomain=AD1,
            filesystemSnapshotPolicyId=policy.id)  # fmt: skip


@pytest.mark.parametrize(
    ("schedules", "message"),
    [
        ([{"period": "SOMETIMES"}], "period must be one of HOURLY"),
        ([{"period": "DAILY", "hourOfDay": 24}], "hourOfDay 24 must be between 0 and 23"),
        ([{"period": "DAILY"}] * 11, "schedules: 11 items, of at most 10"),
    ],
)
def test_an_invalid_snapshot_schedule_is_refused(
    service: Service, refused: Refused, schedules: list[dict[str, Any]], message: str
) -> None:
    refused(
        400,
        "InvalidParameter",
        message,
        service.create,
        SNAPSHOTS,
        availabilityDomain=AD1,
        schedules=schedules,
    )
