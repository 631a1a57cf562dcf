"""LustreFileSystem: sizes and names that the service has, and links to buckets."""

from typing import Any

import pytest

from components.storage.lustre_file_system import (
    LustreFileSystem,
    LustreFileSystemArgs,
    ObjectStorageLinkArgs,
    lustre_problems,
)
from facts.problem import InvalidInput
from infra.offline_answers import fake_id
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

SYSTEM = "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem"
LINK = "oci:Lustre/fileStorageObjectStorageLink:FileStorageObjectStorageLink"
COMPUTED = {"managementServiceAddress": "10.0.2.9", "lnet": "tcp"}


def lustre(preview: bool = False, **changes: Any) -> Recording:
    args = {
        "compartment_id": "c",
        "availability_domain": "ad1",
        "subnet_id": "s",
        "nsg_ids": ["n"],
        "file_system_name": "weights",
        **changes,
    }
    return run(
        lambda: LustreFileSystem("fast", LustreFileSystemArgs(**args), oci_options()) and None,
        preview,
        outputs=lambda token, *_: COMPUTED if token == SYSTEM else {},
    )


def test_the_smallest_file_system_is_the_default():
    assert lustre().one(SYSTEM).inputs == {
        "compartmentId": "c",
        "availabilityDomain": "ad1",
        "displayName": "fast",
        "fileSystemName": "weights",
        "capacityInGbs": 31_200,
        "performanceTier": "MBPS_PER_TB_125",
        "rootSquashConfiguration": {"identitySquash": "NONE"},
        "subnetId": "s",
        "nsgIds": ["n"],
    }


def test_each_option_reaches_the_file_system():
    seen = lustre(capacity_gb=41_600, mbps_per_tb=500, squash_root=True, kms_key_id="k", tags={"a": "b"})
    wanted = {"capacityInGbs": 41_600, "performanceTier": "MBPS_PER_TB_500", "kmsKeyId": "k"}
    assert wanted.items() <= seen.one(SYSTEM).inputs.items()
    assert seen.one(SYSTEM).inputs["rootSquashConfiguration"] == {"identitySquash": "ROOT"}


def test_a_link_fills_a_directory_from_a_bucket():
    link = ObjectStorageLinkArgs(path="/models", source="ns:/bucket", import_run=1)
    seen = lustre(links={"models": link}).one(LINK).inputs
    assert seen == {
        "compartmentId": "c",
        "availabilityDomain": "ad1",
        "displayName": "fast-models",
        "lustreFileSystemId": fake_id(SYSTEM, "fast-lustre"),
        "fileSystemPath": "/models",
        "objectStoragePrefix": "ns:/bucket",
        "isOverwrite": False,
        "startImportFromObjectTrigger": 1,
    }


def test_the_output_is_what_clients_mount():
    outputs = lustre().named("fast").outputs
    assert outputs is not None
    assert outputs["mountSource"] == "10.0.2.9@tcp:/weights"


def test_a_protected_file_system_is_kept_and_its_creation_may_take_hours():
    seen = lustre(protect=True).one(SYSTEM)
    assert (seen.protect, seen.retain_on_delete) == (True, True)
    assert seen.custom_timeouts is not None
    assert seen.custom_timeouts.create == "2h"


def test_a_first_preview_shows_the_file_system():
    outputs = lustre(preview=True).named("fast").outputs
    assert outputs is not None
    assert outputs["mountSource"] == UNKNOWN


@pytest.mark.parametrize("nsg_ids", [[], ["n"] * 6])
def test_one_to_five_security_groups_guard_it(nsg_ids: list[str]):
    with pytest.raises(InvalidInput, match=r"fast\.nsgIds: \d; must be 1 to 5 security groups"):
        lustre(nsg_ids=nsg_ids)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"file_system_name": "modelweights"}, "l.name"),
        ({"file_system_name": "we-ights"}, "l.name"),
        ({"file_system_name": ""}, "l.name"),
        ({"capacity_gb": 20_000}, "l.capacityGb"),
        ({"capacity_gb": 36_200}, "l.capacityGb"),
        ({"mbps_per_tb": 200}, "l.mbpsPerTb"),
        ({"link_paths": {"a": "models"}}, "l.links['a'].path"),
        ({"link_paths": {"a": "/models", "b": "/models"}}, "l.links['b'].path"),
    ],
)
def test_a_wrong_value_is_named_with_its_path(changes: dict[str, Any], path: str):
    good = {"file_system_name": "weights", "capacity_gb": 31_200, "mbps_per_tb": 125, "path": "l"}
    assert [problem.path for problem in lustre_problems(**{**good, **changes})] == [path]


def test_a_wrong_capacity_comes_with_the_next_that_there_is():
    (problem,) = lustre_problems("weights", capacity_gb=40_000, mbps_per_tb=125, path="l")
    assert problem.fix == "41,600 is the next"
