"""Load Balancer: backend sets in OCI's REST API, which are written and read together with their backends.

The provider sends the backends that it has just read with each update (load_balancer_backend_set_resource.go).
"""

from dataclasses import replace
from typing import Any, Final

from facts.oci_api import Model, model
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import create, update
from sandbox.oci.api.inward import inputs_of
from sandbox.oci.api.names import fields_of_type
from sandbox.oci.api.outward import body_of
from sandbox.oci.api.request import Request, Response
from sandbox.oci.model import Entry
from sandbox.oci.services.load_balancer.parts import BACKEND, SET

CLIENT: Final = "load_balancer.LoadBalancerClient"
CHECK: Final = {"healthChecker.intervalInMillis": "intervalMs"}


def _shape(name: str) -> Model:
    found = model("load_balancer", name)
    assert found is not None  # noqa: S101 - the table has it
    return found


def backends_of(request: Request, balancer: str, name: str) -> dict[str, Entry]:
    """The backends of a set, by the names that the API gives them."""
    own = {"loadBalancerId": balancer, "backendsetName": name}
    return {
        f"{each.inputs.get('ipAddress')}:{each.inputs.get('port')}": each
        for each in request.cloud.all(BACKEND)
        if own.items() <= each.inputs.items()
    }


def with_backends(request: Request, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    """A backend set as the API shows it."""
    found = backends_of(
        request, str(entry.inputs.get("loadBalancerId")), str(entry.inputs.get("name"))
    ).items()
    fields = fields_of_type(BACKEND)
    rows = [{**body_of(_shape("Backend"), each.outputs, fields, {}), "name": name} for name, each in found]
    return {**body, "backends": rows}


endpoint(
    SET,
    CLIENT,
    "backend_set",
    id="loadBalancers/{loadBalancerId}/backendSets/{backendSetName}",
    names=CHECK,
    shows=with_backends,
)


@answers(CLIENT, "create_backend_set", "update_backend_set")
def write_set(request: Request) -> Response:
    """Create or update a backend set. If the body has `backends`, the set has these and no others: all or nothing."""
    creates = request.operation.name == "CreateBackendSet"
    rows = request.body.get("backends")
    rest = {name: value for name, value in request.body.items() if name != "backends"}
    within = request.operations.call(
        request.account, "create" if creates else "update", SET, request.operation.name
    )
    with within:
        response = (create if creates else update)(endpoint_of(SET), replace(request, body=rest))
        if rows is not None:
            name = request.body["name"] if creates else request.path["backendSetName"]
            _set_backends(request, request.path["loadBalancerId"], name, rows)
    return response


def _set_backends(request: Request, balancer: str, name: str, rows: list[dict[str, Any]]) -> None:
    left = backends_of(request, balancer, name)
    fields, shape = fields_of_type(BACKEND), _shape("BackendDetails")
    for row in rows:
        inputs = {
            **inputs_of(shape, row, fields, {}),
            "loadBalancerId": balancer,
            "backendsetName": name,
        }
        known = left.pop(f"{row['ipAddress']}:{row['port']}", None)
        if known is None:
            request.operations.create(request.account, BACKEND, "", inputs)
        elif known.inputs != inputs:
            request.operations.update(request.account, BACKEND, known.urn, known.id, inputs)
    for each in left.values():
        request.operations.delete(request.account, BACKEND, each.urn, each.id)
