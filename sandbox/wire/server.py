"""The server: one process on loopback, with a port for each region. A file in SANDBOX_HOME has the ports."""

import asyncio
import contextlib
import fcntl
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from starlette.applications import Starlette

from sandbox.home import Home
from sandbox.oci.operations import Operations
from sandbox.store import open_store
from sandbox.wire.addresses import Addresses, Listening
from sandbox.wire.app import Region, application
from sandbox.wire.others import others_application
from sandbox.wire.profile import Profile, profile
from sandbox.wire.record import LOOPBACK, Serving, WireError, record_of
from sandbox.wire.running import Running

_LAST_PORT = 65535


@contextlib.contextmanager
def only_one(home: Home) -> Iterator[None]:
    """Hold the home's lock. Raises WireError if another server has it."""
    home.folder.mkdir(parents=True, exist_ok=True)
    with (home.folder / "wire.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise WireError(
                f"a server already runs on {home.folder}: `sandbox env` shows its addresses. Stop it, or set "
                "SANDBOX_HOME to another folder"
            ) from error
        yield


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises WireError if the port is in use."""
    if port > _LAST_PORT:
        raise WireError(
            f"--port: {port}; must be at most {_LAST_PORT}, and each region needs one. Choose a lower one, or 0 for "
            "free ones"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once (TCP_NODELAY) only if the socket names its protocol. Else a client on the same
    # connection waits 40 ms for each answer.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(1024)
    except OSError as error:
        bound.close()
        raise WireError(f"--port: {port}; {error.strerror}. Choose another, or 0 for a free one") from error
    return bound


Run = Callable[[Starlette, socket.socket], Callable[[], None]]
"""Serve an application at a socket. Returns the function that stops it."""


def with_addresses(region: Region, host: str, run: Run) -> Region:
    """The region, with separate ports for its vaults."""

    def listen(at: str, port: int) -> Listening:
        try:
            bound = bind(host, port)
        except WireError:
            bound = bind(host, 0)
        return Listening(int(bound.getsockname()[1]), run(application(replace(served, at=at)), bound))

    addresses = Addresses(region.operations.cloud, region.name, host, listen)
    served = replace(region, addresses=addresses)
    addresses.reopen()
    return served


def serve(
    home: Home,
    regions: Sequence[str],
    *,
    host: str = LOOPBACK,
    port: int = 0,
    verified: bool = False,
    ready: Callable[[Serving, Profile], None],
) -> None:
    """Serve the cloud until a signal ends the process. The first region has `port`, the next ones those after it."""
    with only_one(home), contextlib.ExitStack() as stack, open_store(home.cloud) as store:
        sockets = [
            stack.enter_context(bind(host, port + place if port else 0)) for place in range(len(regions))
        ]
        rest = stack.enter_context(bind(host, 0))
        profiles = _profiles(home, regions)
        running = Running()
        operations = Operations(store)
        for (name, own), bound in zip(profiles.items(), sockets, strict=True):
            key = own.public_key() if verified else None
            served = with_addresses(Region(operations, name, own.tenancy, own.key_id, key), host, running.add)
            running.add(application(served), bound)
        running.add(others_application(store), rest)
        shown = f"[{host}]" if ":" in host else host
        *addresses, others = (f"http://{shown}:{each.getsockname()[1]}" for each in (*sockets, rest))
        serving = Serving(os.getpid(), dict(zip(regions, addresses, strict=True)), others)
        record = record_of(home)
        try:
            asyncio.run(running.run(lambda: _tell(record, serving, profiles[regions[0]], ready)))
        finally:
            record.unlink(missing_ok=True)


def _profiles(home: Home, regions: Sequence[str]) -> dict[str, Profile]:
    """The profile of each region. The first region is written last: the config file names it."""
    made = {name: profile(home, name) for name in reversed(regions)}
    return {name: made[name] for name in regions}


def _tell(record: Path, serving: Serving, own: Profile, ready: Callable[[Serving, Profile], None]) -> None:
    scratch = record.with_suffix(".new")
    scratch.write_text(serving.as_json(), encoding="utf-8")
    scratch.replace(record)
    ready(serving, own)
