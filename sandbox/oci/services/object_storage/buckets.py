"""Object Storage: bucket names, tiers and lifecycle policies. Other rules of buckets have their own modules."""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any, Final

from sandbox.oci.cloud import Cloud
from sandbox.oci.computed import CreateContext, computed, namespace_of
from sandbox.oci.errors import OciError, conflict, invalid_parameter
from sandbox.oci.ids import derived_ocid, key_of
from sandbox.oci.lookups import Query, function
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, one_of

BUCKET: Final = "oci:ObjectStorage/bucket:Bucket"
LIFECYCLE: Final = "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy"
OBJECT: Final = "oci:ObjectStorage/storageObject:StorageObject"

describe(LIFECYCLE, id="n/{namespace}/b/{bucket}/l")

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,256}")

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "accessType": ("NoPublicAccess", "ObjectRead", "ObjectReadWithoutList"),
    "autoTiering": ("Disabled", "InfrequentAccess"),
    "storageTier": ("Standard", "Archive"),
    "versioning": ("Enabled", "Disabled", "Suspended"),
}


def find_bucket(cloud: Cloud, namespace: object, name: object, region: str) -> Entry | None:
    """The bucket with a name in a namespace and a region, or None."""
    # Its key has the name too, but foresight removes the inputs of a bucket to see if they cause a refusal.
    place = namespace, name
    found = (each for each in cloud.all(BUCKET, region=region) if _place(each) == place)
    return next(found, None)


def _place(bucket: Entry) -> tuple[object, object]:
    return bucket.inputs.get("namespace"), bucket.inputs.get("name")


def bucket_by_inputs(cloud: Cloud, inputs: Mapping[str, object], region: str) -> Entry | None:
    """The bucket that the inputs of an object or a policy name, or None."""
    return find_bucket(cloud, inputs.get("namespace"), inputs.get("bucket"), region)


def policy_of(cloud: Cloud, bucket: Mapping[str, object], region: str) -> Entry | None:
    """The lifecycle policy of a bucket with these inputs, or None."""
    return cloud.find(key_of(f"n/{bucket.get('namespace')}/b/{bucket.get('name')}/l", region))


def no_such_bucket(namespace: object, name: object) -> OciError:
    """404 for a bucket that does not exist."""
    text = f"Either the bucket named '{name}' does not exist in the namespace '{namespace}' or you are not "
    return OciError(404, "BucketNotFound", f"{text}authorized to access it")


@rule(BUCKET)
def bucket_name(call: Call) -> None:
    """400 for other characters or more than 256. 409 for a name that the namespace already has in this region."""
    name, namespace = str(call.inputs.get("name")), str(call.inputs.get("namespace"))
    if not _NAME.fullmatch(name):
        message = (
            f"The bucket name {name!r} is invalid: letters, digits, '-', '_' and '.', at most 256 characters"
        )
        raise OciError(400, "InvalidBucketName", message)
    if find_bucket(call.cloud, namespace, name, call.region) is not None:
        raise conflict(
            f"Either the bucket '{name}' in namespace '{namespace}' already exists or you are not authorized to "
            "create it",
            "BucketAlreadyExists",
        )


@rule(BUCKET, on="create update")
def bucket_options(call: Call) -> None:
    """400 for an unknown tier, access or versioning, Suspended at creation, or automatic tiering of an archive."""
    for name, words in _WORDS.items():
        refusal = one_of(name, call.inputs.get(name), words)
        if refusal:
            raise refusal
    if call.operation == "create" and call.inputs.get("versioning") == "Suspended":
        raise invalid_parameter("versioning must be Enabled or Disabled when a bucket is created.")
    if call.inputs.get("storageTier") == "Archive" and call.inputs.get("autoTiering") == "InfrequentAccess":
        raise invalid_parameter("autoTiering is not supported for a bucket with storage tier Archive.")


@rule(BUCKET, on="update")
def versioning_stays(call: Call) -> None:
    """400 for versioning that was Enabled and becomes Disabled. It can become Suspended."""
    before = call.old.inputs.get("versioning") if call.old else None
    if before in ("Enabled", "Suspended") and call.inputs.get("versioning") == "Disabled":
        raise invalid_parameter("Versioning cannot be disabled on a bucket that had it enabled. Suspend it.")


@rule(LIFECYCLE, on="create update")
def lifecycle(call: Call) -> None:
    """404 for a bucket that does not exist. 400 for an unknown action, or ABORT on anything but uploads."""
    require_bucket(call, call.inputs.get("namespace"), call.inputs.get("bucket"))
    for each in blocks(call.inputs, "rules"):
        _lifecycle_rule(each)


def _lifecycle_rule(each: dict[str, Any]) -> None:
    action, target = str(each.get("action")).upper(), str(each.get("target") or "objects").lower()
    refusal = one_of("action", action, ("ARCHIVE", "INFREQUENT_ACCESS", "DELETE", "ABORT"))
    refusal = refusal or one_of("timeUnit", each.get("timeUnit"), ("DAYS", "YEARS"))
    targets = ("objects", "multipart-uploads", "previous-object-versions")
    refusal = refusal or one_of("target", target, targets)
    if refusal is None and (action == "ABORT") != (target == "multipart-uploads"):
        refusal = invalid_parameter(f"Lifecycle action {action} is not supported for target {target}.")
    if refusal:
        raise refusal


def require_bucket(call: Call, namespace: object, name: object, *, region: str | None = None) -> None:
    """404 for a bucket that does not exist."""
    if find_bucket(call.cloud, namespace, name, region or call.region) is None:
        raise no_such_bucket(namespace, name)


_METADATA_BYTES: Final = 4096


@rule(BUCKET, on="create update")
def bucket_metadata(call: Call) -> None:
    """400 for more than 4 KB of metadata."""
    size = len(json.dumps(call.inputs.get("metadata") or {}).encode())
    if size > _METADATA_BYTES:
        raise invalid_parameter(f"metadata: {size} bytes exceed the limit of {_METADATA_BYTES}.")


@computed(BUCKET)
def bucket_outputs(context: CreateContext) -> dict[str, Any]:
    outputs = context.outputs
    return {
        "bucketId": derived_ocid("bucket", context.region, context.id),
        "etag": str(uuid.uuid4()),
        "namespace": outputs.get("namespace") or namespace_of(context.tenancy),
        "accessType": outputs.get("accessType") or "NoPublicAccess",
        "storageTier": outputs.get("storageTier") or "Standard",
        "versioning": outputs.get("versioning") or "Disabled",
        "autoTiering": outputs.get("autoTiering") or "Disabled",
        "approximateCount": "0",
        "approximateSize": "0",
    }


@function("oci:ObjectStorage/getNamespace:getNamespace")
def namespace(query: Query) -> dict[str, Any]:
    return {"namespace": namespace_of(query.tenancy)}
