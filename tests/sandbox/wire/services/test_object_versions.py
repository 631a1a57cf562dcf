"""Versions of objects by the official SDK."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from oci.object_storage import models

from tests.sandbox.wire.conftest import Refused
from tests.sandbox.wire.services.buckets import made_bucket

Storage = Any
Row = tuple[str, str, bool]


@pytest.fixture
def place(storage: Any, namespace: str) -> tuple[str, str]:
    """Namespace and name of a bucket with versioning."""
    made_bucket(storage, namespace)
    versioning(storage, (namespace, "weights"), "Enabled")
    return namespace, "weights"


def versioning(storage: Any, place: tuple[str, str], word: str) -> None:
    storage.update_bucket(*place, models.UpdateBucketDetails(versioning=word))


def versions(storage: Any, place: tuple[str, str], **options: Any) -> list[tuple[str, bool]]:
    found = storage.list_object_versions(*place, fields="size,etag", **options).data.items
    return [(each.version_id, each.is_delete_marker) for each in found]


def put(storage: Any, place: tuple[str, str], content: bytes, name: str = "a") -> str:
    return storage.put_object(*place, name, content).headers["version-id"]


def test_what_is_overwritten_stays_as_a_previous_version(storage: Any, place: tuple[str, str]) -> None:
    first, second = put(storage, place, b"1"), put(storage, place, b"22")
    assert versions(storage, place) == [(second, False), (first, False)]
    assert storage.get_object(*place, "a").data.content == b"22"
    old = storage.get_object(*place, "a", version_id=first)
    assert (old.data.content, old.headers["version-id"]) == (b"1", first)
    assert storage.head_object(*place, "a", version_id=first).headers["content-length"] == "1"
    assert [each.name for each in storage.list_objects(*place).data.objects] == ["a"]


def test_a_deletion_leaves_a_marker_whose_deletion_brings_the_object_back(
    storage: Any, place: tuple[str, str], refused: Callable[[], Refused]
) -> None:
    first = put(storage, place, b"1")
    gone = storage.delete_object(*place, "a").headers
    marker = gone["version-id"]
    assert gone["is-delete-marker"] == "true"
    assert versions(storage, place) == [(marker, True), (first, False)]
    assert storage.list_objects(*place).data.objects == []
    for call in (
        lambda: storage.get_object(*place, "a"),
        lambda: storage.get_object(*place, "a", version_id=marker),
        lambda: storage.delete_object(*place, "a"),
    ):
        with refused() as refusal:
            call()
        assert (refusal.status, refusal.code) == (404, "ObjectNotFound")
    assert storage.get_object(*place, "a", version_id=first).data.content == b"1"
    storage.delete_object(*place, "a", version_id=marker)
    assert storage.get_object(*place, "a").data.content == b"1"


def test_a_version_that_is_deleted_by_its_id_is_gone(
    storage: Any, place: tuple[str, str], refused: Callable[[], Refused]
) -> None:
    first, second, third = (put(storage, place, content) for content in (b"1", b"2", b"3"))
    storage.delete_object(*place, "a", version_id=second)
    assert versions(storage, place) == [(third, False), (first, False)]
    storage.delete_object(*place, "a", version_id=third)
    assert storage.get_object(*place, "a").data.content == b"1"
    with refused() as refusal:
        storage.delete_object(*place, "a", version_id=third)
    assert refusal.status == 404


def test_a_bucket_with_versions_is_not_deleted(
    storage: Any, place: tuple[str, str], refused: Callable[[], Refused]
) -> None:
    put(storage, place, b"1")
    storage.delete_object(*place, "a")
    with refused() as refusal:
        storage.delete_bucket(*place)
    assert (refusal.status, refusal.code) == (409, "BucketNotEmpty")
    for version, _ in versions(storage, place):
        storage.delete_object(*place, "a", version_id=version)
    storage.delete_bucket(*place)


def test_suspended_versioning_keeps_the_versions_from_before_and_makes_no_more(
    storage: Any, place: tuple[str, str]
) -> None:
    before = put(storage, place, b"1")
    versioning(storage, place, "Suspended")
    put(storage, place, b"2")
    last = put(storage, place, b"3")
    assert versions(storage, place) == [(last, False), (before, False)]
    storage.delete_object(*place, "a")
    assert versions(storage, place) == [(before, False)]
    assert storage.list_objects(*place).data.objects == []
    versioning(storage, place, "Enabled")
    again = put(storage, place, b"4")
    assert versions(storage, place) == [(again, False), (before, False)]


def test_an_object_from_before_versioning_becomes_a_previous_version(storage: Any, namespace: str) -> None:
    made_bucket(storage, namespace)
    place = namespace, "weights"
    first = put(storage, place, b"1")
    put(storage, place, b"2", "b")
    storage.delete_object(*place, "b")
    versioning(storage, place, "Enabled")
    second = put(storage, place, b"3")
    assert versions(storage, place) == [(second, False), (first, False)]


def test_versions_are_listed_by_page_prefix_and_folder(storage: Any, place: tuple[str, str]) -> None:
    ids = [put(storage, place, b"1", name) for name in ("a", "a", "b/1", "b/2", "c")]
    expected = [ids[1], ids[0], *ids[2:]]
    seen: list[str] = []
    page = None
    while page is not None or not seen:
        answer = storage.list_object_versions(*place, limit=2, **({"page": page} if page else {}))
        seen += [each.version_id for each in answer.data.items]
        page = answer.headers.get("opc-next-page")
    assert seen == expected
    assert versions(storage, place, prefix="b/") == [(ids[2], False), (ids[3], False)]
    folders = storage.list_object_versions(*place, delimiter="/").data
    assert ([each.name for each in folders.items], folders.prefixes) == (["a", "a", "c"], ["b/"])
    assert versions(storage, place, start="b", end="c") == [(ids[2], False), (ids[3], False)]


def test_a_previous_version_is_copied_and_a_rename_makes_a_new_object(
    storage: Any, place: tuple[str, str]
) -> None:
    first = put(storage, place, b"1")
    put(storage, place, b"2")
    details = models.CopyObjectDetails(
        source_object_name="a",
        source_version_id=first,
        destination_region="us-ashburn-1",
        destination_namespace=place[0],
        destination_bucket=place[1],
        destination_object_name="copy",
    )
    storage.copy_object(*place, details)
    assert storage.get_object(*place, "copy").data.content == b"1"
    storage.rename_object(*place, models.RenameObjectDetails(source_name="a", new_name="b"))
    assert [each.name for each in storage.list_objects(*place).data.objects] == ["b", "copy"]
    assert len(versions(storage, place, prefix="a")) == 3


def test_retention_rules_protect_the_versions_of_a_suspended_bucket(
    storage: Any, place: tuple[str, str], refused: Callable[[], Refused]
) -> None:
    first = put(storage, place, b"1")
    put(storage, place, b"2")
    versioning(storage, place, "Suspended")
    rule = models.CreateRetentionRuleDetails(display_name="hold")
    made = storage.create_retention_rule(*place, rule).data
    for call in (
        lambda: put(storage, place, b"3"),
        lambda: storage.delete_object(*place, "a"),
        lambda: storage.delete_object(*place, "a", version_id=first),
        lambda: versioning(storage, place, "Enabled"),
    ):
        with refused() as refusal:
            call()
        assert refusal.status in (400, 409)
    storage.delete_retention_rule(*place, made.id)
    storage.delete_object(*place, "a", version_id=first)


def test_no_version_is_lost_when_clients_write_at_once(storage: Any, place: tuple[str, str]) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda number: put(storage, place, b"%d" % number), range(24)))
    found = versions(storage, place)
    assert {version for version, _ in found} == made
    latest = storage.head_object(*place, "a").headers["version-id"]
    assert found[0][0] == latest
    storage.delete_object(*place, "a", version_id=latest)
    assert storage.head_object(*place, "a").headers["version-id"] == found[1][0]


def test_a_client_that_deletes_page_by_page_deletes_all_versions(
    storage: Any, place: tuple[str, str]
) -> None:
    for number in range(5):
        put(storage, place, str(number).encode())
    page, pages = None, 0
    while pages == 0 or page:
        found = storage.list_object_versions(*place, limit=2, page=page)
        for each in found.data.items:
            storage.delete_object(*place, each.name, version_id=each.version_id)
        page, pages = found.next_page, pages + 1
    assert (versions(storage, place), pages) == ([], 3)
