"""Bucket: always private, with rules that fit each other."""

from typing import Any

import pytest

from components.storage.bucket import Bucket, BucketArgs, bucket_problems
from components.storage.lifecycle import LifecycleRuleArgs
from facts.problem import InvalidInput, Problem
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

BUCKET = "oci:ObjectStorage/bucket:Bucket"
POLICY = "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy"


def bucket_args(**changes: Any) -> BucketArgs:
    return BucketArgs(
        **{"compartment_id": "c", "namespace": "ns", "bucket_name": "staging-models", **changes}
    )


def problems_of(**changes: Any) -> list[Problem]:
    args = bucket_args(**changes)
    return [*bucket_problems(args, bucket_name=args.bucket_name, path="b")]


def bucket(preview: bool = False, **changes: Any) -> Recording:
    return run(
        lambda: Bucket("models", bucket_args(**changes), oci_options()) and None,
        preview,
        outputs=lambda token, *_: {"bucketId": "ocid1.bucket"} if token == BUCKET else {},
    )


def rule(action: str, days: int, **changes: Any) -> LifecycleRuleArgs:
    return LifecycleRuleArgs(action=action, days=days, **changes)


def test_a_bucket_is_private_and_has_no_options_by_default():
    assert bucket().one(BUCKET).inputs == {
        "compartmentId": "c",
        "namespace": "ns",
        "name": "staging-models",
        "accessType": "NoPublicAccess",
        "storageTier": "Standard",
        "versioning": "Disabled",
        "autoTiering": "Disabled",
        "objectEventsEnabled": False,
    }


def test_a_bucket_without_lifecycle_rules_has_no_lifecycle_policy():
    assert bucket().of_type(POLICY) == []


def test_each_option_reaches_the_bucket():
    seen = bucket(
        versioning="Enabled", storage_tier="Archive", kms_key_id="k", object_events=True, tags={"a": "b"}
    ).one(BUCKET)
    wanted = {"versioning": "Enabled", "storageTier": "Archive", "kmsKeyId": "k", "objectEventsEnabled": True}
    assert wanted.items() <= seen.inputs.items()
    assert seen.inputs["freeformTags"] == {"a": "b"}


def test_retention_is_a_rule_in_days():
    rules = bucket(retention_days=2555).one(BUCKET).inputs["retentionRules"]
    assert rules == [{"displayName": "retention", "duration": {"timeAmount": "2555", "timeUnit": "DAYS"}}]


def test_a_longer_retention_updates_the_rule_because_a_locked_rule_cannot_be_replaced():
    (short,), (long,) = (
        bucket(retention_days=days, retention_lock_time="2027-01-31T00:00:00Z")
        .one(BUCKET)
        .inputs["retentionRules"]
        for days in (30, 60)
    )
    assert short["displayName"] == long["displayName"]
    assert short["timeRuleLocked"] == "2027-01-31T00:00:00Z"


def test_a_served_bucket_may_archive_and_delete_older_versions():
    rules = {
        "archive": rule("ARCHIVE", 90, target="previous-object-versions"),
        "delete": rule("DELETE", 365, target="previous-object-versions"),
    }
    assert problems_of(versioning="Enabled", served=True, lifecycle=rules) == []


def test_lifecycle_rules_are_ordered_by_name():
    lifecycle = {
        "unfinished": rule("ABORT", 7),
        "old-versions": rule("ARCHIVE", 90, target="previous-object-versions", prefixes=["weights/"]),
    }
    policy = bucket(versioning="Enabled", lifecycle=lifecycle).one(POLICY).inputs
    assert policy["bucket"] == "staging-models"
    assert policy["rules"] == [
        {
            "name": "old-versions",
            "action": "ARCHIVE",
            "target": "previous-object-versions",
            "timeAmount": "90",
            "timeUnit": "DAYS",
            "isEnabled": True,
            "objectNameFilter": {"inclusionPrefixes": ["weights/"]},
        },
        {
            "name": "unfinished",
            "action": "ABORT",
            "target": "multipart-uploads",
            "timeAmount": "7",
            "timeUnit": "DAYS",
            "isEnabled": True,
        },
    ]


def test_a_protected_bucket_is_kept_with_its_rules_when_the_stack_is_destroyed():
    seen = bucket(protect=True, lifecycle={"old": rule("DELETE", 30)})
    for each in (seen.one(BUCKET), seen.one(POLICY)):
        assert (each.protect, each.retain_on_delete) == (True, True)


def test_an_unprotected_bucket_is_deleted_with_the_stack():
    assert (bucket().one(BUCKET).protect, bucket().one(BUCKET).retain_on_delete) == (False, False)


def test_outputs_name_the_bucket():
    expected = {"bucketName": "staging-models", "bucketId": "ocid1.bucket", "namespace": "ns"}
    assert bucket().named("models").outputs == expected


def test_a_first_preview_shows_the_bucket_and_its_rules():
    seen = bucket(preview=True, lifecycle={"old": rule("DELETE", 30)})
    assert seen.one(POLICY).inputs["bucket"] == "staging-models"
    outputs = seen.named("models").outputs
    assert outputs is not None
    assert outputs["bucketId"] == UNKNOWN


def test_nothing_is_created_for_an_invalid_bucket():
    with pytest.raises(InvalidInput, match=r"models\.bucketName: 'a b'"):
        bucket(bucket_name="a b")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"bucket_name": ""}, "b.bucketName"),
        ({"bucket_name": "a" * 257}, "b.bucketName"),
        ({"bucket_name": "a/b"}, "b.bucketName"),
        ({"storage_tier": "Cold"}, "b.storageTier"),
        ({"versioning": "enabled"}, "b.versioning"),
        ({"storage_tier": "Archive", "auto_tiering": True}, "b.autoTiering"),
        (
            {
                "auto_tiering": True,
                "lifecycle": {"cool": LifecycleRuleArgs(action="INFREQUENT_ACCESS", days=30)},
            },
            "b.lifecycle['cool'].action",
        ),
        ({"retention_days": 0}, "b.retentionDays"),
        ({"retention_days": 30, "versioning": "Enabled"}, "b.retentionDays"),
        ({"retention_lock_time": "2027-01-31T00:00:00Z"}, "b.retentionLockTime"),
        ({"retention_days": 9, "retention_lock_time": "2027-01-31"}, "b.retentionLockTime"),
        ({"served": True, "lifecycle": {"r": rule("ARCHIVE", 90)}}, "b.lifecycle['r'].target"),
        ({"served": True, "lifecycle": {"r": rule("DELETE", 365)}}, "b.lifecycle['r'].target"),
        ({"served": True, "storage_tier": "Archive"}, "b.storageTier"),
        ({"lifecycle": {"r": rule("REMOVE", 1)}}, "b.lifecycle['r'].action"),
        ({"lifecycle": {"r": rule("DELETE", 0)}}, "b.lifecycle['r'].days"),
        ({"lifecycle": {"r": rule("DELETE", 1, target="versions")}}, "b.lifecycle['r'].target"),
        ({"lifecycle": {"r": rule("ABORT", 1, target="objects")}}, "b.lifecycle['r'].action"),
        ({"lifecycle": {"r": rule("DELETE", 1, target="multipart-uploads")}}, "b.lifecycle['r'].action"),
        ({"lifecycle": {"r": rule("DELETE", 1, prefixes=[""])}}, "b.lifecycle['r'].prefixes"),
        (
            {"lifecycle": {"r": rule("DELETE", 1, target="previous-object-versions")}},
            "b.lifecycle['r'].target",
        ),
        ({"lifecycle": {"r": rule("ARCHIVE", 1)}, "storage_tier": "Archive"}, "b.lifecycle['r'].action"),
        ({"lifecycle": {"r": rule("ARCHIVE", 90), "d": rule("DELETE", 90)}}, "b.lifecycle['r'].days"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(changes: dict[str, Any], path: str):
    assert [problem.path for problem in problems_of(**changes)] == [path]


@pytest.mark.parametrize(
    "delete",
    [
        rule("DELETE", 91),
        rule("DELETE", 30, prefixes=["logs/"]),
        rule("DELETE", 30, enabled=False),
        rule("DELETE", 30, target="previous-object-versions"),
    ],
)
def test_a_later_or_unrelated_deletion_fits_an_archive_rule(delete: LifecycleRuleArgs):
    lifecycle = {"archive": rule("ARCHIVE", 90), "delete": delete}
    assert problems_of(versioning="Enabled", lifecycle=lifecycle) == []
