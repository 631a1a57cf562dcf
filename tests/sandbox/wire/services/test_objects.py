"""Objects by the official SDK: conditions, folders, uploads in parts and retention."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.object_storage import models

from tests.sandbox.wire.conftest import Refused
from tests.sandbox.wire.services.buckets import made_bucket


def _put(storage: Any, namespace: str, *names: str) -> None:
    for name in names:
        storage.put_object(namespace, "weights", name, name.encode())


def test_a_rename_to_the_same_name_is_refused_and_keeps_the_object(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    _put(storage, namespace, "a")
    with refused() as refusal:
        storage.rename_object(namespace, "weights", models.RenameObjectDetails(source_name="a", new_name="a"))
    assert refusal.status == 400
    assert storage.get_object(namespace, "weights", "a").data.content == b"a"


@pytest.mark.parametrize("wrong", [{"src_obj_if_match_e_tag": "other"}, {"new_obj_if_none_match_e_tag": "*"}])
def test_the_conditions_of_a_rename_are_kept(
    storage: Any, namespace: str, refused: Callable[[], Refused], wrong: dict[str, str]
) -> None:
    made_bucket(storage, namespace)
    _put(storage, namespace, "a", "b")
    with refused() as refusal:
        storage.rename_object(
            namespace, "weights", models.RenameObjectDetails(source_name="a", new_name="b", **wrong)
        )
    assert refusal.status == 412
    assert storage.get_object(namespace, "weights", "a").data.content == b"a"


@pytest.mark.parametrize(
    "wrong",
    [{"source_object_if_match_e_tag": "other"}, {"destination_object_if_none_match_e_tag": "*"}],
)
def test_the_conditions_of_a_copy_are_kept(
    storage: Any, namespace: str, refused: Callable[[], Refused], wrong: dict[str, str]
) -> None:
    made_bucket(storage, namespace)
    _put(storage, namespace, "a", "b")
    details = models.CopyObjectDetails(
        source_object_name="a",
        destination_region="us-ashburn-1",
        destination_namespace=namespace,
        destination_bucket="weights",
        destination_object_name="b",
        **wrong,
    )
    with refused() as refusal:
        storage.copy_object(namespace, "weights", details)
    assert refusal.status == 412
    assert storage.get_object(namespace, "weights", "b").data.content == b"b"


def test_folders_and_objects_are_listed_by_pages_and_each_once(storage: Any, namespace: str) -> None:
    made_bucket(storage, namespace)
    _put(storage, namespace, "a", "b/1", "b/2", "c", "d/1")
    seen: list[str] = []
    start = ""
    while start is not None:
        page = storage.list_objects(namespace, "weights", delimiter="/", limit=2, start=start).data
        rows = [*(each.name for each in page.objects), *page.prefixes]
        assert len(rows) <= 2
        seen += rows
        start = page.next_start_with
    assert sorted(seen) == ["a", "b/", "c", "d/"]


def test_an_upload_in_parts_keeps_its_headers_and_holds_its_bucket(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    details = models.CreateMultipartUploadDetails(
        object="big", cache_control="no-cache", content_language="en", metadata={"opc-meta-team": "ml"}
    )
    upload = storage.create_multipart_upload(namespace, "weights", details).data.upload_id
    with refused() as refusal:
        storage.delete_bucket(namespace, "weights")
    assert refusal.status == 409
    etag = storage.upload_part(namespace, "weights", "big", upload, 1, b"part").headers["etag"]
    parts = [models.CommitMultipartUploadPartDetails(part_num=1, etag=etag)]
    storage.commit_multipart_upload(
        namespace,
        "weights",
        "big",
        upload,
        models.CommitMultipartUploadDetails(parts_to_commit=parts),
    )
    headers = storage.head_object(namespace, "weights", "big").headers
    assert {name: headers[name] for name in ("cache-control", "content-language", "opc-meta-team")} == {
        "cache-control": "no-cache",
        "content-language": "en",
        "opc-meta-team": "ml",
    }


@pytest.mark.parametrize("days", [1, None])
def test_a_retained_object_is_neither_replaced_renamed_nor_deleted(
    storage: Any, namespace: str, refused: Callable[[], Refused], days: int | None
) -> None:
    made_bucket(storage, namespace)
    _put(storage, namespace, "a")
    duration = models.Duration(time_amount=days, time_unit="DAYS") if days else None
    rule = models.CreateRetentionRuleDetails(display_name="hold", duration=duration)
    storage.create_retention_rule(namespace, "weights", rule)
    for change in (
        lambda: storage.put_object(namespace, "weights", "a", b"other"),
        lambda: storage.delete_object(namespace, "weights", "a"),
        lambda: storage.rename_object(
            namespace, "weights", models.RenameObjectDetails(source_name="a", new_name="b")
        ),
    ):
        with refused() as refusal:
            change()
        assert refusal.status == 409
    assert storage.get_object(namespace, "weights", "a").data.content == b"a"
    _put(storage, namespace, "new")


def test_what_a_client_tells_of_the_content_is_compared(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    for algorithm, right in (
        ("CRC32C", "4waSgw=="),
        ("SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        ("SHA384", None),
    ):
        name = f"opc_content_{algorithm.lower()}"
        told = {name: right} if right else {}
        answer = storage.put_object(
            namespace, "weights", "a", b"123456789", opc_checksum_algorithm=algorithm, **told
        )
        own = answer.headers[name.replace("_", "-")]
        assert right in (None, own)
        assert storage.head_object(namespace, "weights", "a").headers[name.replace("_", "-")] == own
        with refused() as refusal:
            wrong = {name: "AAAA"}
            storage.put_object(namespace, "weights", "a", b"1", opc_checksum_algorithm=algorithm, **wrong)
        assert (refusal.status, refusal.code) == (400, f"UnmatchedContent{algorithm}")
    upload = models.CreateMultipartUploadDetails(object="big")
    place = (namespace, "weights", "big", storage.create_multipart_upload(namespace, "weights", upload).data)
    with refused() as refusal:
        storage.upload_part(*place[:3], place[3].upload_id, 1, b"1", content_md5="AAAAAAAAAAAAAAAAAAAAAA==")
    assert refusal.code == "UnmatchedContentMD5"


def test_a_key_of_the_client_is_refused(storage: Any, namespace: str, refused: Callable[[], Refused]) -> None:
    made_bucket(storage, namespace)
    key = {"opc_sse_customer_algorithm": "AES256", "opc_sse_customer_key": "AAAA"}
    with refused() as refusal:
        storage.put_object(namespace, "weights", "a", b"1", **key)
    assert refusal.status == 501


def test_several_objects_are_deleted_at_once_each_for_itself(storage: Any, namespace: str) -> None:
    made_bucket(storage, namespace)
    _put(storage, namespace, "a", "b", "c")
    wanted = [
        models.BatchDeleteObjectIdentifier(object_name="a"),
        models.BatchDeleteObjectIdentifier(object_name="b", if_match="other"),
        models.BatchDeleteObjectIdentifier(object_name="none"),
    ]
    details = models.BatchDeleteObjectsDetails(objects=wanted)
    found = storage.batch_delete_objects(namespace, "weights", details).data
    assert [each.object_name for each in found.deleted] == ["a"]
    assert [(each.object_name, each.status_code) for each in found.failed] == [("b", 412), ("none", 404)]
    left = storage.list_objects(namespace, "weights").data.objects
    assert [each.name for each in left] == ["b", "c"]


def test_a_get_keeps_conditions_and_answers_with_other_headers(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    etag = storage.put_object(namespace, "weights", "a", b"123").headers["etag"]
    place = (namespace, "weights", "a")
    assert storage.get_object(*place, if_match=etag).data.content == b"123"
    with refused() as refusal:
        storage.get_object(*place, if_match="other")
    assert refusal.code == "IfMatchFailed"
    with refused() as refusal:
        storage.get_object(*place, if_none_match=etag)
    assert refusal.status == 304
    got = storage.get_object(*place, http_response_content_type="text/plain", range="bytes=-2")
    assert (got.headers["content-type"], got.data.content) == ("text/plain", b"23")
    with refused() as refusal:
        storage.get_object(*place, range="bytes=3-")
    assert (refusal.status, refusal.code) == (416, "InvalidRange")


def test_a_list_has_the_fields_and_the_bounds_that_are_asked_for(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    _put(storage, namespace, "a", "b", "c", "d")
    found = storage.list_objects(
        namespace, "weights", start="b", end="d", fields="NAME,etag,timeModified"
    ).data
    assert [(each.name, bool(each.etag), each.size) for each in found.objects] == [
        ("b", True, None),
        ("c", True, None),
    ]
    after = storage.list_objects(namespace, "weights", start_after="b").data.objects
    assert [each.name for each in after] == ["c", "d"]
    for wrong in ({"delimiter": "-"}, {"fields": "owner"}, {"limit": 1001}):
        with refused() as refusal:
            storage.list_objects(namespace, "weights", **wrong)
        assert refusal.status == 400


def test_an_upload_in_parts_meets_the_rules_and_conditions_of_its_object_at_once(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    _put(storage, namespace, "a")
    for details, options, status in (
        ({"object": "a"}, {"if_none_match": "*"}, 412),
        ({"object": "b\nc"}, {}, 400),
        ({"object": "b", "storageTier": "Cold"}, {}, 400),
    ):
        with refused() as refusal:
            storage.create_multipart_upload(namespace, "weights", details, **options)
        assert refusal.status == status
    assert storage.list_multipart_uploads(namespace, "weights").data == []


def test_metadata_in_a_body_may_have_any_letters_but_no_line_breaks(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    _put(storage, namespace, "a")
    details = models.CopyObjectDetails(
        source_object_name="a",
        destination_region="us-ashburn-1",
        destination_namespace=namespace,
        destination_bucket="weights",
        destination_object_name="b",
        destination_object_metadata={"opc-meta-city": "Zürich, 東京"},
    )
    storage.copy_object(namespace, "weights", details)
    found = storage.head_object(namespace, "weights", "b").headers["opc-meta-city"]
    assert found.encode("latin-1").decode() == "Zürich, 東京"
    details.destination_object_metadata = {"opc-meta-city": "a\r\nx-other: 1"}
    with refused() as refusal:
        storage.copy_object(namespace, "weights", details)
    assert refusal.status == 400
