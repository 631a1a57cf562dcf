"""What block volumes refuse."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import AD1, AD2, Refused, Service

VOLUME = "oci:Core/volume:Volume"
GROUP = "oci:Core/volumeGroup:VolumeGroup"
POLICY = "oci:Core/volumeBackupPolicy:VolumeBackupPolicy"
ASSIGNMENT = "oci:Core/volumeBackupPolicyAssignment:VolumeBackupPolicyAssignment"
SCHEDULE = {"backupType": "FULL", "period": "ONE_DAY", "retentionSeconds": 86400}


def volume(service: Service, domain: str = AD1, **inputs: Any) -> Entry:
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
def test_a_volume_of_an_impossible_size_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, volume, service, **wrong)


def test_a_volume_cannot_shrink(service: Service, refused: Refused) -> None:
    made = volume(service)
    refused(400, "InvalidParameter", "cannot be decreased", service.update, made, sizeInGbs="99")
    assert service.update(made, sizeInGbs="101")


def group(service: Service, *ids: str, domain: str = AD1) -> Entry:
    source = {"type": "volumeIds", "volumeIds": list(ids)}
    return service.create(GROUP, availabilityDomain=domain, sourceDetails=source)


def test_a_volume_group_contains_volumes_of_its_own_domain(service: Service, refused: Refused) -> None:
    refused(400, "InvalidParameter", "between 1 and 64", group, service)
    elsewhere = volume(service, AD2)
    refused(400, "InvalidParameter", "availability domain", group, service, elsewhere.id)


def test_a_volume_is_in_one_group_and_cannot_be_deleted_before_it(service: Service, refused: Refused) -> None:
    one = volume(service)
    made = group(service, one.id)
    refused(409, "IncorrectState", "already in a volume group", group, service, one.id)
    refused(409, "IncorrectState", "is in a volume group", service.delete, one)
    service.delete(made)
    service.delete(one)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"backupType": "DIFFERENTIAL"}, "backupType must be one of FULL, INCREMENTAL"),
        ({"period": "ONE_MINUTE"}, "period must be one of ONE_HOUR"),
        ({"retentionSeconds": 0}, "retentionSeconds must be greater than 0"),
        ({"hourOfDay": 24}, "hourOfDay 24 must be between 0 and 23"),
    ],
)
def test_an_invalid_backup_schedule_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, service.create, POLICY, schedules=[SCHEDULE | wrong])


def test_backups_are_copied_to_another_region(service: Service, refused: Refused) -> None:
    refused(400, "InvalidParameter", "paired region", service.create, POLICY, destinationRegion="us-ashburn-1",
            schedules=[SCHEDULE])  # fmt: skip


def test_an_asset_has_one_backup_policy_which_cannot_be_deleted_while_assigned(
    service: Service, refused: Refused
) -> None:
    policy, asset = service.create(POLICY, schedules=[SCHEDULE]), volume(service)
    ids = {"assetId": asset.id, "policyId": policy.id}
    assignment = service.create(ASSIGNMENT, **ids)
    refused(409, "Conflict", "already has a backup policy", service.create, ASSIGNMENT, **ids)
    refused(409, "Conflict", "is assigned to", service.delete, policy)
    service.delete(assignment)
    service.delete(policy)
