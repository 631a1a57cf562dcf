"""Keeps the provider's resources of objects equal to what their buckets contain, after a change by any client."""

from dataclasses import replace
from typing import Any, Final

from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.services.object_storage.buckets import OBJECT
from sandbox.oci.services.object_storage.objects import Objects, Stored, digest

META: Final = "opc-meta-"
"""How the names of headers with a user's metadata begin."""
HEADERS: Final = {
    "contentType": "content-type",
    "contentLanguage": "content-language",
    "contentEncoding": "content-encoding",
    "contentDisposition": "content-disposition",
    "cacheControl": "cache-control",
}
"""The headers that are kept with an object, by the names of their properties."""


def mirror(cloud: Cloud, bucket: Entry, name: str) -> None:
    """Bring the resources of an object up to date, and delete them with it."""
    found = Objects(cloud.store).latest(bucket.id, name)
    for entry in cloud.all(OBJECT, region=bucket.region):
        if entry.inputs.get("object") != name or not _is_in(entry, bucket):
            continue
        if found is None or found.marker:
            cloud.remove(entry.id)
        else:
            cloud.save(shown(entry, found))


def _is_in(entry: Entry, bucket: Entry) -> bool:
    place = entry.inputs.get("namespace"), entry.inputs.get("bucket")
    return place == (bucket.inputs.get("namespace"), bucket.inputs.get("name"))


def shown(entry: Entry, found: Stored) -> Entry:
    """The resource of an object as the object is. Inputs that the program does not set stay out."""
    own: dict[str, Any] = {
        "contentLength": str(found.size),
        "contentMd5": found.md5,
        "storageTier": found.tier,
        "versionId": found.version,
        "metadata": {
            key.removeprefix(META): _read(value)
            for key, value in found.headers.items()
            if key.startswith(META)
        },
        **{name: _read(found.headers.get(header)) for name, header in HEADERS.items()},
        "contentType": _read(found.headers.get("content-type")) or "application/octet-stream",
    }
    if "content" in entry.inputs and found.md5 != digest(str(entry.inputs["content"]).encode()):
        own["content"] = found.content.decode(errors="replace")
    told = {name: value for name, value in own.items() if name in entry.inputs and name != "contentMd5"}
    outputs = {name: value for name, value in {**entry.outputs, **own}.items() if value is not None}
    return replace(entry, inputs={**entry.inputs, **told}, outputs=outputs)


def header(value: str) -> str:
    """A text as the value of a header: its bytes in UTF-8. 400 for line breaks and other control characters."""
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        raise invalid_parameter(f"{value[:100]!r} is not the value of a header: it has control characters.")
    return value.encode().decode("latin-1")


def _read(value: str | None) -> str | None:
    """The text of a header's value."""
    return value.encode("latin-1").decode(errors="replace") if value is not None else None
