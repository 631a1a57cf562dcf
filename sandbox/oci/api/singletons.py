"""Settings that a tenancy has once, such as the retention of its audit log: they have no id, and an update comes before
any create."""

from collections.abc import Mapping
from typing import Any

from sandbox.oci.api.endpoints import Endpoint, answers
from sandbox.oci.api.etags import etag
from sandbox.oci.api.generic import body_inputs, changed, created
from sandbox.oci.api.request import Request, Response
from sandbox.oci.api.showing import answer_model, shown
from sandbox.oci.model import Entry


def singleton(token: str, client: str, noun: str, *, before: Mapping[str, Any]) -> None:
    """Answer `get_<noun>` and `update_<noun>`. `before` is the answer until the first update. The query's compartment
    is the tenancy: the rules of the type refuse another one."""
    found = Endpoint(token=token, client=client, noun=noun)

    def get(request: Request) -> Response:
        request.meet_faults(token)
        entry = _only(request, token)
        if entry is None:
            return Response(body=dict(before))
        body = shown(request, found, answer_model(request.operation), entry, None)
        return Response(body=body, headers={"etag": etag(entry)})

    def update(request: Request) -> Response:
        inputs = {**body_inputs(found, request), "compartmentId": request.argument("compartmentId")}
        entry = _only(request, token)
        if entry is None:
            return created(found, request, inputs)
        return changed(found, request, entry, inputs)

    answers(client, f"get_{noun}", reads=("compartmentId",))(get)
    answers(client, f"update_{noun}", reads=("compartmentId",))(update)


def _only(request: Request, token: str) -> Entry | None:
    return next(iter(request.cloud.all(token)), None)
