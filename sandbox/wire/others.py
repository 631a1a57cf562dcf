"""The answer to clients of the provider whose services the sandbox does not model: 501, with the client's name.

The provider's clients are sent here so that no request leaves the machine. With 404, the provider would take a resource
as deleted.
"""

import secrets

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from facts.provider_clients import modelled_clients, provider_clients
from sandbox.store import Store

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def others_application(store: Store) -> Starlette:
    """An application that answers 501 to every request, and records it as an event."""

    async def refuse(request: Request) -> JSONResponse:
        message = not_modelled(request.method, request.url.path)
        detail = {"status": 501, "code": "NotImplemented", "message": message}
        await run_in_threadpool(store.record, "wire", request.method.lower(), request.url.path, **detail)
        headers = {"opc-request-id": secrets.token_hex(16).upper()}
        return JSONResponse({"code": "NotImplemented", "message": message}, 501, headers)

    return Starlette(routes=[Route("/{path:path}", refuse, methods=_METHODS)])


def not_modelled(method: str, path: str) -> str:
    """The message for a request, with the clients whose paths begin like this one."""
    first = path.strip("/").split("/", 1)[0]
    names = sorted(
        name for name, part in provider_clients().items() if part == first and name not in modelled_clients()
    )
    of = f" of {' or '.join(names)}" if first and names else ""
    return f"The sandbox does not model {method} {path}{of}."
