"""HTTP servers in one event loop: more can be added from any thread while it runs."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from sandbox.wire.connection import server_config


class Running:
    """The servers of one process. One signal stops them all."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: list[tuple[uvicorn.Server, socket.socket]] = []
        self._servers: list[uvicorn.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, application: Starlette, bound: socket.socket) -> Callable[[], None]:
        """Serve an application at a listening socket, from now on or from the start of the loop.

        Returns the function that stops it. Open requests are answered first.
        """
        server = uvicorn.Server(server_config(application, timeout_graceful_shutdown=2))
        server.capture_signals = contextlib.nullcontext  # pyright: ignore[reportAttributeAccessIssue]
        if self._loop is None:
            self._waiting.append((server, bound))
        else:
            self._loop.call_soon_threadsafe(self._start, server, bound)
        return lambda: stop(server)

    async def run(self, ready: Callable[[], None]) -> None:
        """Run until a signal. `ready` is called when every server that was added before answers."""
        loop = self._loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, self._stop)
        for server, bound in self._waiting:
            self._start(server, bound)
        first = tuple(self._servers)
        while not all(server.started for server in first) and not any(task.done() for task in self._tasks):
            await asyncio.sleep(0.005)
        ready()
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def _start(self, server: uvicorn.Server, bound: socket.socket) -> None:
        self._servers.append(server)
        task = asyncio.get_running_loop().create_task(server.serve(sockets=[bound]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: self._servers.remove(server))

    def _stop(self) -> None:
        for server in self._servers:
            stop(server)


def stop(server: uvicorn.Server) -> None:
    """Stop a server within a tenth of a second after its open requests."""
    server.should_exit = True
