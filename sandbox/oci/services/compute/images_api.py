"""Compute: images, and the shapes on which they launch, in OCI's REST API."""

from typing import Final

from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import required
from sandbox.oci.api.listing import page, rows_of
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError, not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call
from sandbox.oci.services.compute.images import IMAGE, MANAGEMENT, image_fits, platform_images
from sandbox.oci.services.compute.shapes import shape_exists, shape_names

_COMPUTE: Final = "core.ComputeClient"

endpoint(IMAGE, _COMPUTE, "image", methods={"list": ""}, names={"sizeInMBs": "sizeInMbs"})


@answers(_COMPUTE, "list_images", reads=("compartmentId", "shape"), lists=True)
def list_images(request: Request) -> Response:
    """Oracle's images, and those of a compartment."""
    platform_images(request.cloud, request.account.region)
    compartment, shape = request.argument("compartmentId"), request.argument("shape")
    rows = [
        row
        for row in rows_of(endpoint_of(IMAGE), request)
        if row.get("compartmentId") in (None, compartment)
        and "-OKE-" not in str(row.get("displayName"))
        and (shape is None or _fits(request, row["id"], shape))
    ]
    return page(request, rows, ignored=("compartmentId", "shape"))


@answers(_COMPUTE, "list_image_shape_compatibility_entries", lists=True)
def list_image_shapes(request: Request) -> Response:
    """The shapes on which an image launches."""
    image = required(endpoint_of(IMAGE), request)
    fitting = [name for name in shape_names() if _fits(request, image.id, name)]
    given = [str(each.inputs["shapeName"]) for each in _given(request, image)]
    rows = [{"imageId": image.id, "shape": name} for name in dict.fromkeys([*fitting, *given])]
    return page(request, rows)


@answers(_COMPUTE, "get_image_shape_compatibility_entry")
def get_image_shape(request: Request) -> Response:
    """One shape on which an image launches. 404 if it does not."""
    image, shape = required(endpoint_of(IMAGE), request, "imageId"), request.path["shapeName"]
    if not shape_exists(shape) or not _fits(request, image.id, shape):
        raise not_found(shape)
    return Response(body={"imageId": image.id, "shape": shape})


@answers(_COMPUTE, "add_image_shape_compatibility_entry")
def add_image_shape(request: Request) -> Response:
    """Let an image launch on a shape. Bounds of memory and cores are not modelled."""
    image, shape = required(endpoint_of(IMAGE), request, "imageId"), request.path["shapeName"]
    for name, value in (request.body or {}).items():
        if value is not None:
            raise OciError(501, "NotImplemented", f"The sandbox does not model {name}.")
    if all(each.inputs.get("shapeName") != shape for each in _given(request, image)):
        inputs = {"imageId": image.id, "shapeName": shape, "compartmentId": image.compartment_id}
        request.operations.create(request.account, MANAGEMENT, "", inputs)
    return Response(body={"imageId": image.id, "shape": shape})


@answers(_COMPUTE, "remove_image_shape_compatibility_entry")
def remove_image_shape(request: Request) -> Response:
    """Let an image launch on an added shape no longer. Shapes that were not added are not modelled here."""
    image, shape = required(endpoint_of(IMAGE), request, "imageId"), request.path["shapeName"]
    for each in _given(request, image):
        if each.inputs.get("shapeName") == shape:
            request.operations.delete(request.account, MANAGEMENT, each.urn, each.id)
            return Response(status=204)
    if shape_exists(shape) and _fits(request, image.id, shape):
        raise OciError(501, "NotImplemented", "The sandbox removes only shapes that were added to an image.")
    raise not_found(shape)


def _given(request: Request, image: Entry) -> list[Entry]:
    return [each for each in request.cloud.referrers(image.id) if each.token == MANAGEMENT]


def _fits(request: Request, image: str, shape: str) -> bool:
    call = Call(request.cloud, IMAGE, "read", request.account.region, {}, None, "")
    return image_fits(call, image, shape)
