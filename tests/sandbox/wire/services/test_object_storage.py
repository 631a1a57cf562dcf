"""Object Storage by the official SDK: buckets, their policies, objects and uploads in parts."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from oci.object_storage import ObjectStorageClient, UploadManager, models

from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Servers, Wire
from tests.sandbox.wire.services.buckets import made_bucket


def test_a_bucket_is_created_read_listed_updated_and_deleted(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made = made_bucket(storage, namespace)
    assert (made.name, made.namespace, made.versioning) == ("weights", namespace, "Disabled")
    assert made.id.startswith("ocid1.bucket.")
    assert storage.get_bucket(namespace, "weights").data.storage_tier == "Standard"
    assert storage.head_bucket(namespace, "weights").headers["etag"]
    assert [each.name for each in storage.list_buckets(namespace, COMPARTMENT).data] == ["weights"]
    changed = models.UpdateBucketDetails(versioning="Enabled")
    assert storage.update_bucket(namespace, "weights", changed).data.versioning == "Enabled"
    with refused() as refusal:
        made_bucket(storage, namespace)
    assert (refusal.status, refusal.code) == (409, "BucketAlreadyExists")
    with refused() as refusal:
        storage.update_bucket(namespace, "weights", models.UpdateBucketDetails(name="other"))
    assert refusal.status == 501
    storage.delete_bucket(namespace, "weights")
    with refused() as refusal:
        storage.get_bucket(namespace, "weights")
    assert refusal.status == 404


def test_one_name_in_two_regions_is_two_buckets(servers: Servers) -> None:
    here, there = (
        servers.start(name).client(ObjectStorageClient) for name in ("us-ashburn-1", "eu-frankfurt-1")
    )
    namespace = here.get_namespace().data
    assert there.get_namespace().data == namespace
    one, other = made_bucket(here, namespace), made_bucket(there, namespace)
    assert one.id != other.id
    here.put_object(namespace, "weights", "a", b"here")
    assert there.list_objects(namespace, "weights").data.objects == []
    there.delete_bucket(namespace, "weights")
    assert here.get_object(namespace, "weights", "a").data.content == b"here"


def test_an_object_comes_back_as_it_was_put(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    content = bytes(range(256)) * 40
    put = storage.put_object(
        namespace,
        "weights",
        "llama/part 1.bin",
        io.BytesIO(content),
        content_type="x/y",
        opc_meta={"run": "7"},
    )
    got = storage.get_object(namespace, "weights", "llama/part 1.bin")
    assert got.data.content == content
    assert (got.headers["etag"], got.headers["content-type"]) == (put.headers["etag"], "x/y")
    assert got.headers["opc-meta-run"] == "7"
    head = storage.head_object(namespace, "weights", "llama/part 1.bin")
    assert head.headers["content-length"] == str(len(content))
    part = storage.get_object(namespace, "weights", "llama/part 1.bin", range="bytes=10-19")
    assert (part.status, part.data.content) == (206, content[10:20])
    with refused() as refusal:
        storage.delete_bucket(namespace, "weights")
    assert refusal.code == "BucketNotEmpty"
    storage.delete_object(namespace, "weights", "llama/part 1.bin")
    with refused() as refusal:
        storage.get_object(namespace, "weights", "llama/part 1.bin")
    assert refusal.code == "ObjectNotFound"


def test_conditions_on_a_put_are_kept(storage: Any, namespace: str, refused: Callable[[], Refused]) -> None:
    made_bucket(storage, namespace)
    first = storage.put_object(namespace, "weights", "a", b"1")
    with refused() as refusal:
        storage.put_object(namespace, "weights", "a", b"2", if_none_match="*")
    assert (refusal.status, refusal.code) == (412, "IfNoneMatchFailed")
    storage.put_object(namespace, "weights", "a", b"2", if_match=first.headers["etag"])
    with refused() as refusal:
        storage.put_object(namespace, "weights", "a", b"3", if_match=first.headers["etag"])
    assert refusal.code == "IfMatchFailed"
    with refused() as refusal:
        storage.put_object(namespace, "weights", "b", b"3", content_md5="AAAAAAAAAAAAAAAAAAAAAA==")
    assert refusal.code == "UnmatchedContentMD5"
    with refused() as refusal:
        storage.put_object(namespace, "nothing", "b", b"3")
    assert refusal.code == "BucketNotFound"


def test_objects_are_listed_by_prefix_folder_and_page(storage: Any, namespace: str) -> None:
    made_bucket(storage, namespace)
    for name in ("a/1", "a/2", "b/1", "c"):
        storage.put_object(namespace, "weights", name, name.encode())
    folders = storage.list_objects(namespace, "weights", delimiter="/").data
    assert ([each.name for each in folders.objects], folders.prefixes) == (["c"], ["a/", "b/"])
    below = storage.list_objects(namespace, "weights", prefix="a/", fields="name,size").data.objects
    assert [(each.name, each.size) for each in below] == [("a/1", 3), ("a/2", 3)]
    first = storage.list_objects(namespace, "weights", limit=3).data
    rest = storage.list_objects(namespace, "weights", start=first.next_start_with).data
    assert [each.name for each in rest.objects] == ["c"]


def test_a_large_file_is_uploaded_in_parts(storage: Any, namespace: str, tmp_path: Path) -> None:
    made_bucket(storage, namespace)
    file = tmp_path / "model.bin"
    file.write_bytes(b"0123456789" * 30_000)
    manager = UploadManager(storage, allow_parallel_uploads=True, parallel_process_count=2)
    manager.upload_file(namespace, "weights", "model.bin", str(file), part_size=100_000)
    assert storage.get_object(namespace, "weights", "model.bin").data.content == file.read_bytes()
    assert storage.list_multipart_uploads(namespace, "weights").data == []


def test_an_upload_is_given_up(storage: Any, namespace: str, refused: Callable[[], Refused]) -> None:
    made_bucket(storage, namespace)
    details = models.CreateMultipartUploadDetails(object="x")
    upload = storage.create_multipart_upload(namespace, "weights", details).data
    storage.upload_part(namespace, "weights", "x", upload.upload_id, 1, b"abc")
    parts = storage.list_multipart_upload_parts(namespace, "weights", "x", upload.upload_id).data
    assert [(each.part_number, each.size) for each in parts] == [(1, 3)]
    wrong = models.CommitMultipartUploadPartDetails(part_num=2, etag="x")
    with refused() as refusal:
        storage.commit_multipart_upload(
            namespace,
            "weights",
            "x",
            upload.upload_id,
            models.CommitMultipartUploadDetails(parts_to_commit=[wrong]),
        )
    assert refusal.code == "InvalidUploadPart"
    storage.abort_multipart_upload(namespace, "weights", "x", upload.upload_id)
    with refused() as refusal:
        storage.upload_part(namespace, "weights", "x", upload.upload_id, 1, b"abc")
    assert refusal.status == 404


def test_an_object_is_copied_to_another_region_and_renamed(servers: Servers) -> None:
    here, there = (
        servers.start(name).client(ObjectStorageClient) for name in ("us-ashburn-1", "eu-frankfurt-1")
    )
    namespace = here.get_namespace().data
    made_bucket(here, namespace)
    made_bucket(there, namespace, "copies")
    here.put_object(namespace, "weights", "a", b"1")
    details = models.CopyObjectDetails(
        source_object_name="a",
        destination_region="eu-frankfurt-1",
        destination_namespace=namespace,
        destination_bucket="copies",
        destination_object_name="b",
    )
    answer = here.copy_object(namespace, "weights", details)
    states = [here.get_work_request(answer.headers["opc-work-request-id"]).data.status for _ in range(2)]
    assert states == ["IN_PROGRESS", "COMPLETED"]
    there.rename_object(namespace, "copies", models.RenameObjectDetails(source_name="b", new_name="c"))
    assert there.get_object(namespace, "copies", "c").data.content == b"1"


def test_a_lifecycle_policy_is_put_twice_read_and_deleted(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    for days in (30, 60):
        item = models.ObjectLifecycleRule(
            name="old", action="DELETE", time_amount=days, time_unit="DAYS", is_enabled=True, target="objects"
        )
        storage.put_object_lifecycle_policy(
            namespace, "weights", models.PutObjectLifecyclePolicyDetails(items=[item])
        )
    found = storage.get_object_lifecycle_policy(namespace, "weights").data
    assert [(each.name, each.time_amount) for each in found.items] == [("old", 60)]
    wrong = models.ObjectLifecycleRule(
        name="old", action="BURN", time_amount=1, time_unit="DAYS", is_enabled=True
    )
    with refused() as refusal:
        storage.put_object_lifecycle_policy(
            namespace, "weights", models.PutObjectLifecyclePolicyDetails(items=[wrong])
        )
    assert refusal.status == 400
    storage.delete_object_lifecycle_policy(namespace, "weights")


def test_nobody_writes_to_the_destination_of_a_replication(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    made_bucket(storage, namespace, "copies")
    details = models.CreateReplicationPolicyDetails(
        name="copy", destination_region_name="us-ashburn-1", destination_bucket_name="copies"
    )
    policy = storage.create_replication_policy(namespace, "weights", details).data
    assert storage.get_replication_policy(namespace, "weights", policy.id).data.name == "copy"
    assert [each.id for each in storage.list_replication_policies(namespace, "weights").data] == [policy.id]
    with refused() as refusal:
        storage.put_object(namespace, "copies", "a", b"1")
    assert refusal.code == "BucketIsReadOnly"
    storage.delete_replication_policy(namespace, "weights", policy.id)
    storage.put_object(namespace, "copies", "a", b"1")


def test_retention_rules_are_created_listed_changed_and_deleted(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    place = (namespace, "weights")
    assert storage.list_retention_rules(*place).data.items == []
    week = models.Duration(time_amount=7, time_unit="DAYS")
    details = models.CreateRetentionRuleDetails(display_name="week", duration=week)
    made = storage.create_retention_rule(*place, details).data
    assert (made.display_name, made.duration.time_amount, made.duration.time_unit) == ("week", 7, "DAYS")
    assert [each.id for each in storage.list_retention_rules(*place).data.items] == [made.id]
    month = models.UpdateRetentionRuleDetails(duration=models.Duration(time_amount=30, time_unit="DAYS"))
    assert storage.update_retention_rule(*place, made.id, month).data.duration.time_amount == 30
    assert storage.get_retention_rule(*place, made.id).data.display_name == "week"
    with refused() as refusal:
        storage.update_bucket(*place, models.UpdateBucketDetails(versioning="Enabled"))
    assert refusal.status == 400
    with refused() as refusal:
        storage.update_retention_rule(*place, made.id, month, if_match="old")
    assert refusal.status == 412
    storage.delete_retention_rule(*place, made.id)
    assert storage.list_retention_rules(*place).data.items == []
    with refused() as refusal:
        storage.get_retention_rule(*place, made.id)
    assert refusal.status == 404


def test_the_namespace_says_where_other_apis_create_buckets(
    storage: Any, namespace: str, refused: Callable[[], Refused], wire: Wire
) -> None:
    assert storage.get_namespace_metadata(namespace).data.default_s3_compartment_id == wire.profile.tenancy
    details = models.UpdateNamespaceMetadataDetails(default_s3_compartment_id=COMPARTMENT)
    changed = storage.update_namespace_metadata(namespace, details).data
    assert changed.default_s3_compartment_id == COMPARTMENT
    assert storage.get_namespace_metadata(namespace).data.default_swift_compartment_id == wire.profile.tenancy
    with refused() as refusal:
        storage.get_namespace_metadata("other")
    assert refusal.status == 404
