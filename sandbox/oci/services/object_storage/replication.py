"""Replication of buckets. The destination must exist, and only replication writes to it afterwards.

Source: Oracle's page "Object Storage Replication". A destination that is made writable stops replication, and then the
policy shows a client error.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from facts.regions import REGIONS
from sandbox.oci.cloud import Cloud
from sandbox.oci.computed import CreateContext, computed, provider_time
from sandbox.oci.errors import OciError, conflict, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks
from sandbox.oci.services.object_storage.buckets import BUCKET, OBJECT, find_bucket, require_bucket

REPLICATION: Final = "oci:ObjectStorage/replicationPolicy:ReplicationPolicy"

describe(REPLICATION, id="n/{namespace}/b/{bucket}/replicationPolicies/{new}")
STOPPED: Final = "CLIENT_ERROR"
"""The status of a policy whose destination was made writable."""

Place = tuple[object, object, object]
"""Region, namespace and name of a bucket."""


@rule(REPLICATION)
def replication(call: Call) -> None:
    """404 for a bucket that does not exist, 400 for the same bucket, 409 if one of the two already replicates."""
    namespace, inputs = call.inputs.get("namespace"), call.inputs
    region = str(inputs.get("destinationRegionName"))
    if region not in REGIONS:
        raise invalid_parameter(
            f"destinationRegionName: {region} is not a region the tenancy is subscribed to."
        )
    source: Place = (call.region, namespace, inputs.get("bucket"))
    destination: Place = (region, namespace, inputs.get("destinationBucketName"))
    if source == destination:
        raise invalid_parameter("The source bucket and the destination bucket must not be the same.")
    require_bucket(call, namespace, source[2])
    require_bucket(call, namespace, destination[2], region=region)
    for other_source, other_destination in _policies(call.cloud):
        if other_source == source:
            raise conflict(f"The bucket '{source[2]}' already has a replication policy")
        if source == other_destination or destination in (other_source, other_destination):
            name = source[2] if source == other_destination else destination[2]
            raise conflict(f"The bucket '{name}' is already a source or destination of a replication policy")
    for bucket in call.cloud.all(BUCKET, region=region):
        if _place(bucket) == destination and blocks(bucket.inputs, "retentionRules"):
            raise conflict(f"The destination bucket '{destination[2]}' must not have retention rules")


@rule(OBJECT, on="create update delete")
def destination_is_read_only(call: Call) -> None:
    """409 for a write to a replication destination."""
    place = (call.region, call.inputs.get("namespace"), call.inputs.get("bucket"))
    if any(place == destination for _, destination in _active(call.cloud)):
        raise OciError(
            409, "BucketIsReadOnly", f"The bucket '{place[2]}' is read-only: it is a replication destination"
        )


@rule(BUCKET, on="update")
def destination_keeps_nothing(call: Call) -> None:
    """409 for retention rules on a destination, because replication must be able to delete, and for versioning.

    Source of the latter: Oracle's page "Object Storage Versioning" (status and code unverified).
    """
    assert call.old is not None  # noqa: S101 - an update always has a resource
    mine = _place(call.old)
    if not any(mine == there for _, there in _active(call.cloud)):
        return
    if blocks(call.inputs, "retentionRules"):
        raise conflict(f"The bucket '{mine[2]}' is a replication destination: it takes no retention rules")
    if call.inputs.get("versioning") == "Enabled" != call.old.inputs.get("versioning"):
        raise conflict(f"The bucket '{mine[2]}' is a replication destination: versioning cannot be enabled")


@rule(BUCKET, on="delete")
def bucket_does_not_replicate(call: Call) -> None:
    """409 while a replication policy uses the bucket. A destination that was made writable can be deleted."""
    assert call.old is not None  # noqa: S101 - a delete always has a resource
    mine = _place(call.old)
    if any(mine == source for source, _ in _policies(call.cloud)) or is_read_only(call.cloud, call.old):
        raise conflict(f"Bucket '{mine[2]}' has a replication policy. Delete the replication policy first.")


def is_read_only(cloud: Cloud, bucket: Entry) -> bool:
    """Whether only replication writes to a bucket."""
    return any(_place(bucket) == destination for _, destination in _active(cloud))


def is_replicated(cloud: Cloud, bucket: Entry) -> bool:
    """Whether a bucket has a replication policy."""
    return any(_place(bucket) == source for source, _ in _policies(cloud))


def destination_of(cloud: Cloud, bucket: Entry) -> Entry | None:
    """The bucket to which replication copies; None if it does not. Its policy shows the time of the copy."""
    for each in cloud.all(REPLICATION):
        source, (region, namespace, name) = _pair(each)
        if source == _place(bucket) and is_active(each):
            cloud.save(replace(each, outputs={**each.outputs, "timeLastSync": provider_time()}))
            return find_bucket(cloud, namespace, name, str(region))
    return None


def is_active(policy: Entry) -> bool:
    """Whether a policy replicates."""
    return policy.outputs.get("status") != STOPPED


def policies_to(cloud: Cloud, bucket: Entry) -> list[Entry]:
    """The policies that replicate to a bucket: at most one."""
    return [each for each in cloud.all(REPLICATION) if is_active(each) and _pair(each)[1] == _place(bucket)]


@computed(REPLICATION)
def policy_outputs(context: CreateContext) -> dict[str, Any]:
    return {"status": context.outputs.get("status") or "ACTIVE"}


def _active(cloud: Cloud) -> Iterator[tuple[Place, Place]]:
    return (_pair(each) for each in cloud.all(REPLICATION) if is_active(each))


def _policies(cloud: Cloud) -> Iterator[tuple[Place, Place]]:
    return (_pair(each) for each in cloud.all(REPLICATION))


def _pair(policy: Entry) -> tuple[Place, Place]:
    """The source and the destination of a policy."""
    inputs, namespace = policy.inputs, policy.inputs.get("namespace")
    source = (policy.region, namespace, inputs.get("bucket"))
    return source, (inputs.get("destinationRegionName"), namespace, inputs.get("destinationBucketName"))


def _place(bucket: Entry) -> Place:
    return bucket.region, bucket.inputs.get("namespace"), bucket.inputs.get("name")
