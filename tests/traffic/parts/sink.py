"""What stands behind a gateway in tests of refusals: it counts every byte that arrives, and keeps the requests."""

import io
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from serving.gateway.model_gateway_args import ModelGatewayArgs
from tests.serving.gateway.args import gateway_args, model, tenant
from tests.support.listening import listening
from tests.traffic.parts.path import Gate, gate

KEYS = {"research.1": "marker-key-old", "research.2": "marker-key-new", "batch.1": "marker-key-batch"}
LIMIT = 8 * 40_960
"""The body limit: eight bytes for each token of the longest context."""

PROMPT = "marker-prompt"


@dataclass
class Sink:
    """A gateway, and what reached the engine behind it."""

    gate: Gate
    folder: Path
    arrived: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list[Any])
    received: int = 0
    """Bytes, of requests and of everything else."""

    def ask(
        self,
        path: str = "/v1/chat/completions",
        *,
        method: str = "POST",
        key: str | None = "marker-key-old",
        named: str = "qwen3-32b",
        headers: Mapping[str, str] | None = None,
        size: int = 0,
        host: str | None = None,
    ) -> tuple[int, str]:
        """Status and text of the answer to one request. `size`: bytes of the body."""
        body = json.dumps({"model": named, "messages": [{"role": "user", "content": PROMPT}]}).encode()
        sent = body[:-1] + b" " * (size - len(body)) + body[-1:] if size else body
        given = {**self.gate.headers(key), **({"Host": host} if host else {}), **(headers or {})}
        connection = HTTPConnection("127.0.0.1", self.gate.port, timeout=30)
        connection.request(method, path, sent if method == "POST" else None, given)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text


ARGS = gateway_args(
    models=[model(), model("llama-70b", context_tokens=8192)],
    tenants=[tenant(keys=["old", "new"]), tenant("batch", models=["llama-70b"])],
    tls_secret=None,
    port=8500,
    health_path="/health",
)
"""Two models and two tenants."""


@contextmanager
def sink(folder: Path, args: ModelGatewayArgs = ARGS) -> Iterator[Sink]:
    """A gateway before one sink."""
    found = Sink(gate=None, folder=folder)  # pyright: ignore[reportArgumentType]  it needs the port of the engine
    engine = ThreadingHTTPServer(("127.0.0.1", 0), type("Engine", (_Engine,), {"sink": found}))
    with listening(engine), gate(folder, args, KEYS, engine.server_port) as found.gate:
        yield found


class _Counted(io.RawIOBase):
    """The bytes of a connection, counted."""

    def __init__(self, connection: socket.socket, sink: Sink) -> None:
        super().__init__()
        self._connection, self._sink = connection, sink

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._connection.recv_into(buffer)
        self._sink.received += count
        return count


class _Engine(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sink: Sink

    def setup(self) -> None:
        super().setup()
        self.rfile = io.BufferedReader(_Counted(self.connection, self.sink))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {key.lower(): value for key, value in self.headers.items()}
        self.sink.arrived.append((self.path, headers, body))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_request(self, code: object = "-", size: object = "-") -> None: ...


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "no key": ({"key": None}, 401),
    "a wrong key": ({"key": "other"}, 401),
    "a forged tenant without a key": ({"key": None, "headers": {"x-playground-tenant": "research"}}, 401),
    "a forged client id": ({"key": None, "headers": {"x-playground-client": "research.1"}}, 401),
    "the model of another tenant": ({"named": "llama-70b"}, 404),
    "the model of another tenant, with its header": (
        {"named": "llama-70b", "headers": {"x-playground-tenant": "batch", "x-ai-eg-model": "llama-70b"}}, 404,
    ),
    "an unknown model": ({"named": "other"}, 404),
    "another host": ({"host": "other.example.com"}, 404),
    "another method": ({"method": "GET"}, 404),
    "a body that is too long": ({"size": LIMIT + 1}, 413),
    **{
        path: ({"path": path}, 404)
        for path in (
            "/metrics",
            "/pause",
            "/update_weights",
            "/tokenize",
            "/invocations",
            "/workers",
            "/v1/load_lora_adapter",
            "/v1/chat/completions/render",
            "/v1/chat/completions/../../pause",
        )
    },
    "an escaped path": ({"path": "/v1/chat/completions%2f..%2fpause"}, 307),
}  # fmt: skip
"""Requests that must reach no engine, and their status. The key is a tenant's where nothing else is said."""
