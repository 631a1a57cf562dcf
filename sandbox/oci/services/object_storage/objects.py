"""Objects with their versions, kept in the store beside the model, and the parts of uploads under way."""

import base64
import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

from sandbox.store import Store

UPLOADS: Final = "oci-upload"
"""The kind of record of an upload in the store."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS oci_object_versions (
    place INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
    size INTEGER NOT NULL, etag TEXT NOT NULL, md5 TEXT NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL,
    tier TEXT NOT NULL, headers TEXT NOT NULL, superseded TEXT NOT NULL, marker INTEGER NOT NULL,
    kept INTEGER NOT NULL, restored TEXT NOT NULL, content BLOB NOT NULL, UNIQUE (bucket, name, version)
);
CREATE TABLE IF NOT EXISTS oci_object_parts (
    upload TEXT NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL, etag TEXT NOT NULL, md5 TEXT NOT NULL,
    PRIMARY KEY (upload, number)
);
CREATE TRIGGER IF NOT EXISTS oci_object_forgotten AFTER DELETE ON oci_resources
    WHEN OLD.token = 'oci:ObjectStorage/storageObject:StorageObject' BEGIN
    DELETE FROM oci_object_versions WHERE superseded = '' AND marker = 0
        AND name = json_extract(OLD.inputs, '$.object') AND bucket = 'n/' || json_extract(OLD.inputs, '$.namespace')
        || '/b/' || json_extract(OLD.inputs, '$.bucket') || '@' || OLD.region;
END;
CREATE TRIGGER IF NOT EXISTS oci_objects_go_with_their_bucket AFTER DELETE ON oci_resources
    WHEN OLD.token = 'oci:ObjectStorage/bucket:Bucket' BEGIN
    DELETE FROM oci_object_versions WHERE bucket = OLD.id;
    DELETE FROM oci_object_parts WHERE upload IN
        (SELECT key FROM documents WHERE kind = 'oci-upload' AND json_extract(doc, '$.bucket') = OLD.id);
    DELETE FROM documents WHERE kind = 'oci-upload' AND json_extract(doc, '$.bucket') = OLD.id;
END
"""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One version of an object, without its content. Times are ISO 8601 in UTC."""

    name: str
    version: str = field(default_factory=lambda: str(uuid.uuid4()))
    size: int = 0
    etag: str = field(default_factory=lambda: str(uuid.uuid4()))
    md5: str = ""
    created: str
    modified: str
    tier: str = "Standard"
    headers: dict[str, str] = field(default_factory=dict[str, str])
    """What a get answers beside its own headers: content type, the user's metadata and the like."""
    superseded: str = ""
    """When it became a previous version. Empty for the latest version."""
    marker: bool = False
    """Whether it marks a deletion."""
    kept: bool = False
    """Whether it was written while the bucket had versioning: then nothing overwrites it."""
    restored: str = ""
    """Until when a restored version of tier Archive can be read. Empty if it was not restored."""

    def row(self) -> tuple[Any, ...]:
        """The fields as the table has them."""
        values = (getattr(self, name) for name in _COLUMNS)
        return tuple(json.dumps(value) if isinstance(value, dict) else value for value in values)


@dataclass(frozen=True, kw_only=True)
class Stored(Listed):
    """One version of an object with its content."""

    content: bytes = b""


_COLUMNS: Final = tuple(each.name for each in fields(Listed))
_LISTED: Final = ", ".join(_COLUMNS)


def digest(content: bytes) -> str:
    """The MD5 of some content, in Base64."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


class Objects:
    """The versions of the objects of a store. Buckets are named by their key in the model."""

    def __init__(self, store: Store) -> None:
        self._store = store
        if not store.query("SELECT 1 FROM sqlite_master WHERE name = 'oci_objects_go_with_their_bucket'"):
            store.create_tables(_SCHEMA)

    def latest(self, bucket: str, name: str) -> Stored | None:
        """The latest version of an object, which may be the marker of a deletion. None without one."""
        return next(self._stored("superseded = '' AND bucket = ? AND name = ?", bucket, name), None)

    def version(self, bucket: str, name: str, version: str) -> Stored | None:
        """One version of an object, or None."""
        return next(self._stored("bucket = ? AND name = ? AND version = ?", bucket, name, version), None)

    def all(self, bucket: str, prefix: str = "") -> list[Listed]:
        """The latest versions of a bucket's objects whose names begin with a prefix, by name. No deleted objects."""
        return [each for each in self.versions(bucket, prefix) if not each.superseded and not each.marker]

    def versions(self, bucket: str, prefix: str = "") -> list[Listed]:
        """All versions of a bucket's objects whose names begin with a prefix, by name, newest first."""
        rows = self._store.query(
            f"SELECT {_LISTED} FROM oci_object_versions WHERE bucket = ? AND substr(name, 1, length(?)) = ?"  # noqa: S608
            " ORDER BY name, place DESC",
            (bucket, prefix, prefix),
        )
        return [Listed(**_values(row)) for row in rows]

    def add(self, bucket: str, made: Stored) -> None:
        """Insert a version. It is newer than all others of its name."""
        marks = ", ".join("?" * (len(_COLUMNS) + 2))
        self._store.execute(
            f"INSERT INTO oci_object_versions (bucket, content, {_LISTED}) VALUES ({marks})",  # noqa: S608 - our words
            (bucket, made.content, *made.row()),
        )

    def change(self, bucket: str, changed: Listed) -> None:
        """Write what is known of a version again. Its content stays."""
        sets = ", ".join(f"{name} = ?" for name in _COLUMNS)
        self._store.execute(
            f"UPDATE oci_object_versions SET {sets} WHERE bucket = ? AND name = ? AND version = ?",  # noqa: S608
            (*changed.row(), bucket, changed.name, changed.version),
        )

    def remove(self, bucket: str, gone: Listed) -> None:
        """Delete a version for good."""
        self._store.execute(
            "DELETE FROM oci_object_versions WHERE bucket = ? AND name = ? AND version = ?",
            (bucket, gone.name, gone.version),
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

    def forget_upload(self, upload: str) -> None:
        """Drop an upload with its parts."""
        self._store.execute("DELETE FROM oci_object_parts WHERE upload = ?", (upload,))
        self._store.delete(UPLOADS, upload)

    def _stored(self, where: str, *values: str) -> Iterator[Stored]:
        rows = self._store.query(
            f"SELECT content, {_LISTED} FROM oci_object_versions WHERE {where}",  # noqa: S608 - our own words
            values,
        )
        return (Stored(content=content, **_values(row)) for content, *row in rows)


def _values(row: Sequence[Any]) -> dict[str, Any]:
    found = dict(zip(_COLUMNS, row, strict=True))
    flags = {name: bool(found[name]) for name in ("marker", "kept")}
    return {**found, **flags, "headers": json.loads(found["headers"])}


def uploads(store: Store, bucket: str) -> dict[str, dict[str, Any]]:
    """The uploads of a bucket that are under way, by their ids, as a list shows them."""
    return {key: each["shown"] for key, each in store.list(UPLOADS).items() if each["bucket"] == bucket}
