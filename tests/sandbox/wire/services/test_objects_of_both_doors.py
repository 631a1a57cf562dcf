"""Objects through the provider and through the REST API are the same objects in one bucket."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from oci.object_storage import models

from sandbox.oci.errors import OciError
from sandbox.store import Store, open_store
from sandbox.tampering import delete
from tests.sandbox.oci.driver import BUCKET, COMPARTMENT, Driver, Made
from tests.sandbox.wire.conftest import Refused

OBJECT = "oci:ObjectStorage/storageObject:StorageObject"
PLACE = {"namespace": "axgenai", "bucket": "weights"}


@pytest.fixture
def driver(store: Store) -> Iterator[Driver]:
    with open_store(store.path) as other:
        yield Driver(other)


@pytest.fixture
def bucket(driver: Driver) -> Made:
    return driver.create(BUCKET, "bucket", namespace="axgenai", name="weights", compartmentId=COMPARTMENT)


@pytest.fixture
def made(driver: Driver, bucket: Made) -> Made:
    return driver.create(OBJECT, **PLACE, object="a", content="1", metadata={"team": "ml"}, contentType="x/y")


def test_what_the_provider_creates_the_rest_api_shows(storage: Any, made: Made) -> None:
    assert [each.name for each in storage.list_objects("axgenai", "weights").data.objects] == ["a"]
    got = storage.get_object("axgenai", "weights", "a")
    assert got.data.content == b"1"
    assert (got.headers["content-type"], got.headers["opc-meta-team"]) == ("x/y", "ml")
    assert storage.head_object("axgenai", "weights", "a").headers["content-md5"] == made.outputs["contentMd5"]
    bucket = storage.get_bucket("axgenai", "weights", fields=["approximateCount"]).data
    assert (bucket.approximate_count, bucket.approximate_size) == (1, 1)


def test_both_doors_count_all_objects(driver: Driver, storage: Any, bucket: Made, made: Made) -> None:
    storage.put_object("axgenai", "weights", "b", b"22")
    found = driver.read(bucket)
    assert found is not None
    assert (found.outputs["approximateCount"], found.outputs["approximateSize"]) == ("2", "3")
    shown = storage.get_bucket("axgenai", "weights").data
    assert (shown.approximate_count, shown.approximate_size) == (2, 3)


def test_what_the_rest_api_deletes_the_provider_misses(driver: Driver, storage: Any, made: Made) -> None:
    assert driver.read(made)
    storage.delete_object("axgenai", "weights", "a")
    assert driver.read(made) is None
    assert driver.cloud.all(OBJECT) == []


def test_what_the_rest_api_overwrites_the_provider_reads_back(
    driver: Driver, storage: Any, made: Made
) -> None:
    storage.put_object("axgenai", "weights", "a", b"other", content_type="x/z")
    found = driver.read(made)
    assert found is not None
    assert (found.inputs["content"], found.inputs["contentType"]) == ("other", "x/z")
    assert (found.outputs["contentLength"], found.outputs["metadata"]) == ("5", {})


def test_what_the_provider_deletes_is_gone_and_the_bucket_is_deleted_last(
    driver: Driver, storage: Any, bucket: Made, made: Made, refused: Callable[[], Refused]
) -> None:
    with pytest.raises(OciError, match="BucketNotEmpty"):
        driver.delete(bucket)
    driver.delete(made)
    with refused() as refusal:
        storage.get_object("axgenai", "weights", "a")
    assert refusal.code == "ObjectNotFound"
    storage.put_object("axgenai", "weights", "b", b"2")
    with pytest.raises(OciError, match="BucketNotEmpty"):
        driver.delete(bucket)
    storage.delete_object("axgenai", "weights", "b")
    driver.delete(bucket)


def test_the_provider_writes_over_an_uploaded_object(driver: Driver, bucket: Made, storage: Any) -> None:
    storage.put_object("axgenai", "weights", "a", b"uploaded")
    driver.create(OBJECT, **PLACE, object="a", content="planned")
    assert storage.get_object("axgenai", "weights", "a").data.content == b"planned"


def test_an_update_renames_the_object_and_changes_its_tier(driver: Driver, storage: Any, made: Made) -> None:
    driver.update(made, **{**made.inputs, "object": "b", "storageTier": "InfrequentAccess"})
    assert [each.name for each in storage.list_objects("axgenai", "weights").data.objects] == ["b"]
    head = storage.head_object("axgenai", "weights", "b").headers
    assert (head["storage-tier"], head["opc-meta-team"]) == ("InfrequentAccess", "ml")


def test_an_object_is_created_from_a_file_and_from_another_object(
    driver: Driver, bucket: Made, storage: Any, tmp_path: Path
) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(bytes(range(256)))
    driver.create(OBJECT, "file", **PLACE, object="file", source=str(file))
    uri = {"region": "us-ashburn-1", "namespace": "axgenai", "bucket": "weights", "object": "file"}
    driver.create(OBJECT, "copy", **PLACE, object="copy", sourceUriDetails=uri)
    for name in ("file", "copy"):
        assert storage.get_object("axgenai", "weights", name).data.content == file.read_bytes()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"source": "/no/such/file"}, "InvalidParameter"),
        ({"content": "1", "contentMd5": "AAAAAAAAAAAAAAAAAAAAAA=="}, "UnmatchedContentMD5"),
        ({"content": "1", "bucket": "none"}, "BucketNotFound"),
        ({"content": "1", "object": "a\nb"}, "InvalidObjectName"),
    ],
)
def test_a_wrong_object_is_refused(driver: Driver, bucket: Made, wrong: dict[str, str], code: str) -> None:
    with pytest.raises(OciError, match=code):
        driver.create(OBJECT, **{**PLACE, "object": "a", **wrong})


def test_an_uploaded_object_is_imported(driver: Driver, bucket: Made, storage: Any) -> None:
    storage.put_object("axgenai", "weights", "a/b", b"uploaded", content_type="x/y")
    found = driver.read(Made(driver.urn(OBJECT, "it"), "n/axgenai/b/weights/o/a/b", {}, {}))
    assert found is not None
    assert (found.outputs["object"], found.outputs["contentType"]) == ("a/b", "x/y")
    driver.delete(found)
    assert storage.list_objects("axgenai", "weights").data.objects == []


def test_the_provider_deletes_all_versions_if_it_is_told_to(
    driver: Driver, bucket: Made, storage: Any
) -> None:
    details = models.UpdateBucketDetails(versioning="Enabled")
    storage.update_bucket("axgenai", "weights", details)
    storage.put_object("axgenai", "weights", "a", b"0")
    one = driver.create(OBJECT, **PLACE, object="a", content="1")
    other = driver.create(OBJECT, "all", **PLACE, object="b", content="1", deleteAllObjectVersions=True)
    driver.delete(one)
    driver.delete(other)
    left = storage.list_object_versions("axgenai", "weights").data.items
    assert [(each.name, each.is_delete_marker) for each in left] == [("a", True), ("a", False), ("a", False)]


def test_an_object_whose_creation_was_never_recorded_is_taken_back(
    driver: Driver, storage: Any, made: Made
) -> None:
    driver.cloud.store.forget(made.urn, made.id)
    assert storage.list_objects("axgenai", "weights").data.objects == []


def test_metadata_of_a_program_has_any_letters(driver: Driver, bucket: Made, storage: Any) -> None:
    made = driver.create(OBJECT, **PLACE, object="a", content="1", metadata={"city": "東京"})
    found = storage.head_object("axgenai", "weights", "a").headers["opc-meta-city"]
    assert found.encode("latin-1").decode() == "東京"
    read = driver.read(made)
    assert read is not None
    assert read.outputs["metadata"] == {"city": "東京"}
    with pytest.raises(OciError, match="control characters"):
        driver.create(OBJECT, "other", **PLACE, object="b", content="1", metadata={"city": "a\nb"})


def test_the_objects_of_a_bucket_that_is_deleted_by_force_are_gone_with_it(
    driver: Driver, bucket: Made, storage: Any
) -> None:
    storage.put_object("axgenai", "weights", "a", b"1")
    upload = models.CreateMultipartUploadDetails(object="big")
    storage.create_multipart_upload("axgenai", "weights", upload)
    delete(driver.cloud, "weights", force=True)
    driver.create(BUCKET, "again", namespace="axgenai", name="weights", compartmentId=COMPARTMENT)
    assert storage.list_objects("axgenai", "weights").data.objects == []
    assert storage.list_multipart_uploads("axgenai", "weights").data == []


def test_a_deletion_by_another_client_leaves_the_versions_that_the_provider_would_delete(
    driver: Driver, bucket: Made, storage: Any
) -> None:
    storage.update_bucket("axgenai", "weights", models.UpdateBucketDetails(versioning="Enabled"))
    driver.create(OBJECT, **PLACE, object="a", content="1", deleteAllObjectVersions=True)
    storage.delete_object("axgenai", "weights", "a")
    left = storage.list_object_versions("axgenai", "weights").data.items
    assert [(each.name, each.is_delete_marker) for each in left] == [("a", True), ("a", False)]
    assert driver.cloud.all(OBJECT) == []


def test_the_provider_does_not_rename_a_retained_object_and_does_not_replace_one(
    driver: Driver, storage: Any, bucket: Made, made: Made
) -> None:
    other = driver.create(OBJECT, "other", **PLACE, object="b", content="2")
    details = models.CreateRetentionRuleDetails(display_name="keep")
    storage.create_retention_rule("axgenai", "weights", details)
    for each, name in ((made, "c"), (other, "a")):
        with pytest.raises(OciError, match="retained by the rule 'keep'"):
            driver.update(each, **{**each.inputs, "object": name})
    driver.update(made, **{**made.inputs, "storageTier": "InfrequentAccess"})
    assert [each.name for each in storage.list_objects("axgenai", "weights").data.objects] == ["a", "b"]
