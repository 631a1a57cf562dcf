"""Object Storage: uploads in parts, in OCI's REST API."""

import hashlib
import uuid
from typing import Any, Final

from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.listing import page
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.services.object_storage.api import CLIENT, bucket_of
from sandbox.oci.services.object_storage.buckets import OBJECT
from sandbox.oci.services.object_storage.checksums import checksums, refuse_keys
from sandbox.oci.services.object_storage.contents import judge, live
from sandbox.oci.services.object_storage.mirror import HEADERS, header
from sandbox.oci.services.object_storage.objects import UPLOADS, Objects, digest, uploads
from sandbox.oci.services.object_storage.objects_api import metadata, of_headers, put_answer, write
from sandbox.store import now

_LAST_PART: Final = 10_000


@answers(CLIENT, "create_multipart_upload")
def create_upload(request: Request) -> Response:
    """Begin an upload."""
    refuse_keys(request.headers)
    body, upload = request.body, str(uuid.uuid4())
    headers = {key: header(body[name]) for name, key in HEADERS.items() if body.get(name)}
    headers |= metadata(body.get("metadata"))
    with request.operations.call(request.account, "create", OBJECT, body["object"]):
        bucket = bucket_of(request)
        tier = body.get("storageTier") or bucket.outputs.get("storageTier")
        shown = {
            "namespace": request.path["namespaceName"], "bucket": request.path["bucketName"],
            "object": body["object"], "uploadId": upload, "timeCreated": now(), "storageTier": tier,
        }  # fmt: skip
        of_headers(request).require(live(request.cloud, bucket, body["object"]))
        judge(request.cloud, "create", bucket, body["object"], tier)
        kept = {"shown": shown, "bucket": bucket.id, "headers": headers}
        request.cloud.store.put(UPLOADS, upload, kept)
    return Response(body=shown)


def _upload(request: Request) -> tuple[str, dict[str, Any]]:
    upload = request.argument("uploadId") or ""
    found = request.cloud.store.get(UPLOADS, upload)
    if found is None or found["bucket"] != bucket_of(request).id:
        raise OciError(404, "NoSuchUpload", f"There is no upload {upload}.")
    if found["shown"]["object"] != request.path["objectName"]:
        raise OciError(404, "NoSuchUpload", f"The upload {upload} is of another object.")
    return upload, found


@answers(CLIENT, "upload_part", reads=("uploadId", "uploadPartNum"))
def upload_part(request: Request) -> Response:
    """Keep a part."""
    number = int(request.argument("uploadPartNum") or 0)
    if not 1 <= number <= _LAST_PART:
        raise invalid_parameter(f"uploadPartNum must be between 1 and {_LAST_PART}, not {number}.")
    refuse_keys(request.headers)
    sums = checksums(request.headers, request.body)
    with request.operations.call(request.account, "create", OBJECT, request.path["objectName"]):
        upload, _ = _upload(request)
        etag, md5 = Objects(request.cloud.store).put_part(upload, number, request.body)
    return Response(headers={"etag": etag, "opc-content-md5": md5, **sums})


@answers(CLIENT, "list_multipart_upload_parts", reads=("uploadId",), lists=True)
def list_parts(request: Request) -> Response:
    """The parts of an upload so far."""
    request.meet_faults(OBJECT)
    upload, _ = _upload(request)
    rows = [
        {"partNumber": number, "size": len(content), "etag": etag, "md5": md5}
        for number, content, etag, md5 in Objects(request.cloud.store).parts(upload)
    ]
    return page(request, rows, ignored=("uploadId",))


@answers(CLIENT, "list_multipart_uploads", lists=True)
def list_uploads(request: Request) -> Response:
    """The uploads of a bucket that are under way."""
    request.meet_faults(OBJECT)
    return page(request, uploads(request.cloud.store, bucket_of(request).id).values())


@answers(CLIENT, "commit_multipart_upload", reads=("uploadId",))
def commit_upload(request: Request) -> Response:
    """Make the object of the parts that are named, in the order of their numbers."""
    with request.operations.call(request.account, "create", OBJECT, request.path["objectName"]):
        upload, found = _upload(request)
        content, md5 = _joined(request, upload)
        bucket, name, tier = bucket_of(request), request.path["objectName"], found["shown"]["storageTier"]
        made = write(request, bucket, name, content, found["headers"], tier=tier, md5=md5)
        Objects(request.cloud.store).forget_upload(upload)
    return put_answer(made)


def _joined(request: Request, upload: str) -> tuple[bytes, str]:
    """The content of the parts to commit, and the MD5 of their MD5s with their number."""
    parts = {
        number: (content, etag) for number, content, etag, _ in Objects(request.cloud.store).parts(upload)
    }
    wanted = sorted(request.body["partsToCommit"], key=lambda each: each["partNum"])
    for each in wanted:
        known = parts.get(each["partNum"])
        if known is None or known[1] != each["etag"]:
            raise OciError(
                400, "InvalidUploadPart", f"Part {each['partNum']} was not uploaded with this etag."
            )
    contents = [parts[each["partNum"]][0] for each in wanted]
    sums = b"".join(hashlib.md5(each, usedforsecurity=False).digest() for each in contents)
    return b"".join(contents), f"{digest(sums)}-{len(contents)}"


@answers(CLIENT, "abort_multipart_upload", reads=("uploadId",))
def abort_upload(request: Request) -> Response:
    """Drop an upload with its parts."""
    with request.operations.call(request.account, "delete", OBJECT, request.path["objectName"]):
        upload, _ = _upload(request)
        Objects(request.cloud.store).forget_upload(upload)
    return Response(status=204)
