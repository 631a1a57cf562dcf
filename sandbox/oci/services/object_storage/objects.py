"""Objects: their content, kept in the store beside the model, and the parts of uploads that are not committed yet."""

import base64
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.oci.errors import OciError
from sandbox.oci.rules import Call, rule
from sandbox.oci.services.object_storage.buckets import BUCKET, OBJECT
from sandbox.store import Store, now

UPLOADS: Final = "oci-upload"
"""The kind of record of an upload in the store."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS oci_objects (
    bucket TEXT NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL, etag TEXT NOT NULL, md5 TEXT NOT NULL,
    created TEXT NOT NULL, modified TEXT NOT NULL, headers TEXT NOT NULL, PRIMARY KEY (bucket, name)
);
CREATE TABLE IF NOT EXISTS oci_object_parts (
    upload TEXT NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL, etag TEXT NOT NULL, md5 TEXT NOT NULL,
    PRIMARY KEY (upload, number)
)
"""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An object without its content. `headers` are what a get answers beside its own: content type, metadata, tier."""

    name: str
    size: int
    etag: str
    md5: str
    created: str
    modified: str
    headers: dict[str, str] = field(default_factory=dict[str, str])

    def summary(self) -> dict[str, Any]:
        """The object in a list."""
        return {
            "name": self.name,
            "size": self.size,
            "md5": self.md5,
            "etag": self.etag,
            "timeCreated": self.created,
            "timeModified": self.modified,
            "storageTier": self.headers.get("storage-tier", "Standard"),
        }


@dataclass(frozen=True, kw_only=True)
class Stored(Listed):
    """An object with its content."""

    content: bytes


def digest(content: bytes) -> str:
    """The MD5 of some content, in Base64."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


class Objects:
    """The objects of a store. Buckets are named by their key in the model."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.create_tables(_SCHEMA)

    def find(self, bucket: str, name: str) -> Stored | None:
        """The object, or None."""
        for content, *rest in self._rows("content", "AND name = ?", bucket, name):
            return Stored(content=content, **_listed([len(content), *rest]))
        return None

    def all(self, bucket: str, prefix: str = "") -> list[Listed]:
        """The objects of a bucket whose names begin with a prefix, by name, without their content."""
        rows = self._rows("length(content)", "AND substr(name, 1, length(?)) = ?", bucket, prefix, prefix)
        return [Listed(**_listed(row)) for row in rows]

    def put(self, bucket: str, name: str, content: bytes, headers: dict[str, str]) -> Stored:
        """Write an object, in place of one with its name."""
        old, at = self.find(bucket, name), now()
        made = Stored(
            name=name,
            size=len(content),
            etag=str(uuid.uuid4()),
            md5=digest(content),
            created=old.created if old else at,
            modified=at,
            headers=headers,
            content=content,
        )
        self._store.execute(
            "INSERT OR REPLACE INTO oci_objects VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (bucket, name, content, made.etag, made.md5, made.created, at, json.dumps(headers)),
        )
        return made

    def remove(self, bucket: str, name: str) -> bool:
        """Delete an object; False if there was none."""
        return (
            self._store.execute("DELETE FROM oci_objects WHERE bucket = ? AND name = ?", (bucket, name)) > 0
        )

    def put_part(self, upload: str, number: int, content: bytes) -> tuple[str, str]:
        """Keep a part of an upload: its etag and MD5."""
        etag, md5 = str(uuid.uuid4()), digest(content)
        self._store.execute(
            "INSERT OR REPLACE INTO oci_object_parts VALUES (?, ?, ?, ?, ?)",
            (upload, number, content, etag, md5),
        )
        return etag, md5

    def parts(self, upload: str) -> list[tuple[int, bytes, str, str]]:
        """Number, content, etag and MD5 of an upload's parts, in order."""
        return self._store.query(
            "SELECT number, content, etag, md5 FROM oci_object_parts WHERE upload = ? ORDER BY number",
            (upload,),
        )

    def forget_parts(self, upload: str) -> None:
        """Drop the parts of an upload."""
        self._store.execute("DELETE FROM oci_object_parts WHERE upload = ?", (upload,))

    def _rows(self, first: str, where: str, *values: str) -> list[Any]:
        return self._store.query(
            f"SELECT {first}, name, etag, md5, created, modified, headers FROM oci_objects"  # noqa: S608 - our own words
            f" WHERE bucket = ? {where} ORDER BY name",
            values,
        )


def _listed(row: Sequence[Any]) -> dict[str, Any]:
    """The values of an object from a row."""
    *values, headers = row
    names = ("size", "name", "etag", "md5", "created", "modified")
    return {**dict(zip(names, values, strict=True)), "headers": json.loads(headers)}


def uploads(store: Store, bucket: str) -> list[dict[str, Any]]:
    """The uploads of a bucket that are under way, as a list shows them."""
    return [each["shown"] for each in store.list(UPLOADS).values() if each["bucket"] == bucket]


_LONGEST_NAME: Final = 1024


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
    """409 while it has objects or uploads under way (SDK: `delete_bucket`; the code for uploads is unverified)."""
    assert call.old is not None  # noqa: S101 - a delete is always of something
    name, store = call.old.inputs.get("name"), call.cloud.store
    if Objects(store).all(call.old.id):
        text = f"Bucket named '{name}' is not empty. Delete all objects first."
        raise OciError(409, "BucketNotEmpty", text)
    if uploads(store, call.old.id):
        text = f"Bucket named '{name}' has multipart uploads in progress. Commit or abort them first."
        raise OciError(409, "BucketNotEmpty", text)
