"""Create, get, update, delete and move, for every type of resource that has an endpoint."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from facts.oci_api import Model, model
from facts.provider_lifecycles import lifecycles
from sandbox.oci.api import passing, retry_tokens, work_requests
from sandbox.oci.api.bodies import missing
from sandbox.oci.api.endpoints import Endpoint, Handler
from sandbox.oci.api.etags import etag, require_match
from sandbox.oci.api.inward import inputs_of, merged_objects
from sandbox.oci.api.listing import list_resources
from sandbox.oci.api.names import fields_of_type, matched
from sandbox.oci.api.parameters import HARMLESS, plain
from sandbox.oci.api.parents import is_below, require_parent
from sandbox.oci.api.request import Request, Response
from sandbox.oci.api.showing import answer_model, exists, place_of, resource_model, seen, shown
from sandbox.oci.errors import not_found
from sandbox.oci.ids import id_of, key_of
from sandbox.oci.model import Entry

Change = Callable[[Entry], Mapping[str, Any]]
"""The inputs to change, from the resource as it is within the update's transaction."""


_HARMLESS = frozenset({"fields", "compartmentId"}) | HARMLESS
"""Parameters that change nothing: optional fields are always answered."""


def handler_of(endpoint: Endpoint, kind: str) -> Handler:
    """The function that answers one of the endpoint's usual operations."""
    functions = {
        "create": create,
        "get": get,
        "update": update,
        "delete": delete,
        "move": move,
    }
    if kind == "list":
        return partial(list_resources, endpoint)

    def handle(request: Request) -> Response:
        request.refuse_parameters({*endpoint.ignores, *_HARMLESS, *plain(request)})
        return functions[kind](endpoint, request)

    return handle


def create(endpoint: Endpoint, request: Request) -> Response:
    """Create a resource from the body, and from the path's parameters that name its parents."""
    if request.headers.get("if-match") and "if-match" in request.operation.headers:
        require_parent(request)
    inputs = {**_parents(endpoint, request), **body_inputs(endpoint, request)}
    return created(endpoint, request, inputs)


def created(endpoint: Endpoint, request: Request, inputs: dict[str, Any]) -> Response:
    """Create a resource with these inputs, and answer as the operation does."""
    answers: list[Response] = []

    def then(entry: Entry) -> None:
        passing.begin(request.cloud.store, entry.id, _state(endpoint, "create"))
        answers.append(answer(endpoint, request, entry, "create"))
        retry_tokens.remember(request, answers[0], entry.id)

    request.operations.create(request.account, endpoint.token, "", inputs, then=then)
    return answers[0]


def get(endpoint: Endpoint, request: Request) -> Response:
    """One resource."""
    request.meet_faults(endpoint.token)
    id_ = _id(endpoint, request)
    found = _visible(endpoint, request, id_)
    if found is None:
        left = passing.remains(request.cloud.store, id_, place_of(endpoint, request.account.region))
        if left is not None:
            return Response(body=left)
        raise not_found(id_)
    if "if-match" in request.operation.headers:
        require_match(request.headers, found)
    state = passing.shown_state(request.cloud.store, found.id, asked=True)
    return Response(
        body=shown(request, endpoint, answer_model(request.operation), found, state),
        headers={"etag": etag(found)},
    )


def update(endpoint: Endpoint, request: Request) -> Response:
    """Change what the body names; the rest stays."""
    entry, given = required(endpoint, request), body_inputs(endpoint, request)

    def over(held: Entry) -> dict[str, Any]:
        return {
            **given,
            **merged_objects(_body_model(request), fields_of_type(endpoint.token), held.inputs, given),
        }

    return changed(endpoint, request, entry, over)


def move(endpoint: Endpoint, request: Request) -> Response:
    """Move a resource to another compartment."""
    entry = required(endpoint, request)
    if not request.body.get("compartmentId"):  # the SDK does not say of every move that it is required
        raise missing("compartmentId")
    return changed(endpoint, request, entry, {"compartmentId": request.body["compartmentId"]})


def changed(
    endpoint: Endpoint, request: Request, entry: Entry, inputs: Mapping[str, Any] | Change
) -> Response:
    """Update a resource with these inputs over its own, and answer as the operation does.

    `entry` says which resource it is. Inputs that depend on it are a function, because it may change before the update.
    """
    answers: list[Response] = []

    def merged(held: Entry) -> dict[str, Any]:
        own = held.inputs or _given(held)
        return {**own, **(inputs(held) if callable(inputs) else inputs)}

    def then(now: Entry) -> None:
        passing.begin(request.cloud.store, now.id, _state(endpoint, "update"))
        answers.append(answer(endpoint, request, now, "update"))
        retry_tokens.remember(request, answers[0], now.id)

    guard = partial(require_match, request.headers)
    request.operations.update(
        request.account, entry.token, entry.urn, id_of(entry.id), merged, guard=guard, then=then
    )
    return answers[0]


def _given(entry: Entry) -> dict[str, Any]:
    """The inputs of something that nobody created, such as a VCN's default list."""
    fields = fields_of_type(entry.token)
    return {name: value for name, value in entry.outputs.items() if name in fields and fields[name].input}


def delete(endpoint: Endpoint, request: Request) -> Response:
    """Delete a resource. A client that waits sees it once as being deleted."""
    entry = required(endpoint, request)
    headers: dict[str, str] = {}

    def then(gone: Entry) -> None:
        found = resource_model(endpoint)
        if found is not None and request.cloud.find(gone.id) is None:
            place = place_of(endpoint, gone.region)
            passing.bury(
                request.cloud.store, gone.id, place, shown(request, endpoint, found, gone, None), found
            )
        headers.update(
            work_requests.begin(request, "delete", endpoint.noun, id_of(gone.id), gone.compartment_id)
        )

    guard = partial(require_match, request.headers)
    request.operations.delete(
        request.account, entry.token, entry.urn, id_of(entry.id), guard=guard, then=then
    )
    return Response(status=202 if headers else 204, headers=headers)


def required(endpoint: Endpoint, request: Request, by: str = "") -> Entry:
    """The resource that the path names; 404 if the caller's region has none. A call that only reads meets its faults.

    `by` is the path's parameter with its id, if that is not the last one.
    """
    if request.operation.method == "GET":
        request.meet_faults(endpoint.token)
    id_ = request.path[by] if by else _id(endpoint, request)
    found = _visible(endpoint, request, id_)
    if found is None:
        raise not_found(id_)
    return found


def _visible(endpoint: Endpoint, request: Request, id_: str) -> Entry | None:
    """The resource with this id, if it is of this type and seen in this region."""
    entry = request.cloud.find(key_of(id_, request.account.region))
    if entry is None and endpoint.also_by:
        entry = _named(endpoint, request, id_)
    if entry is None or not seen(endpoint, entry, request.account.region):
        return None
    return entry if exists(entry) and is_below(endpoint, request, entry) else None


def answer(endpoint: Endpoint, request: Request, entry: Entry, step: str) -> Response:
    """What a write answers: the resource, if the operation answers one, its etag and the work request."""
    headers = {"etag": etag(entry)}
    headers |= work_requests.begin(request, step, endpoint.noun, id_of(entry.id), entry.compartment_id)
    state = passing.shown_state(request.cloud.store, entry.id)
    if request.operation.answer is None:
        return Response(status=202 if "opc-work-request-id" in headers else 204, headers=headers)
    return Response(
        body=shown(request, endpoint, answer_model(request.operation), entry, state), headers=headers
    )


def body_inputs(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    """The inputs that the request's body gives."""
    found = _body_model(request)
    if found is None or not isinstance(request.body, dict):
        return {}
    fields = fields_of_type(endpoint.token)
    return inputs_of(found, request.body, fields, dict(endpoint.names), endpoint.unset)


def _body_model(request: Request) -> Model | None:
    kind = request.operation.body
    return model(request.operation.package, kind.name) if kind else None


def _named(endpoint: Endpoint, request: Request, name: str) -> Entry | None:
    """The resource whose property has the value in the path, below the parent that the path names."""
    found = (
        each
        for each in request.cloud.all(endpoint.token)
        if seen(endpoint, each, request.account.region) and is_below(endpoint, request, each)
    )
    return next((each for each in found if each.outputs.get(endpoint.also_by) == name), None)


def _parents(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    """The path's parameters that are inputs of the resource."""
    fields = fields_of_type(endpoint.token)
    names = matched(request.path, fields, endpoint.names)
    return {names[name]: value for name, value in request.path.items() if name in names}


def _id(endpoint: Endpoint, request: Request) -> str:
    if endpoint.id:
        return endpoint.id.format_map(request.path)
    return list(request.path.values())[-1]


def _state(endpoint: Endpoint, step: str) -> str | None:
    """The state that passes after a step. None if the provider does not wait for it: it would keep that state."""
    found, life = resource_model(endpoint), lifecycles().get(endpoint.token)
    state = passing.state_name(found, step) if found else None
    return state if state and (life is None or life.shows(step, state)) else None
