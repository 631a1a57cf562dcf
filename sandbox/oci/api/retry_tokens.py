"""`opc-retry-token`: a call that is sent again with its token is answered as before, and changes nothing.

Oracle's page "API Errors" has 409 InvalidatedRetryToken for a token whose resource was deleted since. The same code for
a token with another body is unverified. Tokens expire after 24 hours, as the SDK says of the parameter.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from threading import Lock
from typing import Any

from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError
from sandbox.store import now

_HEADER = "opc-retry-token"
_TOKENS = "oci-retry-token"
_LIFE = timedelta(hours=24)


_LOCKS = [Lock() for _ in range(64)]


def once(request: Request, handler: Callable[[Request], Response]) -> Response:
    """The handler's answer. A second change with the same token gets the first one's, and waits for it."""
    key = _key(request)
    if not key:
        return handler(request)
    with _LOCKS[hash(key) % len(_LOCKS)]:
        before = _answered(request, key)
        if before is not None:
            return before
        response = handler(request)
        kept = request.cloud.store.get(_TOKENS, key) or {"id": ""}
        remember(request, response, kept["id"])
        return response


def _answered(request: Request, key: str) -> Response | None:
    """The answer that the request's token had before. None for a new one."""
    found = request.cloud.store.get(_TOKENS, key)
    if found is None or found["at"] < now(-_LIFE):
        return None
    if found["body"] != _digest(request):
        raise OciError(409, "InvalidatedRetryToken", "The retry token was used with another request.")
    if found["id"] and request.cloud.find(found["id"]) is None:
        raise OciError(
            409, "InvalidatedRetryToken", "The resource that was changed with this token was deleted."
        )
    return Response(status=found["status"], body=found["answer"], headers=found["headers"])


def remember(request: Request, response: Response, id: str) -> None:  # noqa: A002
    """Keep the answer for the request's token, if it has one. Call it in the change's transaction."""
    key = _key(request)
    if key:
        kept: dict[str, Any] = {
            "at": now(),
            "body": _digest(request),
            "id": id,
            "status": response.status,
            "answer": response.body,
            "headers": dict(response.headers),
        }
        request.cloud.store.put(_TOKENS, key, kept, lifetime=_LIFE)


def _key(request: Request) -> str:
    """The token's key. Empty without a token, or if the operation does not change anything or read tokens."""
    read = _HEADER in request.operation.headers and request.operation.method != "GET"
    token = request.headers.get(_HEADER) if read else None
    return f"{request.account.region}/{request.operation.name}/{token}" if token else ""


def _digest(request: Request) -> str:
    text = json.dumps([request.path, request.body], sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
