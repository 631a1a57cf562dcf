"""Servers in the sandbox's own process, for a real provider: one for each region that the provider asks for."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from sandbox.oci.operations import Operations
from sandbox.wire.app import Region, application
from sandbox.wire.connection import server_config
from sandbox.wire.others import others_application
from sandbox.wire.profile import Profile
from sandbox.wire.proxy import Proxy
from sandbox.wire.record import LOOPBACK
from sandbox.wire.running import stop
from sandbox.wire.server import bind, with_addresses

_STOP_SECONDS = 10


class LiveServers:
    """Servers on free loopback ports until `close`. Every method is safe for threads."""

    def __init__(self, operations: Operations, own: Profile, home_region: str, folder: Path) -> None:
        """`home_region` answers for Oracle's hosts without a region. `folder` is for certificates."""
        self.profile = own
        self._operations = operations
        self._ports: dict[str, int] = {}
        self._lock = threading.Lock()
        self._servers: list[tuple[uvicorn.Server, Future[None]]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._proxy = Proxy(folder, home_region, self._port, self._say_refused)
        self.others = _url(self._listen(others_application(operations.cloud.store)))
        self.proxy = _url(self._serve_proxy())

    @property
    def certificate(self) -> Path:
        """The certificate that clients of the proxy must accept."""
        return self._proxy.certificate

    def endpoint(self, region: str) -> str:
        """The address of a region's server, which starts when it is first asked for."""
        return _url(self._port(region))

    def close(self) -> None:
        """Stop all servers."""
        for server, _ in self._servers:
            stop(server)
        for _, ended in self._servers:
            with contextlib.suppress(TimeoutError):
                ended.result(_STOP_SECONDS)
        self._run(self._cancel_rest())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOP_SECONDS)
        if not self._thread.is_alive():
            self._loop.close()

    def _port(self, region: str) -> int:
        with self._lock:
            if region not in self._ports:
                served = Region(self._operations, region, self.profile.tenancy)
                served = with_addresses(served, LOOPBACK, self._serve)
                self._ports[region] = self._listen(application(served))
            return self._ports[region]

    def _listen(self, served: Starlette) -> int:
        bound = bind(LOOPBACK, 0)
        self._serve(served, bound)
        return _port_of(bound)

    def _serve(self, served: Starlette, bound: socket.socket) -> Callable[[], None]:
        server = uvicorn.Server(server_config(served, timeout_graceful_shutdown=2))
        started = asyncio.run_coroutine_threadsafe(server.serve(sockets=[bound]), self._loop)
        self._servers.append((server, started))
        return lambda: stop(server)

    def _serve_proxy(self) -> int:
        bound = bind(LOOPBACK, 0)
        self._run(asyncio.start_server(self._proxy.answer, sock=bound, limit=64 * 1024))
        return _port_of(bound)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_STOP_SECONDS)

    async def _cancel_rest(self) -> None:
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _say_refused(self, host: str) -> None:
        message = "The sandbox's proxy connects only to hosts of Oracle Cloud, and answers for them itself."
        detail = {"status": 403, "code": "Forbidden", "message": message}
        self._operations.cloud.store.record("wire", "connect", host or "?", **detail)


def _port_of(bound: socket.socket) -> int:
    return int(bound.getsockname()[1])


def _url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"
