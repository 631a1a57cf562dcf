"""Lifecycle rules act on objects: by the official SDK, in a bucket whose objects are made older."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from oci.object_storage import models

from sandbox.oci.services.object_storage.aging import age
from sandbox.store import Store, open_store
from tests.sandbox.oci.driver import BUCKET, Driver
from tests.sandbox.wire.conftest import Refused, Wire
from tests.sandbox.wire.services.buckets import made_bucket

Place = tuple[str, str]
Pass = Callable[[int], None]


@pytest.fixture
def place(storage: Any, namespace: str) -> Place:
    made_bucket(storage, namespace)
    return namespace, "weights"


@pytest.fixture
def days_pass(wire: Wire) -> Pass:
    """Make the objects of the bucket older."""

    def older(days: int) -> None:
        age(wire.cloud, wire.cloud.all(BUCKET)[0], days)

    return older


def rule(action: str, days: int = 30, **options: Any) -> Any:
    given = {"time_amount": days, "time_unit": "DAYS", "is_enabled": True, "target": "objects", **options}
    return models.ObjectLifecycleRule(name=f"{action}-{days}", action=action, **given)


def put_policy(storage: Any, place: Place, *rules: Any) -> None:
    details = models.PutObjectLifecyclePolicyDetails(items=list(rules))
    storage.put_object_lifecycle_policy(*place, details)


def put(storage: Any, place: Place, *names: str) -> None:
    for name in names:
        storage.put_object(*place, name, b"1")


def tiers(storage: Any, place: Place) -> dict[str, str]:
    found = storage.list_objects(*place, fields="storageTier").data.objects
    return {each.name: each.storage_tier for each in found}


def test_an_object_is_moved_archived_and_deleted_when_its_days_are_over(
    storage: Any, place: Place, days_pass: Pass, refused: Callable[[], Refused]
) -> None:
    put_policy(storage, place, rule("INFREQUENT_ACCESS", 10), rule("ARCHIVE", 20), rule("DELETE", 30))
    put(storage, place, "a")
    for days, tier in ((9, "Standard"), (2, "InfrequentAccess"), (9, "InfrequentAccess"), (1, "Archive")):
        days_pass(days)
        assert tiers(storage, place) == {"a": tier}
    with refused() as refusal:
        storage.get_object(*place, "a")
    assert refusal.code == "NotRestored"
    days_pass(9)
    assert tiers(storage, place) == {"a": "Archive"}
    days_pass(1)
    assert tiers(storage, place) == {}
    storage.delete_bucket(*place)


def test_a_day_ends_at_midnight(storage: Any, place: Place, days_pass: Pass) -> None:
    """The time of the last change is rounded up: a full day after it is not enough."""
    put_policy(storage, place, rule("DELETE", 1))
    put(storage, place, "a")
    days_pass(1)
    assert tiers(storage, place) == {"a": "Standard"}
    days_pass(1)
    assert tiers(storage, place) == {}


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"inclusion_prefixes": ["logs/"]}, {"a.tmp", "b.bin", "keep/c.tmp"}),
        ({"inclusion_patterns": ["*.tmp"]}, {"b.bin", "logs/d"}),
        (
            {"inclusion_patterns": ["*.tmp"], "exclusion_patterns": ["keep/*"]},
            {"b.bin", "keep/c.tmp", "logs/d"},
        ),
        ({"exclusion_patterns": ["*.tmp"]}, {"a.tmp", "keep/c.tmp"}),
        ({"inclusion_prefixes": ["logs/"], "inclusion_patterns": ["?.bin"]}, {"a.tmp", "keep/c.tmp"}),
        ({"inclusion_patterns": ["[a-b].*"]}, {"keep/c.tmp", "logs/d"}),
        ({}, set[str]()),
    ],
)
def test_a_filter_says_which_objects_a_rule_means(
    storage: Any, place: Place, days_pass: Pass, given: dict[str, list[str]], left: set[str]
) -> None:
    put(storage, place, "a.tmp", "b.bin", "keep/c.tmp", "logs/d")
    put_policy(storage, place, rule("DELETE", object_name_filter=models.ObjectNameFilter(**given)))
    days_pass(31)
    assert set(tiers(storage, place)) == left


@pytest.mark.parametrize(
    "pattern", ["\\", "[^a-z]", "[z-a]", "[:isalpha:]", "[ab-yz]", "[a-mn-z]", "[", "[]"]
)
def test_an_invalid_pattern_is_refused(
    storage: Any, place: Place, refused: Callable[[], Refused], pattern: str
) -> None:
    wrong = models.ObjectNameFilter(inclusion_patterns=[pattern])
    with refused() as refusal:
        put_policy(storage, place, rule("DELETE", object_name_filter=wrong))
    assert refusal.status == 400


def test_more_than_twenty_patterns_are_refused(
    storage: Any, place: Place, refused: Callable[[], Refused]
) -> None:
    many = models.ObjectNameFilter(inclusion_patterns=["*.a"] * 11, exclusion_patterns=["*.b"] * 10)
    with refused() as refusal:
        put_policy(storage, place, rule("DELETE", object_name_filter=many))
    assert refusal.status == 400


def test_a_disabled_or_deleted_rule_does_nothing(storage: Any, place: Place, days_pass: Pass) -> None:
    put(storage, place, "a")
    put_policy(storage, place, rule("DELETE", is_enabled=False))
    days_pass(31)
    assert tiers(storage, place) == {"a": "Standard"}
    storage.delete_object_lifecycle_policy(*place)
    days_pass(31)
    assert tiers(storage, place) == {"a": "Standard"}


def test_uploads_under_way_are_given_up(storage: Any, place: Place, days_pass: Pass) -> None:
    put_policy(storage, place, rule("ABORT", 5, target="multipart-uploads"))
    storage.create_multipart_upload(*place, models.CreateMultipartUploadDetails(object="big"))
    days_pass(4)
    assert len(storage.list_multipart_uploads(*place).data) == 1
    days_pass(2)
    assert storage.list_multipart_uploads(*place).data == []


def test_versions_are_marked_and_then_deleted_until_the_bucket_is_empty(
    storage: Any, place: Place, days_pass: Pass
) -> None:
    storage.update_bucket(*place, models.UpdateBucketDetails(versioning="Enabled"))
    put(storage, place, "a", "a")
    put_policy(storage, place, rule("DELETE"), rule("DELETE", 10, target="previous-object-versions"))
    days_pass(11)
    assert len(storage.list_object_versions(*place).data.items) == 1
    days_pass(20)
    markers = [each.is_delete_marker for each in storage.list_object_versions(*place).data.items]
    assert markers == [True, False]
    days_pass(11)
    assert storage.list_object_versions(*place).data.items == []
    storage.delete_bucket(*place)


def test_a_retained_object_is_archived_but_not_deleted(storage: Any, place: Place, days_pass: Pass) -> None:
    year = models.Duration(time_amount=1, time_unit="YEARS")
    details = models.CreateRetentionRuleDetails(display_name="year", duration=year)
    storage.create_retention_rule(*place, details)
    put(storage, place, "a")
    put_policy(storage, place, rule("ARCHIVE", 10), rule("DELETE", 20))
    days_pass(40)
    assert tiers(storage, place) == {"a": "Archive"}
    days_pass(330)
    assert tiers(storage, place) == {}


def test_a_retained_object_called_none_does_not_keep_the_versions_of_others(
    storage: Any, place: Place, days_pass: Pass
) -> None:
    version = storage.put_object(*place, "a", b"1").headers["version-id"]
    days_pass(2)
    put(storage, place, "None")
    duration = models.Duration(time_amount=1, time_unit="DAYS")
    details = models.CreateRetentionRuleDetails(display_name="day", duration=duration)
    storage.create_retention_rule(*place, details)
    storage.delete_object(*place, "a", version_id=version)
    assert list(tiers(storage, place)) == ["None"]


def test_rules_that_move_exclude_automatic_tiering(
    storage: Any, place: Place, refused: Callable[[], Refused]
) -> None:
    automatic = models.UpdateBucketDetails(auto_tiering="InfrequentAccess")
    put_policy(storage, place, rule("INFREQUENT_ACCESS"))
    with refused() as refusal:
        storage.update_bucket(*place, automatic)
    assert refusal.status == 400
    storage.delete_object_lifecycle_policy(*place)
    storage.update_bucket(*place, automatic)
    with refused() as refusal:
        put_policy(storage, place, rule("INFREQUENT_ACCESS"))
    assert refusal.status == 400


@pytest.fixture
def driver(store: Store) -> Iterator[Driver]:
    with open_store(store.path) as other:
        yield Driver(other)


def test_the_provider_misses_an_object_that_a_rule_has_deleted(
    storage: Any, place: Place, days_pass: Pass, driver: Driver
) -> None:
    token = "oci:ObjectStorage/storageObject:StorageObject"
    made = driver.create(token, namespace=place[0], bucket=place[1], object="a", content="1")
    days_pass(31)
    assert driver.read(made)
    put_policy(storage, place, rule("DELETE"))
    assert driver.read(made) is None
