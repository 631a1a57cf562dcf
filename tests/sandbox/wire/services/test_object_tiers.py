"""Tiers of objects by the official SDK: archived objects, restoration and moves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from oci.object_storage import models

from tests.sandbox.wire.conftest import COMPARTMENT, Refused
from tests.sandbox.wire.services.buckets import made_bucket

Place = tuple[str, str]


@pytest.fixture
def place(storage: Any, namespace: str) -> Place:
    made_bucket(storage, namespace)
    return namespace, "weights"


def restore(storage: Any, place: Place, hours: int | None = None) -> Any:
    return storage.restore_objects(*place, models.RestoreObjectsDetails(object_name="a", hours=hours))


def move(storage: Any, place: Place, tier: str) -> None:
    details = models.UpdateObjectStorageTierDetails(object_name="a", storage_tier=tier)
    storage.update_object_storage_tier(*place, details)


def listed(storage: Any, place: Place) -> tuple[str, str | None]:
    found = storage.list_objects(*place, fields="storageTier,archivalState").data.objects[0]
    return found.storage_tier, found.archival_state


def test_an_archived_object_is_read_only_after_its_restoration(
    storage: Any, place: Place, refused: Callable[[], Refused]
) -> None:
    storage.put_object(*place, "a", b"1", storage_tier="Archive")
    assert listed(storage, place) == ("Archive", "Archived")
    for _ in range(2):
        with refused() as refusal:
            storage.get_object(*place, "a")
        assert (refusal.status, refusal.code) == (409, "NotRestored")
    assert restore(storage, place, 12).status == 200
    assert listed(storage, place) == ("Archive", "Restoring")
    states = [storage.head_object(*place, "a").headers["archival-state"] for _ in range(2)]
    assert states == ["Restoring", "Restored"]
    got = storage.get_object(*place, "a")
    assert got.data.content == b"1"
    until = datetime.fromisoformat(got.headers["time-of-archival"]) - datetime.now(UTC)
    assert timedelta(hours=11) < until < timedelta(hours=12, minutes=1)


def test_an_archived_object_is_copied_only_after_its_restoration(
    storage: Any, place: Place, refused: Callable[[], Refused]
) -> None:
    storage.put_object(*place, "a", b"1", storage_tier="Archive")
    details = models.CopyObjectDetails(
        source_object_name="a",
        destination_region="us-ashburn-1",
        destination_namespace=place[0],
        destination_bucket=place[1],
        destination_object_name="copy",
    )
    with refused() as refusal:
        storage.copy_object(*place, details)
    assert refusal.code == "NotRestored"
    restore(storage, place)
    storage.head_object(*place, "a")
    storage.copy_object(*place, details)
    assert storage.head_object(*place, "copy").headers["storage-tier"] == "Standard"


@pytest.mark.parametrize("hours", [0, 241])
def test_a_restoration_lasts_1_to_240_hours(
    storage: Any, place: Place, refused: Callable[[], Refused], hours: int
) -> None:
    storage.put_object(*place, "a", b"1", storage_tier="Archive")
    with refused() as refusal:
        restore(storage, place, hours)
    assert refusal.status == 400


def test_only_archived_objects_are_restored(
    storage: Any, place: Place, refused: Callable[[], Refused]
) -> None:
    storage.put_object(*place, "a", b"1")
    with refused() as refusal:
        restore(storage, place)
    assert refusal.status == 409


def test_an_object_moves_between_tiers_until_it_is_archived(
    storage: Any, place: Place, refused: Callable[[], Refused]
) -> None:
    storage.put_object(*place, "a", b"1")
    for tier in ("InfrequentAccess", "Standard", "Archive"):
        move(storage, place, tier)
        assert listed(storage, place)[0] == tier
    with refused() as refusal:
        move(storage, place, "Standard")
    assert (refusal.status, refusal.code) == (400, "InvalidStorageTier")


def test_a_bucket_of_tier_archive_has_archived_objects_only(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    details = models.CreateBucketDetails(name="old", compartment_id=COMPARTMENT, storage_tier="Archive")
    storage.create_bucket(namespace, details)
    storage.put_object(namespace, "old", "a", b"1")
    assert listed(storage, (namespace, "old")) == ("Archive", "Archived")
    with refused() as refusal:
        storage.put_object(namespace, "old", "b", b"1", storage_tier="Standard")
    assert refusal.code == "InvalidStorageTier"


def test_an_unknown_tier_is_refused(storage: Any, place: Place, refused: Callable[[], Refused]) -> None:
    with refused() as refusal:
        storage.put_object(*place, "a", b"1", storage_tier="Cold")
    assert refusal.status == 400
