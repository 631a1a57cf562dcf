"""The storage section: mistakes are reported with their path, and valid values reach the resources."""

from infra.offline.recording import Recording
from infra.offline.run import run_offline
from infra.project.stackfile import StackFile
from tests.infra.settings.examples import Change, config
from tests.infra.settings.wrong.storage import BUCKET, SECOND, files, group, lustre, rule


def offline(*changes: Change) -> Recording:
    return run_offline(StackFile(config(*changes), frozenset(), "Pulumi.test.yaml"), "test")


def types_of(found: Recording) -> set[str]:
    return {each.type.rsplit(":", 1)[-1] for each in found.resources}


def test_each_kind_of_storage_is_left_out_by_default():
    left_out = {"Volume", "FileStorageLustreFileSystem", "FileSystem", "MountTarget", "ReplicationPolicy"}
    assert not types_of(offline()) & left_out


def test_a_copy_is_in_the_second_region_and_has_no_rules():
    changes = (f"{BUCKET}.replicate", True), (f"{BUCKET}.lifecycle", rule("ABORT", 7, "multipart-uploads"))
    found = offline(SECOND, *changes)
    buckets = {each.name: each for each in found.resources if each.type.endswith(":Bucket") and each.custom}
    copy = buckets["test-model-artifacts-copy-us-phoenix-1-bucket"]
    assert "retentionRules" not in copy.inputs
    assert copy.inputs["versioning"] == "Disabled"
    policies = [each for each in found.resources if "LifecyclePolicy" in each.type]
    assert [each.inputs["bucket"] for each in policies] == ["test-model-artifacts"]
    assert found.exports["storage"] == {
        "copies": {"model-artifacts": "us-phoenix-1/test-model-artifacts-copy"}
    }


def test_file_systems_add_and_use_their_security_groups():
    found = {each.name: each for each in offline(lustre(), files()).resources}
    assert {"test-groups-lustre-group", "test-groups-filestorage-group"} <= found.keys()
    for name, group_name in (("test-lustre-lustre", "lustre"), ("test-files-target", "filestorage")):
        assert found[name].inputs["nsgIds"] == [
            f"ocid1.networksecuritygroup.oc1.iad.test-groups-{group_name}-group"
        ]


def test_a_protected_environment_protects_every_resource_with_data():
    held = {"Bucket", "Volume", "FileStorageLustreFileSystem", "FileSystem"}
    changes = ("tenancy.protect", True), lustre(), files(), group()
    kept = {each.type.rsplit(":", 1)[-1]: each.protect for each in offline(*changes).resources if each.custom}
    assert {kind: kept[kind] for kind in held} == dict.fromkeys(held, True)
