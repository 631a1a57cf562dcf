"""A small server where the gateway would be. Each test says what it answers."""

import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.support.listening import listening

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Gateway:
    """A running server, and the requests that reached it."""

    port: int
    arrived: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


@contextmanager
def serving(reply: Reply, certificate: tuple[Path, Path] | None = None) -> Iterator[Gateway]:
    """Serves one kind of answer. `certificate`: files of certificate and private key."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            gateway.arrived.append({"path": self.path, "headers": headers, "body": json.loads(body)})
            reply(self)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it
            """Tests need no access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    gateway = Gateway(server.server_port)
    with listening(server):
        yield gateway


def refusing(status: int, text: str = "", **headers: str) -> Reply:
    """An answer with a status and a text."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"content-length": str(len(text.encode())), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(text.encode())

    return reply


def streaming(*events: str, pause: float = 0, ends: bool = True) -> Reply:
    """A stream of server-sent events. Without `ends`, the connection breaks after them."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        for event in events:
            data = f"data: {event}\n\n".encode()
            # Two writes: an event need not be in one packet.
            for part in (data[:7], data[7:]):
                handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
                handler.wfile.flush()
            time.sleep(pause)
        if ends:
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = True

    return reply


def said(text: str | None = None, finish: str | None = None, **delta: str) -> str:
    """A chunk with a text."""
    whole = {**delta, **({} if text is None else {"content": text})}
    return json.dumps({"choices": [{"index": 0, "delta": whole, "finish_reason": finish}]})


def used(prompt: int, answer: int) -> str:
    """The last chunk, with the tokens."""
    usage = {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
    return json.dumps({"choices": [], "usage": usage})


WHOLE = (said(role="assistant"), said("Hello"), said(" world"), said("", "stop"), used(12, 2), "[DONE]")
