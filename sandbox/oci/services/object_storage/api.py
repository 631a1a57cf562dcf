"""Object Storage: the namespace, buckets and their policies in OCI's REST API."""

from typing import Any, Final

from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.etags import etag, require_match, require_none
from sandbox.oci.api.generic import body_inputs, changed, created, required
from sandbox.oci.api.request import Request, Response
from sandbox.oci.compartments import COMPARTMENT
from sandbox.oci.computed import namespace_of
from sandbox.oci.errors import OciError
from sandbox.oci.ids import key_of
from sandbox.oci.model import Entry
from sandbox.oci.services.object_storage.bucket_facts import facts_of
from sandbox.oci.services.object_storage.buckets import BUCKET, LIFECYCLE, find_bucket, no_such_bucket
from sandbox.oci.services.object_storage.lifecycle_acts import settle
from sandbox.oci.services.object_storage.replication import REPLICATION

CLIENT: Final = "object_storage.ObjectStorageClient"
_ID: Final = "n/{namespaceName}/b/{bucketName}"
_METADATA: Final = "oci-namespace"
_IN_A_BUCKET: Final = {"namespaceName": "namespace", "bucketName": "bucket"}


def _with_facts(request: Request, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    if "publicAccessType" not in body:
        return body
    return {**body, **facts_of(request.cloud, entry)}


def _last_part(_request: Request, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "id": entry.id.split("@")[0].rsplit("/", 1)[-1]}


endpoint(
    BUCKET,
    CLIENT,
    "bucket",
    methods={"update": ""},
    id=_ID,
    names={
        "publicAccessType": "accessType",
        "namespaceName": "namespace",
        "bucketName": "name",
        "id": "bucketId",
    },
    shows=_with_facts,
)
endpoint(
    LIFECYCLE, CLIENT, "object_lifecycle_policy", id=f"{_ID}/l", names={**_IN_A_BUCKET, "items": "rules"}
)
endpoint(
    REPLICATION,
    CLIENT,
    "replication_policy",
    plural="replication_policies",
    id=f"{_ID}/replicationPolicies/{{replicationId}}",
    names=_IN_A_BUCKET,
    shows=_last_part,
)


@answers(CLIENT, "get_namespace", harmless=("compartmentId",))
def get_namespace(request: Request) -> Response:
    """The tenancy's namespace, as a JSON string. It is the same for every compartment."""
    request.meet_faults(BUCKET)
    return Response(body=namespace_of(request.account.tenancy))


@answers(CLIENT, "get_namespace_metadata")
def get_namespace_metadata(request: Request) -> Response:
    """In which compartments the other APIs create buckets. The default is the root compartment."""
    request.meet_faults(BUCKET)
    return _metadata(request)


def _metadata(request: Request) -> Response:
    namespace = _own_namespace(request)
    root = request.account.tenancy
    default = {"defaultS3CompartmentId": root, "defaultSwiftCompartmentId": root}
    kept = request.cloud.store.get(_METADATA, namespace) or {}
    return Response(body={"namespace": namespace, **default, **kept})


@answers(CLIENT, "update_namespace_metadata")
def update_namespace_metadata(request: Request) -> Response:
    """Set these compartments. 404 for one that does not exist."""
    namespace = _own_namespace(request)
    given = {name: value for name, value in request.body.items() if value is not None}
    with request.cloud.transaction():
        for name, compartment in given.items():
            if compartment != request.account.tenancy:
                request.cloud.require(compartment, COMPARTMENT, path=name)
        kept = request.cloud.store.get(_METADATA, namespace) or {}
        request.cloud.store.put(_METADATA, namespace, {**kept, **given})
    return _metadata(request)


def _own_namespace(request: Request) -> str:
    namespace = request.path["namespaceName"]
    if namespace != namespace_of(request.account.tenancy):
        raise OciError(
            404, "NamespaceNotFound", f"You do not have authorization for namespace '{namespace}'."
        )
    return namespace


@answers(CLIENT, "head_bucket")
def head_bucket(request: Request) -> Response:
    """The etag of a bucket."""
    request.meet_faults(BUCKET)
    bucket = bucket_of(request)
    require_match(request.headers, bucket)
    return Response(headers={"etag": etag(bucket)})


@answers(CLIENT, "update_bucket")
def update_bucket(request: Request) -> Response:
    """Change a bucket. Its name and namespace stay: the model knows a bucket by them."""
    found = endpoint_of(BUCKET)
    entry = required(found, request)
    for name in ("name", "namespace"):
        if request.body.get(name) not in (None, entry.inputs.get(name)):
            raise OciError(501, "NotImplemented", f"The sandbox does not model a new {name} of a bucket.")
    return changed(found, request, entry, body_inputs(found, request))


@answers(CLIENT, "put_object_lifecycle_policy")
def put_lifecycle(request: Request) -> Response:
    """Create the lifecycle policy of a bucket, or put another in its place."""
    found = endpoint_of(LIFECYCLE)
    inputs = body_inputs(found, request)
    place = {"namespace": request.path["namespaceName"], "bucket": request.path["bucketName"]}
    entry = request.cloud.find(key_of(found.id.format_map(request.path), request.account.region))
    if entry is not None:
        return changed(found, request, entry, {"rules": [], **inputs})
    require_none(request.headers)
    return created(found, request, {**place, **inputs})


def bucket_of(request: Request, name: str = "", region: str = "", namespace: str = "") -> Entry:
    """The bucket that the path names, or another, after what its lifecycle rules do; 404 BucketNotFound without one."""
    name, namespace = name or request.path["bucketName"], namespace or request.path["namespaceName"]
    entry = find_bucket(request.cloud, namespace, name, region or request.account.region)
    if entry is None:
        raise no_such_bucket(namespace, name)
    settle(request.cloud, entry)
    return entry
