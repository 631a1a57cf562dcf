"""What a bucket contains: puts and deletes of objects, as the bucket's versioning has it.

Source: Oracle's page "Object Storage Versioning". A bucket with versioning keeps what is overwritten or deleted as
previous versions, and marks a deletion. A bucket whose versioning is suspended keeps the versions from before, and
otherwise behaves as one without versioning. Unverified: a deletion while versioning is suspended leaves no marker, and
the newest previous version becomes the latest one where the latest is deleted by its id, as it does where the latest
is a marker.
"""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule, run_rules
from sandbox.oci.services.object_storage.buckets import BUCKET, OBJECT
from sandbox.oci.services.object_storage.mirror import mirror
from sandbox.oci.services.object_storage.objects import Listed, Objects, Stored, digest, uploads
from sandbox.oci.services.object_storage.replication import destination_of
from sandbox.store import now

_LONGEST_NAME: Final = 1024


def judge(cloud: Cloud, operation: str, bucket: Entry, name: str | None, tier: str | None = None) -> None:
    """Run the rules for a change of an object by the REST API. No name: the change is of one version only."""
    inputs = {
        "namespace": bucket.inputs.get("namespace"), "bucket": bucket.inputs.get("name"), "object": name,
        "storageTier": tier,
    }  # fmt: skip
    run_rules(Call(cloud, OBJECT, operation, bucket.region, inputs, None, "", by_provider=False))


def live(cloud: Cloud, bucket: Entry, name: str) -> Stored | None:
    """The object as it is now. None if there is none, or it was deleted."""
    found = Objects(cloud.store).latest(bucket.id, name)
    return None if found is None or found.marker else found


def put(
    cloud: Cloud,
    bucket: Entry,
    name: str,
    content: bytes,
    headers: Mapping[str, str],
    *,
    tier: str = "",
    md5: str = "",
    etag: str = "",
) -> Stored:
    """Write an object. Its tier is the bucket's unless another is given. `md5` is that of an upload in parts.

    `etag` is that of an object of which this one is the replica.
    """
    objects, at = Objects(cloud.store), now()
    old = _set_aside(objects, bucket, name, at)
    made = Stored(
        name=name,
        size=len(content),
        etag=etag or str(uuid.uuid4()),
        md5=md5 or digest(content),
        created=old.created if old is not None and not is_versioned(bucket) else at,
        modified=at,
        tier=tier or str(bucket.outputs.get("storageTier") or "Standard"),
        headers=dict(headers),
        kept=is_versioned(bucket),
        content=content,
    )
    objects.add(bucket.id, made)
    mirror(cloud, bucket, name)
    _replicate(cloud, bucket, name, made)
    return made


def delete(cloud: Cloud, bucket: Entry, name: str) -> Listed | None:
    """Delete an object: the marker, or else what was deleted. None if there is no such object."""
    objects, at = Objects(cloud.store), now()
    if live(cloud, bucket, name) is None:
        return None
    gone = _set_aside(objects, bucket, name, at)
    if is_versioned(bucket):
        gone = marker = Stored(name=name, created=at, modified=at, marker=True, kept=True)
        objects.add(bucket.id, marker)
    mirror(cloud, bucket, name)
    _replicate(cloud, bucket, name, None)
    return gone


def delete_version(cloud: Cloud, bucket: Entry, gone: Listed) -> None:
    """Delete a version for good. The newest other one becomes the latest if this one was."""
    objects = Objects(cloud.store)
    objects.remove(bucket.id, gone)
    rest = [each for each in objects.versions(bucket.id, gone.name) if each.name == gone.name]
    if rest and not gone.superseded:
        objects.change(bucket.id, replace(rest[0], superseded=""))
    mirror(cloud, bucket, gone.name)
    if not gone.superseded and live(cloud, bucket, gone.name) is None:
        _replicate(cloud, bucket, gone.name, None)


def _replicate(cloud: Cloud, bucket: Entry, name: str, made: Stored | None) -> None:
    """Repeat a write or a deletion (None) in the bucket to which this one is replicated.

    A replica has the name, the metadata, the etag and the MD5 of its source, and the tier of its own bucket. Previous
    versions are not replicated, and neither is what was there before the policy. Source: Oracle's page "Object Storage
    Replication".
    """
    target = destination_of(cloud, bucket)
    if target is not None and made is not None:
        put(cloud, target, name, made.content, made.headers, md5=made.md5, etag=made.etag)
    elif target is not None:
        delete(cloud, target, name)


def is_versioned(bucket: Entry) -> bool:
    """Whether a bucket keeps what is overwritten or deleted from now on."""
    return bucket.outputs.get("versioning") == "Enabled"


def _set_aside(objects: Objects, bucket: Entry, name: str, at: str) -> Listed | None:
    """Let the latest version become a previous one, or delete it where nothing keeps it."""
    old = objects.latest(bucket.id, name)
    if old is not None and (is_versioned(bucket) or old.kept):
        objects.change(bucket.id, replace(old, superseded=at))
    elif old is not None:
        objects.remove(bucket.id, old)
    return old


@rule(OBJECT)
def object_name(call: Call) -> None:
    """400 for a name over 1024 bytes of UTF-8, or with a line feed, carriage return or NULL (code unverified).

    Source: Oracle's page "Object Storage Objects".
    """
    name = str(call.inputs.get("object"))
    if not 1 <= len(name.encode()) <= _LONGEST_NAME or set(name) & set("\n\r\0"):
        text = (
            f"The object name {name[:100]!r} is invalid: 1 to {_LONGEST_NAME} bytes of UTF-8, no line feed, "
        )
        raise OciError(400, "InvalidObjectName", f"{text}carriage return or NULL.")


@rule(BUCKET, on="delete")
def bucket_is_empty(call: Call) -> None:
    """409 while it has objects, previous versions or uploads under way (SDK: `delete_bucket`).

    Source of the versions: Oracle's page "Troubleshooting Object Storage Object Versioning". The code for versions and
    uploads is unverified.
    """
    assert call.old is not None  # noqa: S101 - a delete is always of something
    name, store = call.old.inputs.get("name"), call.cloud.store
    found = Objects(store).versions(call.old.id)
    if any(not each.superseded and not each.marker for each in found):
        text = f"Bucket named '{name}' is not empty. Delete all objects first."
        raise OciError(409, "BucketNotEmpty", text)
    if found:
        text = f"Bucket named '{name}' is not empty. Delete all object versions first."
        raise OciError(409, "BucketNotEmpty", text)
    if uploads(store, call.old.id):
        text = f"Bucket named '{name}' has multipart uploads in progress. Commit or abort them first."
        raise OciError(409, "BucketNotEmpty", text)
