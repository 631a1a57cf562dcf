"""Real providers under the sandbox: every call of the engine goes to the provider's own process.

SANDBOX_PROVIDERS names them: "oci=real,kubernetes=/path/to/binary". `sandbox.real_oci` adds what OCI's provider needs.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import grpc
from pulumi.runtime.proto import ResourceProviderServicer, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from sandbox.engine_process import MESSAGE_BYTES
from sandbox.variables import PROVIDERS, RealProviderError

REAL = "oci=real"
START_SECONDS = 120
"""On a slow machine, a provider with a thousand types needs a while until it prints its port."""

_PACKAGES = ("oci", "kubernetes")
_SERVICE = provider_pb2.DESCRIPTOR.services_by_name["ResourceProvider"]
_METHODS = {method.name: method.server_streaming for method in _SERVICE.methods}


def parse_providers(text: str, installed: Callable[[], Path | None]) -> dict[str, Path]:
    """The provider binary for each package. `installed` finds the plugin for `oci=real`, which is left out without one.

    Raises RealProviderError for an invalid setting.
    """
    found: dict[str, Path] = {}
    named: set[str] = set()
    for part in filter(None, (each.strip() for each in text.split(","))):
        package, _, path = part.partition("=")
        if package not in _PACKAGES or not path:
            raise RealProviderError(f"{PROVIDERS}: {part!r}; must be {REAL}, oci=<path> or kubernetes=<path>")
        if package in named:
            raise RealProviderError(f"{PROVIDERS}: {part!r}; {package} is named twice. Name it once")
        named.add(package)
        binary = installed() if part == REAL else _binary(package, path)
        if binary is not None:
            found[package] = binary
    return found


def _binary(package: str, path: str) -> Path:
    binary = Path(path).expanduser()
    if not binary.is_file() or not os.access(binary, os.X_OK):
        real = f", or {REAL} for the installed plugin" if package == "oci" else ""
        raise RealProviderError(f"{PROVIDERS}: {package}={path}; must be an executable file{real}")
    return binary


@dataclass
class Child:
    """One running provider process and its gRPC stub."""

    process: "subprocess.Popen[str]"
    stub: Any

    @classmethod
    def start(cls, binary: Path, engine: str, environment: Mapping[str, str]) -> "Child":
        """Start a provider binary. Its first line of output is its port, as the engine expects."""
        process = subprocess.Popen(
            [str(binary), *([engine] if engine else [])],
            stdout=subprocess.PIPE,
            text=True,
            env=dict(environment),
        )
        port = _first_line(process)
        if not port.isdecimal():
            process.kill()
            process.wait()
            raise RealProviderError(f"{binary}: printed {port!r} instead of a port within {START_SECONDS} s")
        threading.Thread(target=_drain, args=(process,), daemon=True).start()
        options = [(f"grpc.max_{way}_message_length", MESSAGE_BYTES) for way in ("receive", "send")]
        return cls(process, ResourceProviderStub(grpc.insecure_channel(f"127.0.0.1:{port}", options=options)))

    def stop(self) -> None:
        """Terminate the process; kill it if it does not end."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(3)
            return
        self.process.kill()
        self.process.wait()


def _first_line(process: "subprocess.Popen[str]") -> str:
    found: list[str] = []

    def read() -> None:
        assert process.stdout is not None  # noqa: S101 - requested above
        found.append(process.stdout.readline().strip())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(START_SECONDS)
    return found[0] if found else ""


def _drain(process: "subprocess.Popen[str]") -> None:
    if process.stdout is not None:
        for line in process.stdout:
            sys.stderr.write(line)


@dataclass
class _Children:
    """The real provider's processes: one for each of the engine's connections, because each has its own config."""

    binary: Path
    environment: Mapping[str, str]
    running: dict[str, Child] = field(default_factory=dict)
    engines: dict[str, str] = field(default_factory=dict)
    greetings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The calls with which the engine began each connection, by name."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, peer: str) -> Child:
        with self.lock:
            if peer not in self.running:
                engine = self.engines.get(peer, "")
                self.running[peer] = Child.start(self.binary, engine, self.environment)
            return self.running[peer]

    def restart(self, peer: str, environment: Mapping[str, str]) -> None:
        """Replace a connection's process by one with other variables. It is greeted as the one before it was."""
        with self.lock:
            before = self.running.pop(peer, None)
            if before is not None:
                before.stop()
            child = Child.start(self.binary, self.engines.get(peer, ""), environment)
            self.running[peer] = child
        for name, request in self.greetings.get(peer, {}).items():
            with suppress(grpc.RpcError):
                getattr(child.stub, name)(request)

    def stop(self) -> None:
        with self.lock:
            for child in self.running.values():
                child.stop()
            self.running.clear()


class Forwarder(ResourceProviderServicer):
    """Sends every call to a real provider, which replaces the stand-in."""

    def __init__(self, binary: Path, environment: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._children = _Children(binary, environment or os.environ)
        for name, streaming in _METHODS.items():
            if name not in type(self).__dict__:
                setattr(self, name, self._streaming(name) if streaming else self._unary(name))

    def close(self) -> None:
        """End the provider's processes."""
        self._children.stop()

    def forward(self, name: str, request: Any, context: grpc.ServicerContext) -> Any:
        """The real provider's response. Its error ends the call, with all details."""
        peer = context.peer()
        address = getattr(request, "engine_address", "") or getattr(request, "address", "")
        if name in ("Handshake", "Attach"):
            self._children.greetings.setdefault(peer, {})[name] = request
            if address:
                self._children.engines.setdefault(peer, address)
        try:
            child = self._children.of(peer)
            return getattr(child.stub, name)(request)
        except RealProviderError as error:
            context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
        except grpc.RpcError as error:
            _pass_on(error, context)

    def restart(self, peer: str, environment: Mapping[str, str]) -> None:
        """Give a connection a process with other variables."""
        self._children.restart(peer, environment)

    def _unary(self, name: str) -> Callable[[Any, grpc.ServicerContext], Any]:
        return lambda request, context: self.forward(name, request, context)

    def _streaming(self, name: str) -> Callable[[Any, grpc.ServicerContext], Iterator[Any]]:
        def stream(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
            try:
                yield from self.forward(name, request, context)
            except grpc.RpcError as error:
                _pass_on(error, context)

        return stream


def _pass_on(error: Any, context: grpc.ServicerContext) -> NoReturn:
    context.set_trailing_metadata(tuple(error.trailing_metadata() or ()))
    context.abort(error.code(), error.details())
    raise AssertionError("abort does not return")
