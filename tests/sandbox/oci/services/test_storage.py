"""What block volumes, Lustre and file storage refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Service

BUCKET = "oci:ObjectStorage/bucket:Bucket"
VOLUME = "oci:Core/volume:Volume"
GROUP = "oci:Core/volumeGroup:VolumeGroup"
POLICY = "oci:Core/volumeBackupPolicy:VolumeBackupPolicy"
ASSIGNMENT = "oci:Core/volumeBackupPolicyAssignment:VolumeBackupPolicyAssignment"
LUSTRE = "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem"
LINK = "oci:Lustre/fileStorageObjectStorageLink:FileStorageObjectStorageLink"
FILES = "oci:FileStorage/fileSystem:FileSystem"
TARGET = "oci:FileStorage/mountTarget:MountTarget"
EXPORT = "oci:FileStorage/export:Export"
SNAPSHOTS = "oci:FileStorage/filesystemSnapshotPolicy:FilesystemSnapshotPolicy"
AD, OTHER_AD = "Uocm:US-ASHBURN-AD-1", "Uocm:US-ASHBURN-AD-2"
Refused = Callable[..., None]


def volume(service: Service, domain: str = AD, **inputs: Any) -> Entry:
    return service.create(VOLUME, availabilityDomain=domain, **{"sizeInGbs": "100", **inputs})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"sizeInGbs": "49"}, "between 50 and 32768"),
        ({"sizeInGbs": "32769"}, "between 50 and 32768"),
        ({"vpusPerGb": "15"}, "multiple of 10"),
        ({"vpusPerGb": "130"}, "multiple of 10"),
        (
            {
                "vpusPerGb": "20",
                "autotunePolicies": [{"autotuneType": "PERFORMANCE_BASED", "maxVpusPerGb": "20"}],
            },
            "greater than vpusPerGB",
        ),
    ],
)
def test_a_volume_that_there_is_not_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, volume, service, **wrong)


def test_a_volume_never_shrinks(service: Service, refused: Refused) -> None:
    made = volume(service)
    refused(400, "InvalidParameter", "cannot be decreased", service.update, made, sizeInGbs="99")
    assert service.update(made, sizeInGbs="101")


def group(service: Service, *ids: str, domain: str = AD) -> Entry:
    source = {"type": "volumeIds", "volumeIds": list(ids)}
    return service.create(GROUP, availabilityDomain=domain, sourceDetails=source)


def test_a_group_holds_volumes_of_its_own_domain(service: Service, refused: Refused) -> None:
    refused(400, "InvalidParameter", "between 1 and 64", group, service)
    elsewhere = volume(service, OTHER_AD)
    refused(400, "InvalidParameter", "availability domain", group, service, elsewhere.id)


def test_a_volume_is_in_one_group_and_goes_after_it(service: Service, refused: Refused) -> None:
    one = volume(service)
    made = group(service, one.id)
    refused(409, "IncorrectState", "already in a volume group", group, service, one.id)
    refused(409, "IncorrectState", "is in a volume group", service.delete, one)
    service.delete(made)
    service.delete(one)


SCHEDULE = {"backupType": "FULL", "period": "ONE_DAY", "retentionSeconds": 86400}


@pytest.mark.parametrize(
    "wrong",
    [{"backupType": "DIFFERENTIAL"}, {"period": "ONE_MINUTE"}, {"retentionSeconds": 0}, {"hourOfDay": 24}],
)
def test_a_backup_schedule_that_there_is_not_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any]
) -> None:
    refused(400, "InvalidParameter", "", service.create, POLICY, schedules=[SCHEDULE | wrong])


def test_backups_are_copied_to_another_region(service: Service, refused: Refused) -> None:
    refused(400, "InvalidParameter", "paired region", service.create, POLICY, destinationRegion="us-ashburn-1",
            schedules=[SCHEDULE])  # fmt: skip


def test_an_asset_has_one_backup_policy_which_stays_while_it_is_assigned(
    service: Service, refused: Refused
) -> None:
    policy, asset = service.create(POLICY, schedules=[SCHEDULE]), volume(service)
    ids = {"assetId": asset.id, "policyId": policy.id}
    assignment = service.create(ASSIGNMENT, **ids)
    refused(409, "Conflict", "already has a backup policy", service.create, ASSIGNMENT, **ids)
    refused(409, "Conflict", "is assigned to", service.delete, policy)
    service.delete(assignment)
    service.delete(policy)


def lustre(service: Service, subnet: Entry, **inputs: Any) -> Entry:
    given = {"fileSystemName": "weights", "capacityInGbs": 31200, "performanceTier": "MBPS_PER_TB_125"}
    return service.create(LUSTRE, availabilityDomain=AD, subnetId=subnet.id, **{**given, **inputs})


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
def test_a_lustre_that_there_is_not_is_refused(
    service: Service, refused: Refused, subnet: Entry, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, lustre, service, subnet, **wrong)


def test_lustre_never_shrinks(service: Service, refused: Refused, subnet: Entry) -> None:
    made = lustre(service, subnet, capacityInGbs=41600)
    refused(400, "InvalidParameter", "cannot be decreased", service.update, made, capacityInGbs=31200)
    assert service.update(made, capacityInGbs=52000)


def small_subnet(service: Service, vcn: Entry, **inputs: Any) -> Entry:
    return service.create("oci:Core/subnet:Subnet", vcnId=vcn.id, dnsLabel="small", **inputs)


def test_lustre_needs_addresses_for_its_servers(service: Service, refused: Refused, vcn: Entry) -> None:
    block = "10.0.9.0/28"
    small = small_subnet(service, vcn, cidrBlock=block, outputs={"cidrBlock": block})
    refused(400, "InvalidParameter", "19 required", lustre, service, small)


def test_a_link_needs_its_bucket_and_a_directory_of_its_own(
    service: Service, refused: Refused, subnet: Entry
) -> None:
    system = lustre(service, subnet)
    link = {"lustreFileSystemId": system.id, "fileSystemPath": "/weights", "availabilityDomain": AD}
    for prefix in ("axgenai:/models/a", "models"):
        refused(400, "InvalidParameter", "", service.create, LINK, objectStoragePrefix=prefix, **link)
    service.create(BUCKET, namespace="axgenai", name="models")
    made = service.create(LINK, objectStoragePrefix="axgenai:/models/a", **link)
    refused(
        409, "Conflict", "already has", service.create, LINK, objectStoragePrefix="axgenai:/models", **link
    )
    refused(409, "Conflict", "Object Storage link", service.delete, system)
    service.delete(made)
    service.delete(system)


def target(service: Service, subnet: Entry, domain: str = AD, **inputs: Any) -> Entry:
    set_id = "ocid1.exportset.oc1.iad.aaaaset"
    return service.create(
        TARGET, availabilityDomain=domain, subnetId=subnet.id, outputs={"exportSetId": set_id}, **inputs
    )


def test_a_mount_target_stands_in_a_subnet_of_its_domain(
    service: Service, refused: Refused, vcn: Entry
) -> None:
    elsewhere = small_subnet(service, vcn, cidrBlock="10.0.8.0/24", availabilityDomain=OTHER_AD)
    refused(400, "InvalidParameter", "availability domain", target, service, elsewhere)


def test_a_mount_target_needs_three_addresses(service: Service, refused: Refused, vcn: Entry) -> None:
    block = "10.0.9.0/30"
    small = small_subnet(service, vcn, cidrBlock=block, outputs={"cidrBlock": block})
    refused(400, "InvalidParameter", "3 required", target, service, small)


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
    system = service.create(FILES, availabilityDomain=AD)
    export(service, system, "/weights")
    for path in ("/weights", "/weights/large", "/"):
        refused(409, "Conflict", "conflicts with export", export, service, system, path)
    refused(409, "Conflict", "has the export", service.delete, system)
    assert export(service, system, "/weights-2")


@pytest.mark.parametrize(("path", "source"), [("weights", "10.0.0.0/16"), ("/weights", "10.0.0.1/16")])
def test_an_export_of_a_wrong_path_or_client_is_refused(
    service: Service, refused: Refused, subnet: Entry, path: str, source: str
) -> None:
    target(service, subnet)
    system = service.create(FILES, availabilityDomain=AD)
    refused(400, "InvalidParameter", "", export, service, system, path, source)


def test_an_export_ties_what_is_in_one_domain(service: Service, refused: Refused, subnet: Entry) -> None:
    target(service, subnet)
    system = service.create(FILES, availabilityDomain=OTHER_AD)
    refused(400, "InvalidParameter", OTHER_AD, export, service, system, "/weights")


def test_a_snapshot_policy_is_of_the_file_system_s_domain(service: Service, refused: Refused) -> None:
    daily = [{"period": "DAILY", "timeZone": "UTC"}]
    policy = service.create(SNAPSHOTS, availabilityDomain=OTHER_AD, schedules=daily)
    refused(400, "InvalidParameter", "not in availability domain", service.create, FILES, availabilityDomain=AD,
            filesystemSnapshotPolicyId=policy.id)  # fmt: skip


@pytest.mark.parametrize(
    "schedules",
    [[{"period": "SOMETIMES"}], [{"period": "DAILY", "hourOfDay": 24}], [{"period": "DAILY"}] * 11],
)
def test_a_snapshot_schedule_that_there_is_not_is_refused(
    service: Service, refused: Refused, schedules: list[dict[str, Any]]
) -> None:
    refused(
        400, "InvalidParameter", "", service.create, SNAPSHOTS, availabilityDomain=AD, schedules=schedules
    )
