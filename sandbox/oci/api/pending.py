"""Deletions that wait: schedule and cancel one. Which types wait is in `sandbox/oci/rules/pending.py`."""

from functools import partial

from sandbox.oci.api import passing
from sandbox.oci.api.endpoints import Endpoint
from sandbox.oci.api.etags import require_match
from sandbox.oci.api.generic import answer, required
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import conflict
from sandbox.oci.model import Entry
from sandbox.oci.rules.pending import deletion_cancelled


def scheduled(found: Endpoint, request: Request) -> Response:
    """Let the resource in the path wait for its deletion. 409 if it does already."""
    entry = required(found, request)
    at = (request.body or {}).get("timeOfDeletion")
    answers: list[Response] = []

    def then(_: Entry) -> None:
        passing.end(request.cloud.store, entry.id)
        answers.append(answer(found, request, required(found, request), "update"))

    request.operations.delete(
        request.account, entry.token, entry.urn, entry.id,
        inputs={"timeOfDeletion": at} if at else {}, guard=partial(require_match, request.headers), then=then,
    )  # fmt: skip
    if not answers:
        raise conflict(f"{entry.id} is already scheduled for deletion.", "IncorrectState")
    return answers[0]


def cancelled(found: Endpoint, request: Request) -> Response:
    """Cancel the pending deletion of the resource in the path. 409 if it has none."""
    with request.operations.call(request.account, "update", found.token, request.operation.name):
        entry = required(found, request)
        if entry.live:
            raise conflict(f"{entry.id} is not scheduled for deletion.", "IncorrectState")
        require_match(request.headers, entry)
        return answer(found, request, deletion_cancelled(request.cloud, entry), "update")
