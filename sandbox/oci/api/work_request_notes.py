"""The errors and the log of a work request. The sandbox refuses at once what would fail later, so both are empty."""

from sandbox.oci.api.listing import page
from sandbox.oci.api.request import Request, Response
from sandbox.oci.api.work_requests import find_work_request

METHODS = ("list_work_request_errors", "list_work_request_logs")


def list_notes(request: Request) -> Response:
    """No rows for a known work request, 404 for another."""
    find_work_request(request)
    return page(request, [])
