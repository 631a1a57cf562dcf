"""Object Storage: the destinations of replication in OCI's REST API."""

from dataclasses import replace

from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.listing import page
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import conflict
from sandbox.oci.services.object_storage.api import CLIENT, bucket_of
from sandbox.oci.services.object_storage.buckets import BUCKET
from sandbox.oci.services.object_storage.replication import STOPPED, policies_to


@answers(CLIENT, "list_replication_sources", lists=True)
def list_sources(request: Request) -> Response:
    """The bucket that is replicated to this one."""
    request.meet_faults(BUCKET)
    rows = [
        {
            "policyName": each.inputs.get("name"),
            "sourceRegionName": each.region,
            "sourceBucketName": each.inputs.get("bucket"),
        }
        for each in policies_to(request.cloud, bucket_of(request))
    ]
    return page(request, rows)


@answers(CLIENT, "make_bucket_writable")
def make_writable(request: Request) -> Response:
    """Stop replication to a bucket. 409 for a bucket that is no destination (unverified)."""
    name = request.path["bucketName"]
    with request.operations.call(request.account, "update", BUCKET, name):
        found = policies_to(request.cloud, bucket_of(request))
        if not found:
            raise conflict(f"The bucket '{name}' is not a replication destination.", "IncorrectState")
        for each in found:
            told = {"status": STOPPED, "statusMessage": f"The destination bucket '{name}' is writable."}
            request.cloud.save(replace(each, outputs={**each.outputs, **told}))
    return Response(status=204)
