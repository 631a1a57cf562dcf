"""Object Storage: objects in OCI's REST API: put, get, head and delete."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from sandbox.oci.services.object_storage.api import CLIENT, bucket_of
from sandbox.oci.services.object_storage.buckets import OBJECT
from sandbox.oci.services.object_storage.checksums import checksums, refuse_keys
from sandbox.oci.services.object_storage.contents import delete, delete_version, judge, live, put
from sandbox.oci.services.object_storage.mirror import HEADERS, META, header
from sandbox.oci.services.object_storage.objects import Listed, Objects, Stored
from sandbox.oci.services.object_storage.retention import refuse_retained
from sandbox.oci.services.object_storage.tiers import archival_state, require_readable

_OVERRIDDEN: Final = (*HEADERS.values(), "expires")
_PARAMETERS: Final = {f"httpResponse{name.title().replace('-', '')}": name for name in _OVERRIDDEN}
"""The parameters of a get that set headers of its answer."""
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
    headers: Mapping[str, str],
    *,
    conditions: Conditions | None = None,
    **further: str,
) -> Stored:
    """Write an object where the rules let it, as part of a call of the cloud.

    The conditions are those of the request's headers, unless others are given. `further` are arguments of `put`.
    """
    (conditions or of_headers(request)).require(live(request.cloud, bucket, name))
    judge(request.cloud, "create", bucket, name, further.get("tier"))
    return put(request.cloud, bucket, name, content, headers, **further)


def of_headers(request: Request) -> Conditions:
    """The conditions in a request's headers."""
    return Conditions.of(request.headers, "if-match", "if-none-match")


def kept_headers(request: Request) -> dict[str, str]:
    """What a get answers with later: the content's type and the like, and the user's metadata."""
    given = request.headers
    kept = {name: given[name] for name in HEADERS.values() if given.get(name)}
    return kept | {name: value for name, value in given.items() if name.startswith(META)}


def http_time(at: str) -> str:
    """A time of the store as HTTP has it (RFC 2616), as the SDK says of `timeModified`."""
    return format_datetime(datetime.fromisoformat(at), usegmt=True)


def put_answer(made: Stored) -> Response:
    """What a write answers."""
    sums = {name: value for name, value in made.headers.items() if name.startswith("opc-content-")}
    return Response(headers={**_identity(made), **_md5(made, "opc-content-md5"), **sums})


def _identity(found: Listed) -> dict[str, str]:
    return {"etag": found.etag, "last-modified": http_time(found.modified), "version-id": found.version}


def _md5(found: Listed, name: str) -> dict[str, str]:
    """The MD5 of an object, or of the parts that it was uploaded in."""
    return {"opc-multipart-md5" if "-" in found.md5 else name: found.md5}


def found_object(request: Request, name: str = "", version: str | None = None) -> tuple[Entry, Stored]:
    """The object that the path names, or a version of it, with its bucket; 404 ObjectNotFound without one."""
    bucket, name = bucket_of(request), name or request.path["objectName"]
    if version:
        found = Objects(request.cloud.store).version(bucket.id, name, version)
    else:
        found = live(request.cloud, bucket, name)
    if found is None:
        which = f"The version '{version}' of the object" if version else "The object"
        text = f"{which} '{name}' was not found in the bucket '{request.path['bucketName']}'"
        raise OciError(404, "ObjectNotFound", text)
    return bucket, found


@answers(CLIENT, "put_object")
def put_object(request: Request) -> Response:
    """Write an object; the checksums in the request, if any, must be its own."""
    refuse_keys(request.headers)
    headers = kept_headers(request) | checksums(request.headers, request.body)
    name, tier = request.path["objectName"], request.headers.get("storage-tier") or ""
    with request.operations.call(request.account, "create", OBJECT, name):
        made = write(request, bucket_of(request), name, request.body, headers, tier=tier)
        return put_answer(made)


@answers(CLIENT, "get_object", "head_object", reads=("versionId", *_PARAMETERS))
def get_object(request: Request) -> Response:
    """The content of an object or of one of its versions, or a range of it, with its headers."""
    refuse_keys(request.headers)
    request.meet_faults(OBJECT)
    bucket, found = found_object(request, version=request.argument("versionId"))
    if found.marker:
        text = f"The version '{found.version}' of the object '{found.name}' is a delete marker."
        raise OciError(404, "ObjectNotFound", text)
    Conditions(request.headers.get("if-match") or "").require(found)
    if request.headers.get("if-none-match") == found.etag:
        return Response(status=304, headers={"etag": found.etag})
    headers = {
        "content-type": "application/octet-stream", **found.headers, **_identity(found), **_overrides(request),
        "storage-tier": found.tier, "accept-ranges": "bytes",
    }  # fmt: skip
    reads = request.operation.method == "GET"
    if reads:
        require_readable(request.cloud.store, bucket, found)
    headers |= _archival(request, bucket, found)
    wanted = _RANGE.fullmatch(request.headers.get("range", "")) if reads else None
    if wanted is None:
        return Response(body=found.content, headers={**headers, **_md5(found, "content-md5")})
    first, last = _bounds(wanted, len(found.content))
    shown = f"bytes {first}-{last}/{len(found.content)}"
    return Response(
        status=206, body=found.content[first : last + 1], headers={**headers, "content-range": shown}
    )


def _archival(request: Request, bucket: Entry, found: Listed) -> dict[str, str]:
    """Whether an object of tier Archive can be read, and until when."""
    state = archival_state(request.cloud.store, bucket.id, found, asked=request.operation.method == "HEAD")
    if state is None:
        return {}
    return {"archival-state": state} | ({"time-of-archival": found.restored} if state == "Restored" else {})


def _overrides(request: Request) -> dict[str, str]:
    """The headers that a get asks to be answered with."""
    return {name: value for each, name in _PARAMETERS.items() if (value := request.argument(each))}


def _bounds(wanted: re.Match[str], size: int) -> tuple[int, int]:
    if not wanted[1]:
        first, last = max(size - int(wanted[2] or 0), 0), size - 1
    else:
        first, last = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
    if first > last:
        raise OciError(416, "InvalidRange", f"The range is not within the object's {size} bytes.")
    return first, last


@answers(CLIENT, "delete_object", reads=("versionId",))
def delete_object(request: Request) -> Response:
    """Delete an object, or one of its versions for good."""
    name, version = request.path["objectName"], request.argument("versionId")
    with request.operations.call(request.account, "delete", OBJECT, name):
        bucket, found = found_object(request, version=version)
        of_headers(request).require(found)
        gone = erase(request, bucket, found, for_good=bool(version))
    headers = {"version-id": gone.version, "last-modified": http_time(gone.modified)}
    return Response(status=204, headers=headers | ({"is-delete-marker": "true"} if gone.marker else {}))


def erase(request: Request, bucket: Entry, found: Listed, *, for_good: bool) -> Listed:
    """Delete an object or a version where the rules let it: what is gone, or the marker that was made."""
    judge(request.cloud, "delete", bucket, None if for_good else found.name)
    if not for_good:
        return delete(request.cloud, bucket, found.name) or found
    if not found.marker:
        refuse_retained(bucket, found.name, found.modified)
    delete_version(request.cloud, bucket, found)
    return found


def metadata(given: Mapping[str, str] | None) -> dict[str, str]:
    """A user's metadata as headers. The SDK's text wants the prefix in the names."""
    return {
        header(name if name.startswith(META) else f"{META}{name}").lower(): header(value)
        for name, value in (given or {}).items()
    }
