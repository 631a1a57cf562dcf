"""Objects: their content, kept in the store beside the model, and the parts of uploads that are not committed yet."""

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from sandbox.oci.errors import OciError
from sandbox.oci.rules import Call, rule
from sandbox.oci.services.object_storage.buckets import BUCKET
from sandbox.store import Store, now

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


@dataclass(frozen=True)
class Stored:
    """An object. `headers` are what a get answers beside its own: content type, the user's metadata, the tier."""

    name: str
    content: bytes
    etag: str
    md5: str
    created: str
    modified: str
    headers: dict[str, str] = field(default_factory=dict[str, str])

    def summary(self) -> dict[str, Any]:
        """The object in a list."""
        return {
            "name": self.name,
            "size": len(self.content),
            "md5": self.md5,
            "etag": self.etag,
            "timeCreated": self.created,
            "timeModified": self.modified,
            "storageTier": self.headers.get("storage-tier", "Standard"),
        }


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
        rows = self._rows("bucket = ? AND name = ?", (bucket, name))
        return rows[0] if rows else None

    def all(self, bucket: str, prefix: str = "") -> list[Stored]:
        """The objects of a bucket whose names begin with a prefix, by name."""
        return [each for each in self._rows("bucket = ?", (bucket,)) if each.name.startswith(prefix)]

    def put(self, bucket: str, name: str, content: bytes, headers: dict[str, str]) -> Stored:
        """Write an object, in place of one with its name."""
        old = self.find(bucket, name)
        at = now()
        made = Stored(
            name, content, str(uuid.uuid4()), digest(content), old.created if old else at, at, headers
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

    def _rows(self, where: str, values: tuple[object, ...]) -> list[Stored]:
        rows = self._store.query(
            f"SELECT name, content, etag, md5, created, modified, headers FROM oci_objects WHERE {where}"  # noqa: S608 - our own words
            " ORDER BY name",
            values,
        )
        return [
            Stored(name, content, etag, md5, created, modified, json.loads(headers))
            for name, content, etag, md5, created, modified, headers in rows
        ]


@rule(BUCKET, on="delete")
def bucket_is_empty(call: Call) -> None:
    """409 while it has objects."""
    assert call.old is not None  # noqa: S101 - a delete is always of something
    if Objects(call.cloud.store).all(call.old.id):
        name = call.old.inputs.get("name")
        raise OciError(
            409, "BucketNotEmpty", f"Bucket named '{name}' is not empty. Delete all objects first."
        )
