"""Pre-authenticated requests of buckets: their rules, and OCI's REST API. Nobody answers at their addresses here.

Sources: Oracle's page "Object Storage Pre-Authenticated Requests" and the SDK's text on `delete_bucket`. The codes are
unverified.
"""

import secrets
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.api.request import Request
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import one_of
from sandbox.oci.services.object_storage.api import CLIENT
from sandbox.oci.services.object_storage.buckets import BUCKET, require_bucket

PAR: Final = "oci:ObjectStorage/preauthrequest:Preauthrequest"
_OF_AN_OBJECT: Final = ("ObjectRead", "ObjectWrite", "ObjectReadWrite")
_OF_ALL: Final = ("AnyObjectRead", "AnyObjectWrite", "AnyObjectReadWrite")

describe(PAR, id="n/{namespace}/b/{bucket}/p/{new}")


def _shown(_request: Request, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "id": entry.outputs["parId"]}


endpoint(
    PAR,
    CLIENT,
    "preauthenticated_request",
    id="n/{namespaceName}/b/{bucketName}/p/{parId}",
    names={"namespaceName": "namespace", "bucketName": "bucket", "id": "parId"},
    shows=_shown,
)


@rule(PAR)
def preauthenticated_request(call: Call) -> None:
    """404 for a bucket that does not exist. 400 for an unknown access, a wrong object, or a time that is not ahead."""
    inputs = call.inputs
    require_bucket(call, inputs.get("namespace"), inputs.get("bucket"))
    access, name = inputs.get("accessType"), inputs.get("objectName") or inputs.get("object")
    refusal = one_of("accessType", access, (*_OF_AN_OBJECT, *_OF_ALL))
    if refusal:
        raise refusal
    if access in _OF_AN_OBJECT and not name:
        raise invalid_parameter(f"objectName is required for accessType {access}.")
    try:
        until = datetime.fromisoformat(str(inputs.get("timeExpires")))
        ahead = until > datetime.now(UTC)
    except (ValueError, TypeError):  # TypeError: a time without an offset
        raise invalid_parameter("timeExpires is not a date and time of RFC 3339.") from None
    if not ahead:
        raise invalid_parameter("timeExpires must be in the future.")


@rule(BUCKET, on="delete")
def bucket_has_no_requests(call: Call) -> None:
    """409 while it has pre-authenticated requests."""
    for each in call.cloud.all(PAR, region=call.region):
        place = each.inputs.get("namespace"), each.inputs.get("bucket")
        if place == (call.inputs.get("namespace"), call.inputs.get("name")):
            text = f"Bucket named '{place[1]}' has pre-authenticated requests. Delete them first."
            raise OciError(409, "BucketNotEmpty", text)


@computed(PAR)
def request_outputs(context: CreateContext) -> dict[str, Any]:
    inputs, outputs = context.inputs, context.outputs
    name = inputs.get("objectName") or inputs.get("object") or ""
    place = f"/n/{inputs.get('namespace')}/b/{inputs.get('bucket')}/o/{name}"
    address = outputs.get("accessUri") or f"/p/{secrets.token_urlsafe(48)}{place}"
    return {
        "accessUri": address,
        "fullPath": f"https://objectstorage.{context.region}.oraclecloud.com{address}",
        "objectName": name or None,
        "object": name or None,
        "parId": context.id.rsplit("/", 1)[-1],
        "bucketListingAction": inputs.get("bucketListingAction") or "Deny",
    }
