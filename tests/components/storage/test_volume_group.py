"""VolumeGroup: volumes that are backed up together, and are not deleted with their group."""

from typing import Any

import pytest

from components.storage.volume_group import (
    BlockVolumeArgs,
    VolumeGroup,
    VolumeGroupArgs,
    volume_group_problems,
)
from facts.problem import InvalidInput
from infra.offline.answers import fake_id
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

VOLUME = "oci:Core/volume:Volume"
GROUP = "oci:Core/volumeGroup:VolumeGroup"
ASSIGNMENT = "oci:Core/volumeBackupPolicyAssignment:VolumeBackupPolicyAssignment"


def volume(size_gib: int = 100, **changes: Any) -> BlockVolumeArgs:
    return BlockVolumeArgs(size_gib=size_gib, **changes)


def group(preview: bool = False, **changes: Any) -> Recording:
    args = {"compartment_id": "c", "availability_domain": "ad1", "volumes": {"metrics": volume()}, **changes}
    return run(lambda: VolumeGroup("state", VolumeGroupArgs(**args), oci_options()) and None, preview)


def test_a_volume_is_balanced_by_default():
    assert group().one(VOLUME).inputs == {
        "compartmentId": "c",
        "availabilityDomain": "ad1",
        "displayName": "state-metrics",
        "sizeInGbs": "100",
        "vpusPerGb": "10",
    }


def test_the_performance_of_a_busy_volume_can_be_raised():
    seen = group(volumes={"db": volume(vpus_per_gib=20, max_vpus_per_gib=60)}).one(VOLUME).inputs
    assert seen["autotunePolicies"] == [{"autotuneType": "PERFORMANCE_BASED", "maxVpusPerGb": "60"}]


def test_the_group_contains_the_volumes_in_order_of_name():
    seen = group(volumes={"b": volume(), "a": volume()}).one(GROUP).inputs
    ids = [fake_id(VOLUME, f"state-{name}") for name in ("a", "b")]
    assert seen["sourceDetails"] == {"type": "volumeIds", "volumeIds": ids}


def test_the_policy_is_assigned_to_the_group():
    seen = group(backup_policy_id="p").one(ASSIGNMENT).inputs
    assert seen == {"assetId": fake_id(GROUP, "state-group"), "policyId": "p"}


def test_without_a_policy_there_are_no_backups():
    assert group().of_type(ASSIGNMENT) == []


def test_volumes_are_protected_and_their_group_can_be_replaced():
    seen = group(protect=True, backup_policy_id="p")
    assert (seen.one(VOLUME).protect, seen.one(VOLUME).retain_on_delete) == (True, True)
    for token in (GROUP, ASSIGNMENT):
        assert not seen.one(token).protect, (
            f"{token} holds no data, and is replaced when a volume comes or goes"
        )


def test_a_first_preview_shows_the_volumes():
    outputs = group(preview=True).named("state").outputs
    assert outputs is not None
    assert outputs["groupId"] == UNKNOWN


def test_nothing_is_created_for_an_invalid_group():
    with pytest.raises(
        InvalidInput, match=r"state\.volumes\['v'\]\.sizeGib: 10; must be from 50 to 32,768 GiB"
    ):
        group(volumes={"v": volume(10)})


@pytest.mark.parametrize(
    ("volumes", "path"),
    [
        ({}, "g.volumes"),
        ({f"v{index}": volume() for index in range(65)}, "g.volumes"),
        ({"v": volume(32_769)}, "g.volumes['v'].sizeGib"),
        ({"v": volume(vpus_per_gib=25)}, "g.volumes['v'].vpusPerGib"),
        ({"v": volume(vpus_per_gib=0, max_vpus_per_gib=130)}, "g.volumes['v'].maxVpusPerGib"),
        ({"v": volume(max_vpus_per_gib=10)}, "g.volumes['v'].maxVpusPerGib"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(volumes: dict[str, BlockVolumeArgs], path: str):
    assert [problem.path for problem in volume_group_problems(volumes, path="g")] == [path]
