"""How many of the requests reach a candidate at each weight, counted behind a real Envoy."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from infra.layers.model_gateway import gateway_args
from infra.project.stackfile import ROOT, read_stack_file
from infra.settings import examine
from serving.gateway.model_gateway_args import ModelGatewayArgs
from tests.support.listening import listening
from tests.traffic.parts.path import gate

CLIENTS = 8
KEY, CLIENT = "marker-key", "assistant.1"
MODEL = "qwen3-32b"
STABLE, CANDIDATE = "qwen3-32b-router", "qwen3-32b-candidate-router"


def args_at(weight: int, folder: Path) -> ModelGatewayArgs:
    """The gateway of examples/releases.yaml with a weight, without TLS."""
    content = yaml.safe_load((ROOT / "examples" / "releases.yaml").read_text(encoding="utf-8"))
    traffic = content["config"]["genai-playground:traffic"]
    traffic["candidates"][MODEL]["weight"] = weight
    file = folder / f"Pulumi.at{weight}.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    found = examine(read_stack_file("releases", file).sections, "releases")
    assert found.settings, found.problems
    args = gateway_args(
        found.settings, namespace="envoy-gateway-system", vault_store="vault", cache_login=None
    )
    return ModelGatewayArgs(**{**vars(args), "issuer": None, "port": 8500})


@contextmanager
def _counting() -> Iterator[tuple[int, list[int]]]:
    """A server where a router would be: its port, and its requests."""
    arrived: list[int] = []

    class Router(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            arrived.append(1)
            self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it
            """Tests need no access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Router)
    server.daemon_threads = True
    with listening(server):
        yield server.server_port, arrived


def share(folder: Path, weight: int, requests: int) -> tuple[float, int]:
    """Percent of the requests that reached the candidate, and requests that failed."""
    folder.mkdir(exist_ok=True)
    args = args_at(weight, folder)
    with _counting() as (stable, of_stable), _counting() as (candidate, of_candidate):
        ports = {STABLE: stable, CANDIDATE: candidate}
        with gate(folder / "envoy", args, {CLIENT: KEY}, ports) as made:
            body = f'{{"model": "{MODEL}", "messages": []}}'

            def send(count: int) -> int:
                connection, failed = HTTPConnection("127.0.0.1", made.port, timeout=30), 0
                for _ in range(count):
                    connection.request("POST", "/v1/chat/completions", body, made.headers(KEY))
                    answer = connection.getresponse()
                    answer.read()
                    failed += answer.status != 200
                connection.close()
                return failed

            with ThreadPoolExecutor(CLIENTS) as clients:
                lost = sum(clients.map(send, [requests // CLIENTS] * CLIENTS))
    everything = len(of_stable) + len(of_candidate)
    assert everything + lost == requests // CLIENTS * CLIENTS
    return 100 * len(of_candidate) / everything, lost
