"""Objects that the provider creates: the same objects as those of the REST API, each with a resource in the model."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.ids import key_of
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks
from sandbox.oci.services.object_storage.buckets import OBJECT, bucket_by_inputs, require_bucket
from sandbox.oci.services.object_storage.contents import delete, delete_version, live, put
from sandbox.oci.services.object_storage.mirror import HEADERS, META, header, shown
from sandbox.oci.services.object_storage.objects import Objects, digest
from sandbox.store import now

_ID = re.compile(r"n/([^/]+)/b/([^/]+)/o/(.+)", re.DOTALL)


def _writes(cloud: Cloud, entry: Entry) -> Entry:
    """Upload a new object. Rename one whose name changes, and move one whose tier changes."""
    bucket, name = bucket_by_inputs(cloud, entry.inputs, entry.region), str(entry.inputs["object"])
    if bucket is None:
        return entry
    old = cloud.find(entry.id)
    before = live(cloud, bucket, str(old.inputs["object"])) if old is not None else None
    tier = str(entry.inputs.get("storageTier") or "")
    if before is None:
        made = put(
            cloud, bucket, name, _content(cloud, entry.inputs, entry.region), _headers(entry), tier=tier
        )
    elif before.name != name:
        made = put(
            cloud, bucket, name, before.content, before.headers, tier=tier or before.tier, md5=before.md5
        )
        delete(cloud, bucket, before.name)
    else:
        made = replace(before, tier=tier or before.tier)
        Objects(cloud.store).change(bucket.id, made)
    return shown(entry, made)


def _erases(cloud: Cloud, entry: Entry) -> None:
    """Delete an object as the provider does: all its versions if `deleteAllObjectVersions` is set.

    Another client's deletion also ends the resource. Then the previous versions stay.
    """
    bucket, name = bucket_by_inputs(cloud, entry.inputs, entry.region), str(entry.inputs.get("object"))
    if bucket is None or live(cloud, bucket, name) is None:
        return
    if not entry.inputs.get("deleteAllObjectVersions"):
        delete(cloud, bucket, name)
        return
    for each in Objects(cloud.store).versions(bucket.id, name):
        if each.name == name:
            delete_version(cloud, bucket, each)


def _finds(cloud: Cloud, id: str, region: str) -> Entry | None:  # noqa: A002
    """An object that was uploaded, for an import."""
    parts = _ID.fullmatch(id)
    names = ("namespace", "bucket", "object")
    inputs: dict[str, Any] = dict(zip(names, parts.groups(), strict=True)) if parts else {}
    bucket = bucket_by_inputs(cloud, inputs, region)
    found = live(cloud, bucket, inputs["object"]) if bucket else None
    if bucket is None or found is None:
        return None
    entry = Entry(
        id=key_of(id, region), token=OBJECT, urn="", region=region, compartment_id=bucket.compartment_id,
        state="ACTIVE", inputs=inputs, outputs={**inputs, "id": id}, created_at=now(),
    )  # fmt: skip
    return shown(entry, found)


describe(OBJECT, id="n/{namespace}/b/{bucket}/o/{object}", writes=_writes, erases=_erases, finds=_finds)


def _headers(entry: Entry) -> dict[str, str]:
    kept = {key: header(str(entry.inputs[name])) for name, key in HEADERS.items() if entry.inputs.get(name)}
    given: dict[str, Any] = entry.inputs.get("metadata") or {}
    return kept | {header(f"{META}{name}"): header(str(value)) for name, value in given.items()}


def _content(cloud: Cloud, inputs: dict[str, Any], region: str) -> bytes:
    for each in blocks(inputs, "sourceUriDetails"):
        source = bucket_by_inputs(cloud, each, str(each.get("region") or region))
        name, version = str(each.get("object")), str(each.get("sourceVersionId") or "")
        objects = Objects(cloud.store)
        found = source and (
            objects.version(source.id, name, version) if version else live(cloud, source, name)
        )
        if not found:
            raise OciError(404, "ObjectNotFound", f"The object '{name}' was not found.")
        return found.content
    if inputs.get("source"):
        return _file(str(inputs["source"])).read_bytes()
    return str(inputs.get("content") or "").encode()


def _file(source: str) -> Path:
    file = Path(source)
    if not file.is_file():
        raise invalid_parameter(f"the specified source is not available: {source!r}")
    return file


@rule(OBJECT)
def object_source(call: Call) -> None:
    """404 for a bucket that does not exist. 400 for a source that is no file, or another MD5 than that of the content.

    Source: `objectstorage_object_resource.go` of the provider, which opens the file before it calls the service.
    """
    require_bucket(call, call.inputs.get("namespace"), call.inputs.get("bucket"))
    if call.inputs.get("source"):
        _file(str(call.inputs["source"]))
    told, content = call.inputs.get("contentMd5"), call.inputs.get("content")
    if told and isinstance(content, str) and told != digest(content.encode()):
        text = f"The computed MD5 of the request body ({digest(content.encode())}) does not match the Content-MD5 "
        raise OciError(400, "UnmatchedContentMD5", f"{text}header ({told})")
