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
