"""Compute: its types of resources in OCI's REST API."""

from typing import Final

from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.api.looking_up import looks_up
from sandbox.oci.services.compute.capacity import COMPUTE_CLUSTER, RESERVATION
from sandbox.oci.services.compute.instances import INSTANCE

_COMPUTE: Final = "core.ComputeClient"

endpoint(COMPUTE_CLUSTER, _COMPUTE, "compute_cluster")
endpoint(RESERVATION, _COMPUTE, "compute_capacity_reservation")
endpoint(
    INSTANCE,
    _COMPUTE,
    "instance",
    methods={"create": "launch_instance", "delete": "terminate_instance"},
    names={"sourceDetails.imageId": "sourceId", "sourceDetails.bootVolumeId": "sourceId"},
)
looks_up(_COMPUTE, "list_images", "oci:Core/getImages:getImages", rows="images")
looks_up(_COMPUTE, "get_image", "oci:Core/getImage:getImage")
looks_up(_COMPUTE, "list_shapes", "oci:Core/getShapes:getShapes", rows="shapes", names={"shape": "name"})
