"""Real providers under the sandbox: SANDBOX_PROVIDERS="oci=/path/to/binary,kubernetes=/path/to/binary".

For `kubernetes`, every call goes to the real provider. For `oci`, the real provider gets Check, Diff, Create in a
preview, and the configuration with generated credentials. So it checks inputs and plans as it does for a real cloud,
but cannot reach one. The stand-in answers all calls that would reach the cloud.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import grpc
from pulumi.runtime.proto import ResourceProviderServicer, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from sandbox.credentials import hide, with_credentials
from sandbox.engine_servers import MESSAGE_BYTES

PROVIDERS = "SANDBOX_PROVIDERS"
START_SECONDS = 120
"""On a slow machine, a provider with a thousand types needs a while until it prints its port."""

_PACKAGES = ("oci", "kubernetes")
_SERVICE = provider_pb2.DESCRIPTOR.services_by_name["ResourceProvider"]
_METHODS = {method.name: method.server_streaming for method in _SERVICE.methods}


class RealProviderError(Exception):
    """A real provider cannot be used; the text names it and says what to do."""


def parse_providers(text: str) -> dict[str, Path]:
    """The provider binary for each package. Raises RealProviderError for an invalid setting."""
    found: dict[str, Path] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        package, _, path = part.partition("=")
        if package not in _PACKAGES or not path:
            raise RealProviderError(
                f"{PROVIDERS}: {part!r}; must be <package>=<path>, the package one of {', '.join(_PACKAGES)}"
            )
        binary = Path(path).expanduser()
        if not binary.is_file() or not os.access(binary, os.X_OK):
            raise RealProviderError(f"{PROVIDERS}: {package}={path}; must be an executable file")
        found[package] = binary
    return found


@contextmanager
def with_real_providers(
    standins: Mapping[str, ResourceProviderServicer], setting: str | None = None
) -> Iterator[dict[str, ResourceProviderServicer]]:
    """The stand-ins, some of them behind a real provider. The real providers' processes end with the block.

    `setting` is the text of SANDBOX_PROVIDERS (default: from the environment).
    """
    chosen = parse_providers(os.environ.get(PROVIDERS, "") if setting is None else setting)
    home = Path(tempfile.mkdtemp(prefix="sandbox-provider-")) if chosen else None
    forwarders: list[Forwarder] = []
    providers = dict(standins)
    for package, binary in chosen.items():
        forwarder = (
            OciForwarder(binary, standins[package], home)
            if package == "oci"
            else Forwarder(binary, standins[package])
        )
        forwarders.append(forwarder)
        providers[package] = forwarder
    try:
        yield providers
    finally:
        for forwarder in forwarders:
            forwarder.close()
        if home is not None:
            shutil.rmtree(home, ignore_errors=True)


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
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, peer: str) -> Child:
        with self.lock:
            if peer not in self.running:
                engine = self.engines.get(peer, "")
                self.running[peer] = Child.start(self.binary, engine, self.environment)
            return self.running[peer]

    def stop(self) -> None:
        with self.lock:
            for child in self.running.values():
                child.stop()
            self.running.clear()


class Forwarder(ResourceProviderServicer):
    """Sends every call to a real provider, which replaces `standin`."""

    def __init__(
        self, binary: Path, standin: ResourceProviderServicer, environment: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self.standin: Any = standin
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
        if name in ("Handshake", "Attach") and address:
            self._children.engines.setdefault(peer, address)
        try:
            child = self._children.of(peer)
            return getattr(child.stub, name)(request)
        except RealProviderError as error:
            context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
        except grpc.RpcError as error:
            _pass_on(error, context)

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


class OciForwarder(Forwarder):
    """Sends calls that need no cloud to the real OCI provider, and all others to the stand-in."""

    def __init__(self, binary: Path, standin: ResourceProviderServicer, home: Path | None = None) -> None:
        environment = {
            key: value for key, value in os.environ.items() if not key.upper().startswith(("OCI_", "TF_VAR_"))
        }
        if home is not None:
            environment["HOME"] = str(home)
        super().__init__(binary, standin, environment)

    def _unary(self, name: str) -> Callable[[Any, grpc.ServicerContext], Any]:
        return getattr(self.standin, name)

    _streaming = _unary

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> Any:
        return self.forward("Check", request, context)

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> Any:
        return self.forward("Diff", request, context)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> Any:
        return self.forward("DiffConfig", request, context)

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> Any:
        if request.preview:
            return self.forward("Create", request, context)
        return self.standin.Create(request, context)

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> Any:
        sent = provider_pb2.CheckRequest()
        sent.CopyFrom(request)
        with_credentials(sent.news)
        answer = self.forward("CheckConfig", sent, context)
        hide(answer.inputs, request.news)
        return answer

    def Configure(self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext) -> Any:
        sent = provider_pb2.ConfigureRequest()
        sent.CopyFrom(request)
        with_credentials(sent.args, sent.variables)
        theirs = self.forward("Configure", sent, context)
        ours = self.standin.Configure(request, context)
        return _common(theirs, ours)

    def Handshake(self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext) -> Any:
        return _common(self.forward("Handshake", request, context), self.standin.Handshake(request, context))

    def Attach(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.forward("Attach", request, context)
        return self.standin.Attach(request, context)

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.forward("Cancel", request, context)
        return self.standin.Cancel(request, context)


def _common(theirs: Any, ours: Any) -> Any:
    """The features that both support: the engine uses the same form of calls for both."""
    both = type(ours)()
    both.CopyFrom(ours)
    for each in type(ours).DESCRIPTOR.fields:
        if each.type == each.TYPE_BOOL:
            setattr(both, each.name, getattr(theirs, each.name) and getattr(ours, each.name))
    return both
