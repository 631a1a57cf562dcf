"""Object Storage: copies and new names of objects in OCI's REST API."""

from collections.abc import Mapping
from typing import Any

from sandbox.oci.api import work_requests
from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.services.object_storage.api import CLIENT, bucket_of
from sandbox.oci.services.object_storage.buckets import OBJECT
from sandbox.oci.services.object_storage.checksums import refuse_keys
from sandbox.oci.services.object_storage.mirror import META
from sandbox.oci.services.object_storage.objects_api import (
    Conditions,
    erase,
    found_object,
    metadata,
    put_answer,
    write,
)
from sandbox.oci.services.object_storage.tiers import require_readable


@answers(CLIENT, "copy_object")
def copy_object(request: Request) -> Response:
    """Copy an object to a bucket of any region: it is there when the work request is done."""
    refuse_keys(request.headers)
    body = request.body
    name = body["destinationObjectName"]
    with request.operations.call(request.account, "create", OBJECT, name):
        source, found = found_object(request, body["sourceObjectName"], body.get("sourceVersionId"))
        Conditions(body.get("sourceObjectIfMatchETag") or "").require(found)
        require_readable(request.cloud.store, source, found)
        target = bucket_of(
            request, body["destinationBucket"], body["destinationRegion"], body["destinationNamespace"]
        )
        asked = Conditions.of(body, "destinationObjectIfMatchETag", "destinationObjectIfNoneMatchETag")
        kept, tier = _copied_headers(body, found.headers), body.get("destinationObjectStorageTier") or ""
        write(request, target, name, found.content, kept, conditions=asked, tier=tier, md5=found.md5)
        headers = work_requests.begin(request, "create", "object", name, source.compartment_id)
    return Response(status=202, headers=headers)


def _copied_headers(body: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a copy, with other metadata in place of the source's if the request has some."""
    if body.get("destinationObjectMetadata") is None:
        return dict(headers)
    kept = {name: value for name, value in headers.items() if not name.startswith(META)}
    return kept | metadata(body["destinationObjectMetadata"])


@answers(CLIENT, "rename_object")
def rename_object(request: Request) -> Response:
    """Give the latest version of an object another name in its bucket. 400 for the name that it has (unverified).

    Renaming creates a new object. Source: Oracle's page "Object Storage Versioning".
    """
    body = request.body
    if body["newName"] == body["sourceName"]:
        raise invalid_parameter("newName must differ from sourceName.")
    with request.operations.call(request.account, "create", OBJECT, body["newName"]):
        bucket, found = found_object(request, body["sourceName"])
        Conditions(body.get("srcObjIfMatchETag") or "").require(found)
        asked = Conditions.of(body, "newObjIfMatchETag", "newObjIfNoneMatchETag")
        kept = {"tier": found.tier, "md5": found.md5}
        made = write(request, bucket, body["newName"], found.content, found.headers, conditions=asked, **kept)
        erase(request, bucket, found, for_good=False)
    return put_answer(made)
