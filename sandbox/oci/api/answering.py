"""Answers one call of the REST API, without HTTP."""

from collections.abc import Callable, Mapping
from typing import Any

from facts.oci_api import Operation
from sandbox.oci.account import Account
from sandbox.oci.api import retry_tokens
from sandbox.oci.api.bodies import check_body, check_query
from sandbox.oci.api.parsing import json_value
from sandbox.oci.api.places import check_compartment
from sandbox.oci.api.request import Request, Response
from sandbox.oci.api.router import find_operation, handler
from sandbox.oci.errors import OciError
from sandbox.oci.operations import Operations

LARGEST_BODY = 1024 * 1024
"""Bytes of a JSON body: unverified, services differ."""


def answer(
    operations: Operations,
    account: Account,
    call: str,
    *,
    query: Mapping[str, tuple[str, ...]],
    headers: Mapping[str, str],
    content: bytes,
    origin: str = "",
    at: str = "",
    address: Callable[[str], str] | None = None,
) -> Response:
    """Answer a call such as "GET /20160918/vcns", whose path is as sent. Raises OciError.

    Whatever the model refuses is an event `oci` of the store, as it is through the provider. The caller records the
    request itself as an event `wire`.
    """
    method, path = call.split(" ", 1)
    operation, values = find_operation(method, path)
    try:
        found = handler(operation)
        check_query(operation, query)
        check_compartment(operations.cloud, account, query)
        body = _body(operation, content)
        request = Request(
            operations=operations, account=account, operation=operation, path=values, query=query,
            headers=headers, body=body, origin=origin, at=at, address=address,
        )  # fmt: skip
        return retry_tokens.once(request, found)
    except OciError as error:
        error.operation = operation.name
        raise


def _body(operation: Operation, content: bytes) -> Any:
    if operation.body is not None and operation.body.name in ("file", "bytes"):
        return content
    if len(content) > LARGEST_BODY:
        raise OciError(
            413, "RequestEntityTooLarge", f"The request's body is larger than {LARGEST_BODY} bytes."
        )
    body = json_value(content) if content else None
    check_body(operation, body)
    return body
