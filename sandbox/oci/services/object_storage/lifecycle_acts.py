"""Lifecycle rules act on the objects, previous versions and uploads of their buckets.

Sources: Oracle's pages "Object Storage Object Lifecycle Management", "Object Storage Versioning" (a deletion of the
latest version leaves a marker; the age of a previous version counts from when it became one), "Object Storage Data
Retention Rules" (rules do not delete retained objects, but move them) and "Object Storage Replication" (rules do not
delete in a destination, but archive there), and the SDK's text on `timeUnit` (days end at midnight UTC).

OCI runs the rules once a day. Here they run when someone next looks at the bucket. A deletion comes before a move that
is due as well. Unverified: a rule for previous versions also deletes a marker that is the only version of its name.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import happens_before
from sandbox.oci.rules.reading import blocks, number
from sandbox.oci.services.object_storage.buckets import (
    BUCKET,
    LIFECYCLE,
    OBJECT,
    bucket_by_inputs,
    policy_of,
)
from sandbox.oci.services.object_storage.contents import delete, delete_version
from sandbox.oci.services.object_storage.mirror import mirror
from sandbox.oci.services.object_storage.name_patterns import name_pattern
from sandbox.oci.services.object_storage.objects import Listed, Objects, uploads
from sandbox.oci.services.object_storage.replication import REPLICATION, is_read_only
from sandbox.oci.services.object_storage.retention import is_retained
from sandbox.oci.services.object_storage.tiers import ARCHIVE

_DAY: Final = timedelta(days=1)
_YEAR: Final = 365.2425
_ACTIONS: Final = ("DELETE", "ARCHIVE", "INFREQUENT_ACCESS", "ABORT")

Rule = dict[str, Any]


def settle(cloud: Cloud, bucket: Entry) -> None:
    """Do what the rules of a bucket are due to do."""
    policy = policy_of(cloud, bucket.inputs, bucket.region)
    if policy is None:
        return
    rules = [each for each in blocks(policy.inputs, "rules") if each.get("isEnabled")]
    with cloud.transaction():
        for action in _ACTIONS:
            for each in rules:
                if str(each.get("action")).upper() == action:
                    _run(cloud, bucket, each, action)


def _settle_all(cloud: Cloud) -> None:
    """Do what the rules of all buckets are due to do: before each call of the provider."""
    for policy in cloud.all(LIFECYCLE):
        bucket = bucket_by_inputs(cloud, policy.inputs, policy.region)
        if bucket is not None:
            settle(cloud, bucket)


for _token in (BUCKET, OBJECT, LIFECYCLE, REPLICATION):
    happens_before(_token, _settle_all)


def _run(cloud: Cloud, bucket: Entry, rule: Rule, action: str) -> None:
    target = str(rule.get("target") or "objects").lower()
    if target == "multipart-uploads":
        for key, shown in uploads(cloud.store, bucket.id).items():
            if _is_due(rule, shown["timeCreated"]):
                Objects(cloud.store).forget_upload(key)
                _record(cloud, bucket, rule, shown["object"])
        return
    for found, since in _targets(cloud, bucket, target):
        if _matches(rule, found.name) and _is_due(rule, since) and _act(cloud, bucket, action, found):
            _record(cloud, bucket, rule, found.name)


def _record(cloud: Cloud, bucket: Entry, rule: Rule, name: str) -> None:
    cloud.store.record(
        "oci", "lifecycle", bucket.id, object=name, rule=rule.get("name"), action=rule["action"]
    )


def _targets(cloud: Cloud, bucket: Entry, target: str) -> Iterator[tuple[Listed, str]]:
    """The versions that a target means, each with the time from which its age counts."""
    versions = Objects(cloud.store).versions(bucket.id)
    counts = Counter(each.name for each in versions)
    for each in versions:
        if target == "objects" and not each.superseded and not each.marker:
            yield each, each.modified
        elif target == "previous-object-versions" and each.superseded:
            yield each, each.superseded
        elif target == "previous-object-versions" and each.marker and counts[each.name] == 1:
            yield each, each.modified


def _act(cloud: Cloud, bucket: Entry, action: str, found: Listed) -> bool:
    """Whether the action changed the version."""
    if action == "DELETE":
        if is_read_only(cloud, bucket) or (not found.marker and is_retained(bucket, found.modified)):
            return False
        if found.superseded or found.marker:
            delete_version(cloud, bucket, found)
        else:
            delete(cloud, bucket, found.name)
        return True
    tier = ARCHIVE if action == "ARCHIVE" else "InfrequentAccess"
    if found.marker or found.tier in (tier, ARCHIVE):
        return False
    Objects(cloud.store).change(bucket.id, replace(found, tier=tier))
    mirror(cloud, bucket, found.name)
    return True


def _is_due(rule: Rule, since: str) -> bool:
    days = (number(rule, "timeAmount") or 0) * (_YEAR if rule.get("timeUnit") == "YEARS" else 1)
    return datetime.now(UTC) >= _midnight(datetime.fromisoformat(since)) + timedelta(days=math.ceil(days))


def _midnight(at: datetime) -> datetime:
    """The next midnight in UTC, or the time itself if it is one."""
    start = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return start if start == at else start + _DAY


def _matches(rule: Rule, name: str) -> bool:
    """Whether the filter of a rule means an object. Exclusions come first, and any inclusion is enough."""
    for given in blocks(rule, "objectNameFilter"):
        if any(name_pattern(each).fullmatch(name) for each in given.get("exclusionPatterns") or ()):
            return False
        patterns, prefixes = given.get("inclusionPatterns") or (), given.get("inclusionPrefixes") or ()
        included = [name_pattern(each).fullmatch(name) is not None for each in patterns]
        included += [name.startswith(each) for each in prefixes]
        if included and not any(included):
            return False
    return True
