"""Object Storage: copies and new names of objects in OCI's REST API."""

from collections.abc import Mapping
from typing import Any

from sandbox.oci.api import work_requests
from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.services.object_storage.api import CLIENT, bucket_of
from sandbox.oci.services.object_storage.buckets import OBJECT
from sandbox.oci.services.object_storage.objects import Objects
from sandbox.oci.services.object_storage.objects_api import (
    META,
    Conditions,
    found_object,
    metadata,
    put_answer,
    write,
)
from sandbox.oci.services.object_storage.retention import refuse_retained


@answers(CLIENT, "copy_object")
def copy_object(request: Request) -> Response:
    """Copy an object to a bucket of any region: it is there when the work request is done."""
    body = request.body
    if body.get("sourceVersionId"):
        raise OciError(501, "NotImplemented", "The sandbox does not model sourceVersionId of CopyObject.")
    name = body["destinationObjectName"]
    with request.operations.call(request.account, "create", OBJECT, name):
        source, found = found_object(request, body["sourceObjectName"])
        Conditions(body.get("sourceObjectIfMatchETag") or "").require(found)
        target = bucket_of(
            request, body["destinationBucket"], body["destinationRegion"], body["destinationNamespace"]
        )
        asked = Conditions.of(body, "destinationObjectIfMatchETag", "destinationObjectIfNoneMatchETag")
        write(request, target, name, found.content, _copied_headers(body, found.headers), conditions=asked)
        headers = work_requests.begin(request, "create", "object", name, source.compartment_id)
    return Response(status=202, headers=headers)


def _copied_headers(body: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a copy: another tier, or other metadata in place of the source's."""
    kept = dict(headers)
    if body.get("destinationObjectStorageTier"):
        kept["storage-tier"] = body["destinationObjectStorageTier"]
    if body.get("destinationObjectMetadata") is None:
        return kept
    kept = {name: value for name, value in kept.items() if not name.startswith(META)}
    return kept | metadata(body["destinationObjectMetadata"])


@answers(CLIENT, "rename_object")
def rename_object(request: Request) -> Response:
    """Give an object another name in its bucket. 400 for the name that it has (unverified)."""
    body = request.body
    if body["newName"] == body["sourceName"]:
        raise invalid_parameter("newName must differ from sourceName.")
    with request.operations.call(request.account, "create", OBJECT, body["newName"]):
        bucket, found = found_object(request, body["sourceName"])
        Conditions(body.get("srcObjIfMatchETag") or "").require(found)
        refuse_retained(bucket, found.name, found.modified)
        asked = Conditions.of(body, "newObjIfMatchETag", "newObjIfNoneMatchETag")
        made = write(request, bucket, body["newName"], found.content, found.headers, conditions=asked)
        Objects(request.cloud.store).remove(bucket.id, found.name)
    return put_answer(made)
