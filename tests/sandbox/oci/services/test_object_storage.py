"""What Object Storage refuses, and the defaults of a bucket."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service
from tests.sandbox.oci.driver import BUCKET, COMPARTMENT, Driver
from tests.sandbox.oci.minimal import namespace

REPLICATION = "oci:ObjectStorage/replicationPolicy:ReplicationPolicy"
OBJECT = "oci:ObjectStorage/storageObject:StorageObject"


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def bucket(service: Service, name: str = "models", **inputs: Any) -> Entry:
    return service.create(BUCKET, namespace="axgenai", name=name, **inputs)


def retention(days: int = 30, lock: str | None = None, name: str = "r") -> list[dict[str, Any]]:
    rule = {"displayName": name, "duration": {"timeAmount": str(days), "timeUnit": "DAYS"}}
    return [rule | ({"timeRuleLocked": lock} if lock else {})]


@pytest.mark.parametrize("lock", [in_days(13), in_days(-1)], ids=["too soon", "in the past"])
def test_a_lock_that_leaves_less_than_fourteen_days_is_refused(
    service: Service, refused: Refused, lock: str
) -> None:
    refused(400, "InvalidParameter", "at least 14 days", bucket, service, retentionRules=retention(30, lock))


def test_retention_with_versioning_is_refused_unless_it_is_suspended(
    service: Service, refused: Refused
) -> None:
    both = {"versioning": "Enabled", "retentionRules": retention()}
    refused(400, "InvalidParameter", "versioning enabled", bucket, service, **both)
    retained = bucket(service, "retained", retentionRules=retention())
    refused(400, "InvalidParameter", "versioning enabled", service.update, retained, versioning="Enabled")
    versioned = bucket(service, "versioned", versioning="Enabled")
    suspended = service.update(versioned, versioning="Suspended", retentionRules=retention())
    assert suspended.inputs["retentionRules"]


def test_a_lock_at_an_invalid_time_is_refused(service: Service, refused: Refused) -> None:
    refused(400, "InvalidParameter", "RFC 3339", bucket, service, retentionRules=retention(30, "soon"))


def test_a_valid_lock_is_accepted_and_an_update_keeps_it(service: Service) -> None:
    locked = bucket(service, retentionRules=retention(30, in_days(15)))
    assert service.update(locked, objectEventsEnabled=True)


@pytest.fixture
def locked(service: Service, cloud: Cloud) -> Entry:
    """A bucket whose rule was locked yesterday."""
    entry = bucket(service, retentionRules=retention(30, in_days(15)))
    entry = replace(entry, inputs=entry.inputs | {"retentionRules": retention(30, in_days(-1))})
    cloud.save(entry)
    return entry


def test_the_duration_of_a_locked_rule_can_only_grow(
    service: Service, refused: Refused, locked: Entry
) -> None:
    lock = locked.inputs["retentionRules"][0]["timeRuleLocked"]
    refused(409, "Conflict", "only be increased", service.update, locked, retentionRules=retention(29, lock))
    refused(409, "Conflict", "is locked", service.update, locked, retentionRules=[])
    refused(409, "Conflict", "is locked", service.update, locked, retentionRules=retention(30))
    assert service.update(locked, retentionRules=retention(31, lock))


def test_versioning_cannot_be_disabled_again(service: Service, refused: Refused) -> None:
    versioned = bucket(service, versioning="Enabled")
    refused(400, "InvalidParameter", "Suspend it", service.update, versioned, versioning="Disabled")
    assert service.update(versioned, versioning="Suspended")


def replicate(service: Service, source: str = "models", to: str = "copies", region: str = "us-phoenix-1"):
    inputs = {"bucket": source, "destinationBucketName": to, "destinationRegionName": region}
    return service.create(REPLICATION, namespace="axgenai", name="copy", **inputs)


def test_a_replication_needs_its_destination_first(service: Service, refused: Refused) -> None:
    bucket(service)
    refused(404, "BucketNotFound", "'copies'", replicate, service)
    bucket(service, "copies", region="us-phoenix-1")
    assert replicate(service)


@pytest.fixture
def replicated(service: Service) -> Entry:
    bucket(service)
    bucket(service, "copies", region="us-phoenix-1")
    bucket(service, "others", region="us-phoenix-1")
    return replicate(service)


def test_a_source_has_one_policy(service: Service, refused: Refused, replicated: Entry) -> None:
    assert replicated.state == "ACTIVE"
    refused(409, "Conflict", "already has a replication policy", replicate, service, to="others")


def test_a_destination_is_the_copy_of_one_bucket_only(
    service: Service, refused: Refused, replicated: Entry
) -> None:
    bucket(service, "more")
    refused(409, "Conflict", "already a source or destination", replicate, service, source="more")


def test_the_destination_is_read_only(service: Service, refused: Refused, replicated: Entry) -> None:
    inputs = {"namespace": "axgenai", "object": "weights", "content": "x"}
    refused(
        409,
        "BucketIsReadOnly",
        "read-only",
        service.create,
        OBJECT,
        "us-phoenix-1",
        bucket="copies",
        **inputs,
    )
    assert service.create(OBJECT, bucket="models", **inputs)


def test_a_bucket_with_a_replication_policy_cannot_be_deleted(
    service: Service, refused: Refused, replicated: Entry, cloud: Cloud
) -> None:
    source = next(each for each in cloud.all(BUCKET) if each.inputs["name"] == "models")
    refused(409, "Conflict", "replication policy first", service.delete, source)
    service.delete(replicated)
    service.delete(source)


def test_a_destination_with_a_retention_rule_is_refused(service: Service, refused: Refused) -> None:
    bucket(service)
    bucket(service, "copies", region="us-phoenix-1", retentionRules=retention())
    refused(409, "Conflict", "retention rules", replicate, service)


def test_a_destination_cannot_get_a_retention_rule(
    service: Service, refused: Refused, replicated: Entry, cloud: Cloud
) -> None:
    copies = next(each for each in cloud.all(BUCKET) if each.inputs["name"] == "copies")
    refused(409, "Conflict", "no retention rules", service.update, copies, retentionRules=retention())


@pytest.mark.parametrize(
    ("to", "region", "message"),
    [
        ("models", "us-ashburn-1", "must not be the same"),
        ("copies", "us-nowhere-1", "us-nowhere-1 is not a region"),
    ],
)
def test_a_replication_to_itself_or_to_a_missing_bucket_is_refused(
    service: Service, refused: Refused, to: str, region: str, message: str
) -> None:
    bucket(service)
    refused(400, "InvalidParameter", message, replicate, service, to=to, region=region)


def test_a_bucket_name_twice_in_the_namespace_is_refused(service: Service, refused: Refused) -> None:
    bucket(service)
    message = "Either the bucket 'models' in namespace 'axgenai' already exists or you are not authorized to"
    refused(409, "BucketAlreadyExists", message, bucket, service)
    assert bucket(service, region="us-phoenix-1"), "another region has a bucket of the same name"


def test_an_ill_formed_bucket_name_is_refused(service: Service, refused: Refused) -> None:
    refused(400, "InvalidBucketName", "a/b", bucket, service, "a/b")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"storageTier": "Cold"}, "storageTier must be one of Standard, Archive"),
        ({"accessType": "Everybody"}, "accessType must be one of NoPublicAccess"),
        ({"versioning": "Suspended"}, "versioning must be Enabled or Disabled"),
        ({"storageTier": "Archive", "autoTiering": "InfrequentAccess"}, "autoTiering is not supported"),
        (
            {"retentionRules": [{"displayName": "r", "timeRuleLocked": "2030-01-01T00:00:00Z"}]},
            "timeRuleLocked cannot be specified",
        ),
        (
            {"retentionRules": [{"displayName": "r", "duration": {"timeAmount": "0", "timeUnit": "DAYS"}}]},
            "timeAmount must be greater than or equal to 1",
        ),
        (
            {"retentionRules": [{"displayName": "r", "duration": {"timeAmount": "1.5", "timeUnit": "DAYS"}}]},
            "timeAmount must be greater than or equal to 1, and a whole number",
        ),
    ],
)
def test_a_bucket_of_wrong_options_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, bucket, service, **wrong)


def test_a_lifecycle_of_a_missing_bucket_is_refused(service: Service, refused: Refused) -> None:
    refused(
        404, "BucketNotFound", "'models'",
        service.create, "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy",
        namespace="axgenai", bucket="models",
    )  # fmt: skip


def test_aborting_anything_but_uploads_is_refused(service: Service, refused: Refused) -> None:
    bucket(service)
    rule = {"action": "ABORT", "target": "objects", "timeAmount": "1", "timeUnit": "DAYS", "name": "r"}
    refused(
        400, "InvalidParameter", "ABORT is not supported for target objects",
        service.create, "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy",
        namespace="axgenai", bucket="models", rules=[rule],
    )  # fmt: skip


def test_a_second_replication_of_a_bucket_is_refused(service: Service, refused: Refused) -> None:
    bucket(service)
    inputs = {
        "namespace": "axgenai", "bucket": "models", "name": "copy",
        "destinationBucketName": "models", "destinationRegionName": "us-phoenix-1",
    }  # fmt: skip
    token = "oci:ObjectStorage/replicationPolicy:ReplicationPolicy"
    refused(404, "BucketNotFound", "'models'", service.create, token, **inputs)
    bucket(service, region="us-phoenix-1")
    service.create(token, **inputs)
    refused(409, "Conflict", "already has a replication policy", service.create, token, **inputs)


def test_a_bucket_has_the_defaults_of_object_storage(driver: Driver) -> None:
    made = driver.create(BUCKET, compartmentId=COMPARTMENT, namespace=namespace(driver), name="logs")

    assert made.id == f"n/{namespace(driver)}/b/logs"
    assert made.outputs["storageTier"] == "Standard"
    assert made.outputs["versioning"] == "Disabled"
    assert made.outputs["accessType"] == "NoPublicAccess"


def test_the_namespace_is_the_tenancys_own(driver: Driver) -> None:
    first = namespace(driver)
    driver.configure(region="us-ashburn-1", tenancyOcid="ocid1.tenancy.oc1..aaaaanother")

    assert first != namespace(driver)
    assert len(first) == 12


def test_a_bucket_has_at_most_four_kilobytes_of_metadata(service: Service, refused: Refused) -> None:
    inputs = {"name": "own", "namespace": "ns", "metadata": {"note": "x" * 4096}}
    refused(
        400,
        "InvalidParameter",
        "exceed the limit",
        service.create,
        "oci:ObjectStorage/bucket:Bucket",
        **inputs,
    )
