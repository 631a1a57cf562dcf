"""The cloud behind a real port, and the official SDK as its client."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import oci
import pytest
import uvicorn
from starlette.applications import Starlette

from sandbox.faults import FaultBook
from sandbox.home import Home
from sandbox.oci.operations import Operations
from sandbox.store import Store, open_store
from sandbox.wire.app import Region, application
from sandbox.wire.connection import server_config
from sandbox.wire.profile import Profile, profile
from sandbox.wire.running import stop
from sandbox.wire.server import bind, with_addresses
from sandbox.wire.variables import variables
from tests.support.oci_cli import run_cli

COMPARTMENT = "ocid1.compartment.oc1..aaaatestcompartment"
REGION = "us-ashburn-1"


@dataclass(frozen=True)
class Wire:
    """One region's server, and clients of the SDK for it."""

    endpoint: str
    profile: Profile
    operations: Operations
    region: str = REGION

    @property
    def cloud(self) -> Any:
        return self.operations.cloud

    def client(self, kind: Callable[..., Any], **options: Any) -> Any:
        """A client of the SDK. It does not retry unless told to."""
        settings = {"service_endpoint": self.endpoint, "retry_strategy": oci.retry.NoneRetryStrategy()}
        return kind(self.profile.sdk_config(self.region), **(settings | options))


@dataclass
class Servers:
    """Starts servers on one cloud; the fixture stops them."""

    home: Home
    operations: Operations

    def __post_init__(self) -> None:
        self._running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(self, region: str = REGION, *, verified: bool = False) -> Wire:
        own = profile(self.home, region)
        bound = bind("127.0.0.1", 0)
        key = own.public_key() if verified else None
        served = Region(self.operations, region, own.tenancy, own.key_id, key)
        self._run(application(with_addresses(served, "127.0.0.1", self._run)), bound)
        return Wire(f"http://127.0.0.1:{bound.getsockname()[1]}", own, self.operations, region)

    def _run(self, app: Starlette, bound: socket.socket) -> Callable[[], None]:
        server = uvicorn.Server(server_config(app, log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        self._running.append((server, thread))
        return lambda: stop(server)

    def stop(self) -> None:
        self.end()
        for _, thread in self._running:
            thread.join(60)

    def end(self) -> None:
        """Tell the servers to end. They do within 0.2 s, for which few tests need to wait."""
        for server, thread in self._running:
            server.should_exit = True
            _ENDING.append(thread)


_ENDING: list[threading.Thread] = []


@pytest.fixture(scope="session", autouse=True)
def ended() -> Iterator[None]:
    """No server outlives the tests."""
    yield
    for thread in _ENDING:
        thread.join(60)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a profile: a new key for each test would take most of its time."""
    folder = tmp_path_factory.mktemp("profile")
    profile(Home(folder, folder), REGION)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "cloud.db") as opened:
        yield opened


@pytest.fixture
def faults(store: Store) -> FaultBook:
    return FaultBook(store)


@pytest.fixture
def servers(key_folder: Path, store: Store) -> Iterator[Servers]:
    started = Servers(Home(key_folder, key_folder), Operations(store))
    yield started
    started.end()


@pytest.fixture
def wire(servers: Servers) -> Wire:
    return servers.start()


class Refused:
    """Catches the SDK's error of a refused call and keeps status, code and message."""

    status: int
    code: str
    message: str

    def __enter__(self) -> "Refused":
        return self

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> bool:
        assert isinstance(error, oci.exceptions.ServiceError), "the call was not refused"
        self.status, self.code, self.message = error.status, str(error.code), str(error.message)
        return True


@pytest.fixture
def refused() -> Callable[[], Refused]:
    return Refused


Oci = Callable[..., Any]
"""Runs a command of the real OCI CLI and returns its data."""


def cli_environment(wire: Wire) -> dict[str, str]:
    """The environment in which the OCI CLI calls the server."""
    own = variables(wire.endpoint, wire.endpoint, wire.profile, wire.region)
    return {**os.environ, **own}


@pytest.fixture
def run_oci(wire: Wire) -> Oci:
    environment = cli_environment(wire)

    def run(*words: str) -> Any:
        done = run_cli(words, environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout).get("data") if done.stdout.strip() else None

    return run
