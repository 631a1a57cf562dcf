"""LustreFileSystem: valid sizes and names, and links to buckets."""

from typing import Any

import pytest

from components.storage.lustre_file_system import (
    LustreFileSystem,
    LustreFileSystemArgs,
    ObjectStorageLinkArgs,
    lustre_problems,
)
from facts.problem import InvalidInput, Problem
from infra.offline.answers import fake_id
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

SYSTEM = "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem"
LINK = "oci:Lustre/fileStorageObjectStorageLink:FileStorageObjectStorageLink"
COMPUTED = {"managementServiceAddress": "10.0.2.9", "lnet": "tcp"}


def lustre_args(**changes: Any) -> LustreFileSystemArgs:
    return LustreFileSystemArgs(
        **{
            "compartment_id": "c",
            "availability_domain": "ad1",
            "subnet_id": "s",
            "nsg_ids": ["n"],
            "file_system_name": "weights",
            **changes,
        }
    )


def link(path: str) -> ObjectStorageLinkArgs:
    return ObjectStorageLinkArgs(path=path, source="bucket")


def problems_of(**changes: Any) -> list[Problem]:
    args = lustre_args(**changes)
    return [*lustre_problems(args, file_system_name=args.file_system_name, path="l")]


def lustre(preview: bool = False, **changes: Any) -> Recording:
    return run(
        lambda: LustreFileSystem("fast", lustre_args(**changes), oci_options()) and None,
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


def test_the_output_is_the_source_that_clients_mount():
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
def test_it_has_one_to_five_security_groups(nsg_ids: list[str]):
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
        ({"links": {"a": link("models")}}, "l.links['a'].path"),
        ({"links": {"a": link("/models"), "b": link("/models")}}, "l.links['b'].path"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(changes: dict[str, Any], path: str):
    assert [problem.path for problem in problems_of(**changes)] == [path]


def test_an_invalid_capacity_is_reported_with_the_next_valid_one():
    (problem,) = problems_of(capacity_gb=40_000)
    assert problem.fix == "The next valid size is 41,600"
