"""The ASGI application of one region: it takes a call of OCI's REST API and returns the answer."""

import json
import secrets
import traceback
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse
from starlette.routing import Route

from sandbox.faults import DroppedConnectionError
from sandbox.oci.account import Account
from sandbox.oci.api.answering import answer
from sandbox.oci.api.request import Response
from sandbox.oci.api.router import sends_a_file
from sandbox.oci.errors import OciError
from sandbox.oci.operations import Operations
from sandbox.oci.provided import know_tenancy
from sandbox.oci.rules.wording import internal_error
from sandbox.wire.addresses import Addresses
from sandbox.wire.connection import drop
from sandbox.wire.record import HEALTH
from sandbox.wire.signatures import Signed, parse_signature, verify

RETRY_AFTER = "1"
"""Seconds that a throttled client is told to wait."""


class _AnyPath(Convertor[str]):
    """A path with any characters. Starlette's own stops at a line feed, which a wrong object name may have."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("any", _AnyPath())

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True)
class Region:
    """What one port serves."""

    operations: Operations
    name: str
    tenancy: str
    """The caller of a request that is not signed."""
    key_id: str = ""
    key: rsa.RSAPublicKey | None = None
    """The key that must have signed a request. None if signatures are only parsed."""
    at: str = ""
    """The OCID of the vault whose own port this is; empty for the region's port."""
    addresses: Addresses | None = None
    """The ports of the region's vaults; None if they have none."""


def application(region: Region) -> Starlette:
    """The application of a region. Each call is answered in a thread: a fault may make it wait."""

    async def call(request: HttpRequest) -> HttpResponse:
        content = await request.body()
        answer = await run_in_threadpool(_answered, region, request, content)
        if answer is None:
            drop(request)
        return answer or HttpResponse()

    async def health(_: HttpRequest) -> HttpResponse:
        return _http(Response(body={"status": "ok", "region": region.name}), "")

    async def other_method(request: HttpRequest, _: Exception) -> HttpResponse:
        error = OciError(405, "MethodNotAllowed", f"{request.method} is not allowed at this path.")
        return _http(_refusal(error), _request_id(request))

    return Starlette(
        routes=[Route(HEALTH, health), Route("/{path:any}", call, methods=_METHODS)],
        exception_handlers={HTTPException: other_method},
    )


def _answered(region: Region, request: HttpRequest, content: bytes) -> HttpResponse | None:
    """The answer to a call. The store keeps the call as an event. None if a fault drops the connection."""
    request_id = _request_id(request)
    try:
        if region.operations.faults.is_down(region.name):
            raise DroppedConnectionError
        found = _call(region, request, content)
    except DroppedConnectionError:
        found = None
    except OciError as error:
        found = _refusal(error)
    except Exception as error:
        traceback.print_exc()
        found = _refusal(_fault_of_ours(error))
    status = found.status if found else "connection dropped"
    detail: dict[str, Any] = {"status": status, "region": region.name, "requestId": request_id}
    if found and isinstance(found.body, dict) and found.status >= 400:
        detail |= {"code": found.body.get("code"), "message": found.body.get("message")}
    region.operations.cloud.store.record("wire", request.method.lower(), request.url.path, **detail)
    if region.addresses:
        region.addresses.close_deleted()
    return _http(found, request_id) if found else None


def _call(region: Region, request: HttpRequest, content: bytes) -> Response:
    know_tenancy(region.operations.cloud, region.tenancy)  # each time: `sandbox cloud reset` deletes it
    headers = {name.lower(): value for name, value in request.headers.items()}
    raw = request.scope["raw_path"].decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    signature = parse_signature(headers.get("authorization"))
    if region.key is not None:
        target = f"{raw}?{query}" if query else raw
        sends_file = sends_a_file(request.method, raw)
        verify(
            signature, Signed(request.method, target, headers, content, sends_file), region.key_id, region.key
        )
    tenancy = (signature.tenancy if signature else "") or region.tenancy
    parameters: dict[str, tuple[str, ...]] = {}
    for name, value in request.query_params.multi_items():
        parameters[name] = (*parameters.get(name, ()), value)
    return answer(
        region.operations,
        Account(region.name, tenancy, retry_seconds=0, connected=True),
        f"{request.method} {raw}",
        query=parameters,
        headers=headers,
        content=content,
        origin=str(request.base_url).rstrip("/"),
        at=region.at,
        address=region.addresses.of if region.addresses else None,
    )


def _fault_of_ours(error: Exception) -> OciError:
    refusal = internal_error()
    refusal.note = (
        f"{type(error).__name__}: the sandbox's fault, not the call's. The server's output has the traceback"
    )
    return refusal


def _refusal(error: OciError) -> Response:
    headers = {"retry-after": RETRY_AFTER} if error.status == 429 else {}
    if error.note:
        headers["sandbox-note"] = error.note
    return Response(status=error.status, body={"code": error.code, "message": error.message}, headers=headers)


def _request_id(request: HttpRequest) -> str:
    """The client's own part, then the service's part."""
    own = secrets.token_hex(16).upper()
    given = request.headers.get("opc-request-id") or request.headers.get("opc-client-request-id")
    return f"{given}/{own}" if given and given.isascii() and given.isprintable() else own


def _http(found: Response, request_id: str) -> HttpResponse:
    headers: dict[str, str] = {"opc-request-id": request_id, **found.headers}
    if isinstance(found.body, bytes):
        headers.setdefault("content-type", "application/octet-stream")
        return HttpResponse(found.body, found.status, headers)
    content: Any = b"" if found.body is None else json.dumps(found.body).encode()
    if content:
        headers.setdefault("content-type", "application/json")
    return HttpResponse(content, found.status, headers)
