"""HTTP connections that the application can end without an answer."""

import asyncio
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from uvicorn.protocols.http.auto import AutoHTTPProtocol

_CONNECTION = "connection"


class _Connection(AutoHTTPProtocol):
    """A connection whose requests can reach it."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, _CONNECTION: transport}


def server_config(application: Starlette, **differences: Any) -> uvicorn.Config:
    """The settings of an application's server. Its connections can be dropped."""
    settings: dict[str, Any] = {"log_level": "warning", "access_log": False, "lifespan": "off"}
    return uvicorn.Config(application, http=_Connection, **(settings | differences))


def drop(request: Request) -> None:
    """End a request's connection without an answer."""
    transport: asyncio.Transport = request.scope["state"][_CONNECTION]
    transport.abort()
