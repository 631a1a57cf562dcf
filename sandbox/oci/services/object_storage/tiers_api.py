"""Object Storage: restoration and tiers of objects in OCI's REST API."""

from dataclasses import replace

from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.request import Request, Response
from sandbox.oci.services.object_storage.api import CLIENT
from sandbox.oci.services.object_storage.buckets import OBJECT
from sandbox.oci.services.object_storage.contents import judge
from sandbox.oci.services.object_storage.mirror import mirror
from sandbox.oci.services.object_storage.objects import Objects
from sandbox.oci.services.object_storage.objects_api import found_object
from sandbox.oci.services.object_storage.tiers import require_tier, restore


@answers(CLIENT, "restore_objects")
def restore_objects(request: Request) -> Response:
    """Restore an archived object, or a version of one."""
    body = request.body
    with request.operations.call(request.account, "update", OBJECT, body["objectName"]):
        bucket, found = found_object(request, body["objectName"], body.get("versionId"))
        restore(request.cloud.store, bucket, found, body.get("hours"))
    return Response()


@answers(CLIENT, "update_object_storage_tier")
def update_tier(request: Request) -> Response:
    """Move an object, or a version of one, to another tier."""
    body = request.body
    with request.operations.call(request.account, "update", OBJECT, body["objectName"]):
        bucket, found = found_object(request, body["objectName"], body.get("versionId"))
        require_tier(bucket, body["storageTier"], found)
        judge(request.cloud, "update", bucket, None)
        Objects(request.cloud.store).change(bucket.id, replace(found, tier=body["storageTier"]))
        mirror(request.cloud, bucket, found.name)
    return Response()
