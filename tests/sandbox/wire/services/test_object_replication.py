"""Replication copies and deletes objects, by the official SDK."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from oci.object_storage import ObjectStorageClient, models

from sandbox.oci.services.object_storage.aging import age
from tests.sandbox.oci.driver import BUCKET
from tests.sandbox.wire.conftest import Refused, Servers, Wire
from tests.sandbox.wire.services.buckets import made_bucket

THERE = "eu-frankfurt-1"


@dataclass
class Pair:
    """A bucket `weights` here, and a bucket `copies` in another region."""

    here: Any
    there: Any
    namespace: str
    wire: Wire
    policy: Any = None

    def replicate(self) -> None:
        details = models.CreateReplicationPolicyDetails(
            name="copy", destination_region_name=THERE, destination_bucket_name="copies"
        )
        self.policy = self.here.create_replication_policy(self.namespace, "weights", details).data

    def put(self, name: str, content: bytes = b"1", **options: Any) -> Any:
        return self.here.put_object(self.namespace, "weights", name, content, **options)

    def copies(self) -> list[str]:
        return [each.name for each in self.there.list_objects(self.namespace, "copies").data.objects]

    def read(self, name: str) -> Any:
        return self.there.get_object(self.namespace, "copies", name)


@pytest.fixture
def pair(servers: Servers) -> Pair:
    wire, other = servers.start(), servers.start(THERE)
    here, there = wire.client(ObjectStorageClient), other.client(ObjectStorageClient)
    found = Pair(here, there, here.get_namespace().data, wire)
    made_bucket(here, found.namespace)
    made_bucket(there, found.namespace, "copies")
    return found


def test_what_is_put_after_the_policy_is_copied(pair: Pair) -> None:
    pair.put("before")
    pair.replicate()
    made = pair.put("after", b"content", opc_meta={"run": "7"}, content_type="x/y")
    assert pair.copies() == ["after"]
    copy = pair.read("after")
    assert copy.data.content == b"content"
    assert (copy.headers["opc-meta-run"], copy.headers["content-type"]) == ("7", "x/y")
    assert (copy.headers["etag"], copy.headers["content-md5"]) == (
        made.headers["etag"],
        made.headers["opc-content-md5"],
    )


def test_what_is_overwritten_renamed_or_deleted_is_so_in_the_destination(pair: Pair) -> None:
    pair.replicate()
    pair.put("a", b"1")
    pair.put("a", b"2")
    assert pair.read("a").data.content == b"2"
    details = models.RenameObjectDetails(source_name="a", new_name="b")
    pair.here.rename_object(pair.namespace, "weights", details)
    assert pair.copies() == ["b"]
    pair.here.delete_object(pair.namespace, "weights", "b")
    assert pair.copies() == []


def test_an_upload_in_parts_and_a_copy_are_replicated(pair: Pair) -> None:
    pair.replicate()
    place = (pair.namespace, "weights")
    details = models.CreateMultipartUploadDetails(object="big")
    upload = pair.here.create_multipart_upload(*place, details).data.upload_id
    etag = pair.here.upload_part(*place, "big", upload, 1, b"part").headers["etag"]
    parts = [models.CommitMultipartUploadPartDetails(part_num=1, etag=etag)]
    commit = models.CommitMultipartUploadDetails(parts_to_commit=parts)
    pair.here.commit_multipart_upload(*place, "big", upload, commit)
    copy = models.CopyObjectDetails(
        source_object_name="big",
        destination_region="us-ashburn-1",
        destination_namespace=pair.namespace,
        destination_bucket="weights",
        destination_object_name="copy",
    )
    pair.here.copy_object(*place, copy)
    assert pair.copies() == ["big", "copy"]
    assert pair.read("big").headers["opc-multipart-md5"].endswith("-1")


def test_a_deletion_in_a_versioned_source_follows_and_its_versions_stay_there(pair: Pair) -> None:
    place = (pair.namespace, "weights")
    pair.here.update_bucket(*place, models.UpdateBucketDetails(versioning="Enabled"))
    pair.replicate()
    pair.put("a", b"1")
    pair.put("a", b"2")
    assert len(pair.there.list_object_versions(pair.namespace, "copies").data.items) == 1
    pair.here.delete_object(*place, "a")
    assert pair.copies() == []
    assert len(pair.here.list_object_versions(*place).data.items) == 3


def test_a_deletion_by_a_lifecycle_rule_follows_but_none_happens_in_the_destination(pair: Pair) -> None:
    pair.replicate()
    pair.put("a")
    rules = [
        models.ObjectLifecycleRule(
            name=action, action=action, time_amount=days, time_unit="DAYS", is_enabled=True, target="objects"
        )
        for action, days in (("ARCHIVE", 5), ("DELETE", 10))
    ]
    policy = models.PutObjectLifecyclePolicyDetails(items=rules)
    buckets = {each.inputs["name"]: each for each in pair.wire.cloud.all(BUCKET)}
    pair.there.put_object_lifecycle_policy(pair.namespace, "copies", policy)
    age(pair.wire.cloud, buckets["copies"], 20)
    assert pair.copies() == ["a"]
    assert pair.there.head_object(pair.namespace, "copies", "a").headers["storage-tier"] == "Archive"
    pair.here.put_object_lifecycle_policy(pair.namespace, "weights", policy)
    age(pair.wire.cloud, buckets["weights"], 20)
    assert pair.copies() == []


def test_the_destination_is_read_only_until_it_is_made_writable(
    pair: Pair, refused: Callable[[], Refused]
) -> None:
    pair.replicate()
    pair.put("a")
    place = (pair.namespace, "copies")
    bucket = pair.there.get_bucket(*place).data
    assert (bucket.is_read_only, bucket.replication_enabled) == (True, False)
    assert pair.here.get_bucket(pair.namespace, "weights").data.replication_enabled
    sources = pair.there.list_replication_sources(*place).data
    assert [(each.source_region_name, each.source_bucket_name) for each in sources] == [
        ("us-ashburn-1", "weights")
    ]
    versioned = models.UpdateBucketDetails(versioning="Enabled")
    for call in (
        lambda: pair.there.put_object(*place, "b", b"1"),
        lambda: pair.there.delete_object(*place, "a"),
        lambda: pair.there.delete_bucket(*place),
        lambda: pair.there.update_bucket(*place, versioned),
    ):
        with refused() as refusal:
            call()
        assert refusal.status == 409
    pair.there.make_bucket_writable(*place)
    pair.there.put_object(*place, "b", b"1")
    pair.put("c")
    assert pair.copies() == ["a", "b"]
    policy = pair.here.get_replication_policy(pair.namespace, "weights", pair.policy.id).data
    assert policy.status == "CLIENT_ERROR"
    with refused() as refusal:
        pair.there.make_bucket_writable(*place)
    assert refusal.status == 409


def test_a_deleted_policy_copies_no_more(pair: Pair) -> None:
    pair.replicate()
    assert pair.policy.status == "ACTIVE"
    pair.put("a")
    pair.here.delete_replication_policy(pair.namespace, "weights", pair.policy.id)
    pair.put("b")
    assert pair.copies() == ["a"]
    pair.there.delete_object(pair.namespace, "copies", "a")
