"""Actions on a resource, such as start and stop. An action needs one state, shows a second one, and ends in a third."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.oci.api import passing
from sandbox.oci.api.endpoints import Endpoint
from sandbox.oci.api.generic import changed, required
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import conflict
from sandbox.oci.model import Entry
from sandbox.oci.operations import Change


def act(
    endpoint: Endpoint,
    request: Request,
    inputs: Mapping[str, Any] | Change,
    *,
    needs: str = "",
    between: str = "",
) -> Response:
    """Update the resource in the path with these inputs, if it is in the state that the action needs.

    A client that waits sees the state `between` once. 409 for another state than the needed one. OCI's words
    differ by service, and these are the sandbox's own.
    """

    def change(held: Entry) -> dict[str, Any]:
        state = held.outputs.get("state")
        if needs and state != needs:
            raise conflict(
                f"{held.id} is in state {state}; {request.operation.name} needs {needs}.", "IncorrectState"
            )
        return inputs(held) if callable(inputs) else dict(inputs)

    entry = required(endpoint, request)
    response = changed(endpoint, request, entry, change)
    if not between:
        return response
    passing.begin(request.cloud.store, entry.id, between)
    if not isinstance(response.body, dict):
        return response
    return replace(response, body={**response.body, "lifecycleState": between})
