"""Object Storage: objects in OCI's REST API: put, get, head and delete."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, run_rules
from sandbox.oci.services.object_storage.api import CLIENT, bucket_of
from sandbox.oci.services.object_storage.buckets import OBJECT
from sandbox.oci.services.object_storage.objects import Objects, Stored, digest
from sandbox.oci.services.object_storage.retention import refuse_retained

_KEPT: Final = (
    "content-type",
    "content-language",
    "content-encoding",
    "content-disposition",
    "cache-control",
)
META: Final = "opc-meta-"
"""How the names of headers with a user's metadata begin."""
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True)
class Conditions:
    """The etags that a write asks for. Empty text asks for nothing."""

    match: str = ""
    none_match: str = ""

    @classmethod
    def of(cls, named: Mapping[str, Any], match: str, none_match: str) -> "Conditions":
        """The conditions in headers or in a body, by their names there."""
        return cls(named.get(match) or "", named.get(none_match) or "")

    def require(self, old: Stored | None) -> None:
        """412 unless the object as it is fulfils them."""
        if self.none_match == "*" and old is not None:
            raise OciError(412, "IfNoneMatchFailed", f"The object '{old.name}' already exists.")
        if self.match and (old is None or self.match not in ("*", old.etag)):
            raise OciError(412, "IfMatchFailed", "The If-Match header does not match the ETag of the object.")


def write(
    request: Request,
    bucket: Entry,
    name: str,
    content: bytes,
    headers: dict[str, str],
    *,
    conditions: Conditions | None = None,
) -> Stored:
    """Write an object where the rules let it, as one call of the cloud or as part of one.

    The conditions are those of the request's headers, unless others are given.
    """
    inputs = {
        "namespace": bucket.inputs.get("namespace"), "bucket": bucket.inputs.get("name"), "object": name,
    }  # fmt: skip
    with request.operations.call(request.account, "create", OBJECT, name):
        objects = Objects(request.cloud.store)
        old = objects.find(bucket.id, name)
        (conditions or _of_headers(request)).require(old)
        if old is not None:
            refuse_retained(bucket, old.name, old.modified)
        run_rules(Call(request.cloud, OBJECT, "create", bucket.region, inputs, None, ""))
        return objects.put(bucket.id, name, content, headers)


def _of_headers(request: Request) -> Conditions:
    return Conditions.of(request.headers, "if-match", "if-none-match")


def kept_headers(request: Request) -> dict[str, str]:
    """What a get answers with later: the content's type and the like, the user's metadata and the tier."""
    given = request.headers
    kept = {name: given[name] for name in _KEPT if given.get(name)}
    kept |= {name: value for name, value in given.items() if name.startswith(META)}
    return kept | {"storage-tier": given.get("storage-tier") or "Standard"}


def put_answer(made: Stored) -> Response:
    """What a write answers."""
    return Response(headers={"etag": made.etag, "opc-content-md5": made.md5, "last-modified": made.modified})


def found_object(request: Request, name: str = "") -> tuple[Entry, Stored]:
    """The object that the path names, with its bucket; 404 ObjectNotFound without one."""
    bucket, name = bucket_of(request), name or request.path["objectName"]
    found = Objects(request.cloud.store).find(bucket.id, name)
    if found is None:
        text = f"The object '{name}' was not found in the bucket '{request.path['bucketName']}'"
        raise OciError(404, "ObjectNotFound", text)
    return bucket, found


@answers(CLIENT, "put_object")
def put_object(request: Request) -> Response:
    """Write an object; the MD5 in the request, if any, must be its own."""
    told = request.headers.get("content-md5")
    if told and told != digest(request.body):
        raise OciError(
            400, "UnmatchedContentMD5", "The computed MD5 of the request body does not match Content-MD5."
        )
    name = request.path["objectName"]
    with request.operations.call(request.account, "create", OBJECT, name):
        return put_answer(write(request, bucket_of(request), name, request.body, kept_headers(request)))


@answers(CLIENT, "get_object", "head_object")
def get_object(request: Request) -> Response:
    """The content of an object, or a range of it, with its headers."""
    request.meet_faults(OBJECT)
    _, found = found_object(request)
    if request.headers.get("if-none-match") in ("*", found.etag):
        return Response(status=304, headers={"etag": found.etag})
    headers = {**found.headers, "etag": found.etag, "last-modified": found.modified, "accept-ranges": "bytes"}
    wanted = _RANGE.fullmatch(request.headers.get("range", ""))
    if wanted is None:
        return Response(body=found.content, headers={**headers, "content-md5": found.md5})
    first, last = _bounds(wanted, len(found.content))
    shown = f"bytes {first}-{last}/{len(found.content)}"
    return Response(
        status=206, body=found.content[first : last + 1], headers={**headers, "content-range": shown}
    )


def _bounds(wanted: re.Match[str], size: int) -> tuple[int, int]:
    if not wanted[1]:
        first, last = max(size - int(wanted[2] or 0), 0), size - 1
    else:
        first, last = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
    if first > last:
        raise OciError(416, "InvalidRange", f"The range is not within the object's {size} bytes.")
    return first, last


@answers(CLIENT, "delete_object")
def delete_object(request: Request) -> Response:
    """Delete an object."""
    with request.operations.call(request.account, "delete", OBJECT, request.path["objectName"]):
        bucket, found = found_object(request)
        inputs = {"namespace": bucket.inputs.get("namespace"), "bucket": bucket.inputs.get("name")}
        _of_headers(request).require(found)
        refuse_retained(bucket, found.name, found.modified)
        run_rules(Call(request.cloud, OBJECT, "delete", bucket.region, inputs, None, ""))
        Objects(request.cloud.store).remove(bucket.id, found.name)
    return Response(status=204)


def metadata(given: Mapping[str, str] | None) -> dict[str, str]:
    """A user's metadata as headers. The SDK's text wants the prefix in the names."""
    return {
        name if name.startswith(META) else f"{META}{name}": value for name, value in (given or {}).items()
    }
