"""SharedFileSystem: a file system that clients in the VCN can mount."""

from typing import Any

import pytest

from components.storage.shared_file_system import (
    SharedFileSystem,
    SharedFileSystemArgs,
    shared_file_problems,
)
from facts.problem import InvalidInput
from infra.offline.answers import fake_id
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

SYSTEM = "oci:FileStorage/fileSystem:FileSystem"
TARGET = "oci:FileStorage/mountTarget:MountTarget"
EXPORT = "oci:FileStorage/export:Export"
SNAPSHOTS = "oci:FileStorage/filesystemSnapshotPolicy:FilesystemSnapshotPolicy"
COMPUTED = {"exportSetId": "set", "ipAddress": "10.0.2.7"}


def files_args(**changes: Any) -> SharedFileSystemArgs:
    return SharedFileSystemArgs(
        **{
            "compartment_id": "c",
            "availability_domain": "ad1",
            "subnet_id": "s",
            "nsg_ids": ["n"],
            "client_cidr": "10.0.0.0/16",
            **changes,
        }
    )


def files(preview: bool = False, **changes: Any) -> Recording:
    return run(
        lambda: SharedFileSystem("files", files_args(**changes), oci_options()) and None,
        preview,
        outputs=lambda token, *_: COMPUTED if token == TARGET else {},
    )


def test_the_file_system_is_exported_to_the_clients_only():
    assert files().one(EXPORT).inputs == {
        "exportSetId": "set",
        "fileSystemId": fake_id(SYSTEM, "files-files"),
        "path": "/weights",
        "exportOptions": [
            {
                "source": "10.0.0.0/16",
                "access": "READ_WRITE",
                "identitySquash": "NONE",
                "requirePrivilegedSourcePort": False,
            }
        ],
    }


def test_clients_in_every_range_of_the_network_can_mount_it():
    made = files(further_client_cidrs=["10.1.0.0/16"]).one(EXPORT).inputs["exportOptions"]
    assert [each["source"] for each in made] == ["10.0.0.0/16", "10.1.0.0/16"]
    assert {each["access"] for each in made} == {"READ_WRITE"}


def test_the_mount_target_is_in_the_subnet_and_has_its_groups():
    seen = files().one(TARGET).inputs
    assert (seen["subnetId"], seen["nsgIds"], seen["availabilityDomain"]) == ("s", ["n"], "ad1")


def test_without_snapshot_days_there_are_no_snapshots():
    seen = files()
    assert seen.of_type(SNAPSHOTS) == []
    assert "filesystemSnapshotPolicyId" not in seen.one(SYSTEM).inputs


def test_snapshots_are_created_every_night_and_kept_for_the_days():
    seen = files(snapshot_days=7)
    (schedule,) = seen.one(SNAPSHOTS).inputs["schedules"]
    assert schedule == {
        "period": "DAILY",
        "hourOfDay": 2,
        "timeZone": "UTC",
        "retentionDurationInSeconds": "604800",
    }
    assert seen.one(SYSTEM).inputs["filesystemSnapshotPolicyId"] == fake_id(SNAPSHOTS, "files-snapshots")


def test_the_outputs_are_the_sources_that_nodes_and_pods_mount():
    outputs = files().named("files").outputs
    assert outputs is not None
    assert outputs["mountSource"] == "10.0.2.7:/weights"
    assert outputs["volumeHandle"] == f"{fake_id(SYSTEM, 'files-files')}:10.0.2.7:/weights"


def test_a_protected_file_system_is_kept_and_its_mount_target_is_not():
    seen = files(protect=True)
    assert (seen.one(SYSTEM).protect, seen.one(SYSTEM).retain_on_delete) == (True, True)
    assert not seen.one(TARGET).protect, "a mount target holds no data"


def test_a_first_preview_shows_the_file_system():
    outputs = files(preview=True).named("files").outputs
    assert outputs is not None
    assert outputs["mountSource"] == UNKNOWN


@pytest.mark.parametrize("nsg_ids", [[], ["n"] * 6])
def test_it_has_one_to_five_security_groups(nsg_ids: list[str]):
    with pytest.raises(InvalidInput, match=r"files\.nsgIds: \d; must be 1 to 5 security groups"):
        files(nsg_ids=nsg_ids)


@pytest.mark.parametrize("path", ["weights", "/", "/a b", "/a//b"])
def test_a_path_that_nobody_can_mount_is_refused(path: str):
    assert [problem.path for problem in shared_file_problems(files_args(export_path=path), path="f")] == [
        "f.exportPath"
    ]


def test_snapshots_kept_for_zero_days_are_refused():
    assert [each.path for each in shared_file_problems(files_args(snapshot_days=0), path="f")] == [
        "f.snapshotDays"
    ]
