"""Object Storage: deletion of several objects at once in OCI's REST API."""

from typing import Any, Final

from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.services.object_storage.api import CLIENT, bucket_of
from sandbox.oci.services.object_storage.buckets import OBJECT
from sandbox.oci.services.object_storage.objects_api import Conditions, erase, found_object

_MOST: Final = 1000
"""Objects of a request: unverified, that of a list."""


@answers(CLIENT, "batch_delete_objects")
def delete_objects(request: Request) -> Response:
    """Delete objects, each for itself: one that cannot be deleted does not keep the others."""
    wanted = request.body["objects"]
    if not 1 <= len(wanted) <= _MOST:
        raise invalid_parameter(f"objects must have 1 to {_MOST} items, not {len(wanted)}.")
    bucket_of(request)
    deleted: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for each in wanted:
        name = each["objectName"]
        try:
            with request.operations.call(request.account, "delete", OBJECT, name):
                bucket, found = found_object(request, name)
                Conditions(each.get("ifMatch") or "").require(found)
                gone = erase(request, bucket, found, for_good=False)
        except OciError as error:
            failed.append({"objectName": name, "statusCode": error.status, "errorMessage": error.message})
        else:
            deleted.append({"objectName": name, "timeLastModified": gone.modified})
    shown = [] if request.body.get("isSkipDeletedResult") else deleted
    return Response(body={"deleted": shown, "failed": failed})
