"""The storage section: what is wrong is named with its path, and what is right reaches the resources."""

import pytest

from facts.problem import InvalidInput
from infra.offline import OfflineRun, run_offline
from infra.settings import load
from infra.stackfile import StackFile
from tests.infra.examples import DELETE, Change, config

SECOND = ("tenancy.secondRegion", "us-phoenix-1")
BUCKET = "storage.buckets.0"
VOLUMES = {"metrics": {"sizeGib": 100}}
GROUP = {"name": "state", "volumes": VOLUMES}
DAILY = {"period": "daily", "keepDays": 7}


def group(**changes: object) -> Change:
    return ("storage.volumeGroups", [{**GROUP, **changes}])


def lustre(**changes: object) -> Change:
    return ("storage.lustre", changes)


def files(**changes: object) -> Change:
    return ("storage.fileStorage", changes)


def rule(action: str, days: int, target: str = "objects") -> dict[str, object]:
    return {"r": {"action": action, "days": days, "target": target}}


WRONG: list[tuple[list[Change], str]] = [
    (
        [(f"{BUCKET}.served", True), (f"{BUCKET}.lifecycle", rule("ARCHIVE", 90))],
        "storage.buckets[0].lifecycle['r'].target: 'objects'; must be previous-object-versions with ARCHIVE",
    ),
    (
        [(f"{BUCKET}.served", True), (f"{BUCKET}.lifecycle", rule("DELETE", 365))],
        "storage.buckets[0].lifecycle['r'].target: 'objects'; must be previous-object-versions with DELETE",
    ),
    (
        [(f"{BUCKET}.served", True), (f"{BUCKET}.storageTier", "Archive")],
        "storage.buckets[0].storageTier: 'Archive'; must be Standard: the bucket is served",
    ),
    (
        [
            (f"{BUCKET}.versioning", DELETE),
            (f"{BUCKET}.lifecycle", rule("DELETE", 9, "previous-object-versions")),
        ],
        "storage.buckets[0].lifecycle['r'].target: 'previous-object-versions'; must not be older versions",
    ),
    (
        [(f"{BUCKET}.retentionDays", 2557)],
        "storage.buckets[0].retentionDays: 2557; must not stand with versioning",
    ),
    (
        [(f"{BUCKET}.retentionLockTime", "2027-01-31T00:00:00Z")],
        "storage.buckets[0].retentionLockTime: '2027-01-31T00:00:00Z'; must not be set without retentionDays",
    ),
    (
        [
            (f"{BUCKET}.versioning", DELETE),
            (f"{BUCKET}.retentionDays", 9),
            (f"{BUCKET}.retentionLockTime", "next year"),
        ],
        "storage.buckets[0].retentionLockTime: 'next year'; must be a time in UTC such as",
    ),
    (
        [(f"{BUCKET}.replicate", True)],
        "tenancy.secondRegion: None; must be set with storage.buckets[0].replicate",
    ),
    (
        [("tenancy.secondRegion", "us-ashburn-1")],
        "tenancy.secondRegion: 'us-ashburn-1'; must be another region than the bucket's",
    ),
    (
        [("tenancy.secondRegion", "us-fenix-1")],
        "tenancy.secondRegion: 'us-fenix-1'; must be the name of an OCI",
    ),
    (
        [group(volumes={"vol": {"sizeGib": 49}})],
        "storage.volumeGroups[0].volumes['vol'].sizeGib: 49; must be from 50 to 32,768 GiB",
    ),
    (
        [group(volumes={"vol": {"sizeGib": 50, "vpusPerGib": 15}})],
        "storage.volumeGroups[0].volumes['vol'].vpusPerGib: 15; must be a multiple of 10 from 0 to 120",
    ),
    (
        [group(volumes={"vol": {"sizeGib": 50, "maxVpusPerGib": 10}})],
        "storage.volumeGroups[0].volumes['vol'].maxVpusPerGib: 10; must be more than vpusPerGib, 10",
    ),
    ([group(volumes={})], "storage.volumeGroups[0].volumes: 0; must be 1 to 64 volumes"),
    (
        [group(backups={"weekly": {"period": "weekly", "keepDays": 3}})],
        "storage.volumeGroups[0].backups['weekly'].keepDays: 3; must be 7 or more, or there are days",
    ),
    (
        [group(backups={"often": {"period": "minutely", "keepDays": 3}})],
        "storage.volumeGroups[0].backups['often'].period: 'minutely'; must be hourly, daily",
    ),
    ([group(copyBackups=True), SECOND], "storage.volumeGroups[0].copyBackups: True; must be left out"),
    (
        [group(copyBackups=True, backups={"daily": DAILY})],
        "tenancy.secondRegion: None; must be set with storage.volumeGroups[0].copyBackups",
    ),
    (
        [("storage.volumeGroups", [GROUP, GROUP])],
        "storage.volumeGroups[1].name: 'state'",
    ),
    (
        [group(availabilityDomain=2), ("tenancy.region", "us-sanjose-1")],
        "storage.volumeGroups[0].availabilityDomain: 2; must be 1 or less in us-sanjose-1",
    ),
    (
        [group(keyId="ocid1.key.oc1.phx.vault1.aaaa")],
        "storage.volumeGroups[0].keyId: 'ocid1.key.oc1.phx.vault1.aaaa'; must be in the environment's region",
    ),
    ([lustre(name="modelweights")], "storage.lustre.name: 'modelweights'; must be 1 to 8 letters"),
    (
        [lustre(capacityGb=30_000)],
        "storage.lustre.capacityGb: 30000; must be 31,200 GB, or more by steps of 10,400 up to 124,800",
    ),
    ([lustre(capacityGb=140_000)], "166,400 is the next"),
    ([lustre(mbpsPerTb=300)], "storage.lustre.mbpsPerTb: 300; must be one of 125, 250, 500, 1000"),
    (
        [lustre(links={"mod": {"bucket": "model-artefacts"}})],
        "storage.lustre.links['mod'].bucket: 'model-artefacts'; must be the name of one of storage.buckets. "
        "Did you mean `model-artifacts`?",
    ),
    (
        [lustre(capacityGb=998_400), ("network.subnets", {"private": "10.0.2.0/24"})],
        "network.subnets.private: '10.0.2.0/24'",
    ),
    ([files(exportPath="weights")], "storage.fileStorage.exportPath: 'weights'; must begin with /"),
    ([files(snapshotDays=0)], "storage.fileStorage.snapshotDays: 0; must be 1 or more days"),
    ([files(availabilityDomain=4)], "storage.fileStorage.availabilityDomain: 4"),
]


@pytest.mark.parametrize(("changes", "message"), WRONG, ids=[message[:60] for _, message in WRONG])
def test_a_wrong_storage_is_refused_with_path_and_message(changes: list[Change], message: str):
    with pytest.raises(InvalidInput) as found:
        load(config(*changes), "test")
    assert message in str(found.value)


@pytest.mark.parametrize(("changes", "message"), WRONG, ids=[message[:60] for _, message in WRONG])
def test_a_wrong_storage_leaves_nothing_behind(changes: list[Change], message: str):
    with pytest.raises(Exception, match=r"storage|tenancy|network") as found:
        offline(*changes)
    assert message in str(found.value), "the program stops at its settings, before any resource"


def offline(*changes: Change) -> OfflineRun:
    return run_offline(StackFile(config(*changes), frozenset(), "Pulumi.test.yaml"), "test")


def types_of(found: OfflineRun) -> set[str]:
    return {each.type.rsplit(":", 1)[-1] for each in found.resources}


def test_each_kind_of_storage_is_left_out_by_default():
    left_out = {"Volume", "FileStorageLustreFileSystem", "FileSystem", "MountTarget", "ReplicationPolicy"}
    assert not types_of(offline()) & left_out


def test_a_copy_lies_in_the_second_region_and_carries_no_rules():
    changes = (f"{BUCKET}.replicate", True), (f"{BUCKET}.lifecycle", rule("ABORT", 7, "multipart-uploads"))
    found = offline(SECOND, *changes)
    buckets = {each.name: each for each in found.resources if each.type.endswith(":Bucket") and each.custom}
    copy = buckets["test-model-artifacts-copy-bucket"]
    assert "retentionRules" not in copy.inputs
    assert copy.inputs["versioning"] == "Disabled"
    policies = [each for each in found.resources if "LifecyclePolicy" in each.type]
    assert [each.inputs["bucket"] for each in policies] == ["test-model-artifacts"]
    assert found.exports["storage"] == {
        "copies": {"model-artifacts": "us-phoenix-1/test-model-artifacts-copy"}
    }


def test_file_systems_bring_their_security_groups_and_stand_behind_them():
    found = {each.name: each for each in offline(lustre(), files()).resources}
    assert {"test-groups-lustre-group", "test-groups-filestorage-group"} <= found.keys()
    for name, group_name in (("test-lustre-lustre", "lustre"), ("test-files-target", "filestorage")):
        assert found[name].inputs["nsgIds"] == [
            f"ocid1.networksecuritygroup.oc1.iad.test-groups-{group_name}-group"
        ]


def test_a_protected_environment_protects_every_holder_of_data():
    held = {"Bucket", "Volume", "FileStorageLustreFileSystem", "FileSystem"}
    changes = ("tenancy.protect", True), lustre(), files(), group()
    kept = {each.type.rsplit(":", 1)[-1]: each.protect for each in offline(*changes).resources if each.custom}
    assert {kind: kept[kind] for kind in held} == dict.fromkeys(held, True)
