"""Compute: its types of resources in OCI's REST API."""

from typing import Final

from sandbox.oci.api.actions import act
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.looking_up import looks_up
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError
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
looks_up(
    _COMPUTE,
    "list_shapes",
    "oci:Core/getShapes:getShapes",
    rows="shapes",
    names={"shape": "name"},
    reads=("shape",),
    harmless=("availabilityDomain",),
)

_ACTIONS: Final = {
    "START": ("STOPPED", "RUNNING", "STARTING"),
    "STOP": ("RUNNING", "STOPPED", "STOPPING"),
    "SOFTSTOP": ("RUNNING", "STOPPED", "STOPPING"),
    "RESET": ("RUNNING", "RUNNING", "STOPPING"),
    "SOFTRESET": ("RUNNING", "RUNNING", "STOPPING"),
}
"""The state that an action needs, the one that it leads to, and the one in between."""


@answers(_COMPUTE, "instance_action", reads=("action",))
def instance_action(request: Request) -> Response:
    """Start, stop or reset an instance. 409 in a state that the action does not fit (unverified words)."""
    found, action = endpoint_of(INSTANCE), str(request.argument("action")).upper()
    if action not in _ACTIONS or request.body:
        raise OciError(
            501, "NotImplemented", f"The sandbox does not model the action {action} with these details."
        )
    needs, then, between = _ACTIONS[action]
    return act(found, request, {"state": then}, needs=needs, between=between)
