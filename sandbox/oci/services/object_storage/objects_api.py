"""Object Storage: objects in OCI's REST API: put, get, head, list, copy, rename and delete."""

import re
from typing import Any, Final

from sandbox.oci.api import work_requests
from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, run_rules
from sandbox.oci.services.object_storage.api import CLIENT, bucket_of
from sandbox.oci.services.object_storage.objects import Objects, Stored, digest
from sandbox.oci.services.object_storage.replication import OBJECT

_KEPT: Final = (
    "content-type",
    "content-language",
    "content-encoding",
    "content-disposition",
    "cache-control",
)
_MOST: Final = 1000
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def write(request: Request, bucket: Entry, name: str, content: bytes, headers: dict[str, str]) -> Stored:
    """Write an object where the rules let it, as one call of the cloud or as part of one."""
    inputs = {
        "namespace": bucket.inputs.get("namespace"), "bucket": bucket.inputs.get("name"), "object": name,
    }  # fmt: skip
    with request.operations.call(request.account, "create", OBJECT, name):
        objects = Objects(request.cloud.store)
        _require_conditions(request, objects.find(bucket.id, name))
        run_rules(Call(request.cloud, OBJECT, "create", bucket.region, inputs, None, ""))
        return objects.put(bucket.id, name, content, headers)


def _require_conditions(request: Request, old: Stored | None) -> None:
    if request.headers.get("if-none-match") == "*" and old is not None:
        raise OciError(412, "IfNoneMatchFailed", f"The object '{old.name}' already exists.")
    wanted = request.headers.get("if-match")
    if wanted and (old is None or wanted not in ("*", old.etag)):
        raise OciError(412, "IfMatchFailed", "The If-Match header does not match the ETag of the object.")


def kept_headers(request: Request) -> dict[str, str]:
    """What a get answers with later: the content's type and the like, the user's metadata and the tier."""
    given = request.headers
    kept = {name: given[name] for name in _KEPT if given.get(name)}
    kept |= {name: value for name, value in given.items() if name.startswith("opc-meta-")}
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
        _require_conditions(request, found)
        run_rules(Call(request.cloud, OBJECT, "delete", bucket.region, inputs, None, ""))
        Objects(request.cloud.store).remove(bucket.id, found.name)
    return Response(status=204)


@answers(CLIENT, "list_objects")
def list_objects(request: Request) -> Response:
    """The objects of a bucket by name, with what is between the prefix and a delimiter folded to prefixes."""
    prefix, delimiter = request.argument("prefix") or "", request.argument("delimiter")
    limit = int(request.argument("limit") or _MOST)
    if not 1 <= limit <= _MOST:
        raise invalid_parameter(f"limit must be between 1 and {_MOST}, not {limit}.")
    start, end = request.argument("start") or "", request.argument("end")
    after = request.argument("startAfter")
    names = [
        each
        for each in Objects(request.cloud.store).all(bucket_of(request).id, prefix)
        if each.name >= start and (not end or each.name < end) and (not after or each.name > after)
    ]
    folded = sorted({_folded(each.name, prefix, delimiter) for each in names} - {""})
    kept = [each for each in names if not _folded(each.name, prefix, delimiter)]
    body: dict[str, Any] = {"objects": [_chosen(request, each.summary()) for each in kept[:limit]]}
    if delimiter:
        body["prefixes"] = folded
    if len(kept) > limit:
        body["nextStartWith"] = kept[limit].name
    return Response(body=body)


def _folded(name: str, prefix: str, delimiter: str | None) -> str:
    rest = name[len(prefix) :]
    return prefix + rest.split(delimiter)[0] + delimiter if delimiter and delimiter in rest else ""


def _chosen(request: Request, summary: dict[str, Any]) -> dict[str, Any]:
    """The name alone, unless `fields` asks for more."""
    wanted = {"name", *(request.argument("fields") or "").split(",")}
    return {name: value for name, value in summary.items() if name in wanted}


@answers(CLIENT, "copy_object")
def copy_object(request: Request) -> Response:
    """Copy an object to a bucket of any region: it is there when the work request is done."""
    body = request.body
    name = body["destinationObjectName"]
    with request.operations.call(request.account, "create", OBJECT, name):
        source, found = found_object(request, body["sourceObjectName"])
        target = bucket_of(
            request, body["destinationBucket"], body["destinationRegion"], body["destinationNamespace"]
        )
        write(request, target, name, found.content, found.headers)
        headers = work_requests.begin(request, "create", "object", name, source.compartment_id)
    return Response(status=202, headers=headers)


@answers(CLIENT, "rename_object")
def rename_object(request: Request) -> Response:
    """Give an object another name in its bucket."""
    name = request.body["newName"]
    with request.operations.call(request.account, "create", OBJECT, name):
        bucket, found = found_object(request, request.body["sourceName"])
        made = write(request, bucket, name, found.content, found.headers)
        Objects(request.cloud.store).remove(bucket.id, found.name)
    return put_answer(made)
