"""Work requests: what a service does for a client, and to which resources.

Each service has its own model of one, so that it is built from the properties and choices that the table has.
"""

from datetime import timedelta
from typing import Any, Final

from facts.oci_api import Model, model
from sandbox.oci.api import passing
from sandbox.oci.api.listing import page
from sandbox.oci.api.request import Request, Response
from sandbox.oci.api.work_request_names import (
    client_of_work_requests,
    entity_type,
    has_work_request,
    operation_type,
)
from sandbox.oci.errors import not_found
from sandbox.oci.ids import new_ocid
from sandbox.store import now

_KIND = "oci-work-request"
WORK_REQUEST: Final = "oci:WorkRequests/workRequest:WorkRequest"
"""The type whose faults hit the reads of work requests of every service."""
_AGES = 1
"""How many times a client that waits still sees IN_PROGRESS."""

_RESOURCE = ("resourceId", "resourceIdentifier")
"""The filters of lists by what a work request touches."""
_ACTIONS = {"create": "CREATED", "update": "UPDATED", "delete": "DELETED"}
_LIFE = timedelta(hours=24)
"""How long a work request is kept: unverified, services differ."""
_WHILE = "IN_PROGRESS"
_DONE = ("SUCCEEDED", "COMPLETED")


def begin(request: Request, step: str, noun: str, id: str, compartment: str) -> dict[str, str]:  # noqa: A002
    """Note a work request for a step (create, update, delete) of a resource: the header that names it."""
    name = operation_type(request.operation)
    if name is None or not has_work_request(request.operation, request.body):
        return {}
    key = new_ocid(f"{request.operation.package.replace('_', '')}workrequest", request.account.region)
    kept = {
        "operation": name,
        "client": client_of_work_requests(request.operation),
        "region": request.account.region,
        "action": _ACTIONS[step],
        "noun": noun,
        "resource": id,
        "compartment": compartment,
        "accepted": now(),
        "left": _AGES,
    }
    request.cloud.store.put(_KIND, key, kept, lifetime=_LIFE)
    return {"opc-work-request-id": key}


def get_work_request(request: Request) -> Response:
    """One work request. It proceeds each time a client reads it."""
    store = request.cloud.store
    key, found = find_work_request(request)
    if found["left"] >= 0:
        store.put(_KIND, key, {**found, "left": found["left"] - 1, "finished": now()})
    if found["left"] <= 0:
        passing.end(store, found["resource"])
    answer = request.operation.answer
    shown = model(request.operation.package, answer.name) if answer else None
    return Response(body=_shown(shown, key, found) if shown else {})


def find_work_request(request: Request) -> tuple[str, dict[str, Any]]:
    """The work request that the path names, and its record. 404 if the caller's region has none."""
    request.meet_faults(WORK_REQUEST)
    key = next(iter(request.path.values()))
    found = request.cloud.store.get(_KIND, key)
    if found is None or found["region"] != request.account.region:
        raise not_found(f"Work request {key}.")
    return key, found


def list_work_requests(request: Request) -> Response:
    """The work requests of a compartment, newest first."""
    request.meet_faults(WORK_REQUEST)
    answer = request.operation.answer
    shown = model(request.operation.package, answer.innermost.name) if answer else None
    items = shown.properties.get("items") if shown else None
    row = model(request.operation.package, items.type.innermost.name) if items else shown
    wanted = {
        "region": request.account.region,
        "client": f"{request.operation.package}.{request.operation.client}",
        "compartment": request.argument("compartmentId"),
        "resource": next((each for name in _RESOURCE if (each := request.argument(name))), None)
        or request.path.get("loadBalancerId"),
    }
    found = [
        _shown(row, key, each)
        for key, each in request.cloud.store.list(_KIND).items()
        if row and all(value in (None, each[name]) for name, value in wanted.items())
    ]
    return page(request, found, ignored=("compartmentId", *_RESOURCE), by="timeAccepted")


def _shown(found: Model, key: str, kept: dict[str, Any]) -> dict[str, Any]:
    done = kept["left"] <= 0
    facts = {
        "id": key,
        "compartmentId": kept["compartment"],
        "operationType": kept["operation"],
        "type": kept["operation"],
        "loadBalancerId": kept["resource"],
        "message": "",
        "errorDetails": [],
        "percentComplete": 100 if done else 50,
        "timeAccepted": kept["accepted"],
        "timeStarted": kept["accepted"],
        "timeFinished": kept.get("finished") if done else None,
        "resources": [
            {
                "entityType": entity_type(kept["noun"]),
                "actionType": kept["action"] if done else _WHILE,
                "identifier": kept["resource"],
                "entityUri": f"/{kept['noun']}s/{kept['resource']}",
            }
        ],
    }
    body = {name: value for name, value in facts.items() if name in found.properties and value is not None}
    for name in ("status", "lifecycleState"):
        if name in found.properties:
            choices = found.properties[name].choices
            body[name] = next((each for each in _DONE if each in choices), _DONE[0]) if done else _WHILE
    return body
