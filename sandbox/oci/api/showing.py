"""How a resource of the model is shown: who sees it, and the body that an operation answers."""

from typing import Any

from facts.oci_api import Model, Operation, model
from sandbox.oci.api.endpoints import Endpoint
from sandbox.oci.api.names import fields_of_type
from sandbox.oci.api.outward import body_of
from sandbox.oci.api.request import Request
from sandbox.oci.ids import id_of, is_global, ocid_type
from sandbox.oci.masking import holds_mask, without_masks
from sandbox.oci.model import Entry

Row = dict[str, Any]


def seen(endpoint: Endpoint, entry: Entry, region: str) -> bool:
    """Whether a resource is of the endpoint's type, and of the region unless the type is the same everywhere."""
    kinds = {ocid_type(token) for token in endpoint.tokens}
    return ocid_type(entry.token) in kinds and in_region(entry, region)


def exists(entry: Entry) -> bool:
    """Whether the API still shows a resource: it is there, or its deletion is pending."""
    return entry.live or entry.state == "PENDING_DELETION"


def in_region(entry: Entry, region: str) -> bool:
    """Whether a resource is of a region, or the same in all."""
    return entry.region in ("", region) or is_global(ocid_type(entry.token))


def place_of(endpoint: Endpoint, region: str) -> str:
    """The type and the region in which a resource is seen."""
    return f"{endpoint.token}@{'' if is_global(ocid_type(endpoint.token)) else region}"


def shown(request: Request, endpoint: Endpoint, found: Model | None, entry: Entry, state: str | None) -> Row:
    """A resource as a model of the API has it. `state` is a passing state that replaces its own."""
    if found is None:
        return {}
    outputs = {"state": entry.state, **entry.outputs, "id": id_of(entry.id)}
    if not entry.live:
        outputs["state"] = entry.state
    if holds_mask(outputs):
        outputs = without_masks(outputs)
    body = body_of(found, outputs, fields_of_type(entry.token), endpoint.names)
    if state is not None and "lifecycleState" in found.properties:
        body["lifecycleState"] = state
    return endpoint.shows(request, entry, body)


def answer_model(operation: Operation | None) -> Model | None:
    """The model that an operation answers. For a list, the model of the list."""
    kind = operation.answer if operation else None
    return model(operation.package, kind.innermost.name) if operation and kind else None


def row_model(operation: Operation) -> Model | None:
    """The model of a list's items, with or without an object around the list."""
    found = answer_model(operation)
    items = found.properties.get("items") if found else None
    bare = operation.answer is not None and operation.answer.kind == "list"
    return model(operation.package, items.type.innermost.name) if items and not bare else found


def resource_model(endpoint: Endpoint) -> Model | None:
    """The model that the endpoint's get answers."""
    return answer_model(next((each for kind, each in endpoint.operations() if kind == "get"), None))
