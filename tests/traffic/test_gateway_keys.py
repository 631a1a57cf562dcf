"""A real Envoy with the gateway's configuration: keys, paths, tenants and sizes. Refused requests reach no engine."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.serving.gateway.args import gateway_args, model, tenant
from tests.support.ports import free_port
from tests.traffic.parts.envoy import configuration, start_envoy
from tools.traffic.build import obtain

pytestmark = pytest.mark.prove

HOST = "models.example.com"
KEYS = {"research.1": "marker-key-old", "research.2": "marker-key-new", "batch.1": "marker-key-batch"}
LIMIT = 8 * 40_960
PROMPT = "marker-prompt"


@dataclass
class Gateway:
    """The gateway, and what reached the engine behind it."""

    port: int
    folder: Path
    arrived: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list[Any])

    def ask(
        self,
        path: str = "/v1/chat/completions",
        *,
        method: str = "POST",
        key: str | None = "marker-key-old",
        named: str = "qwen3-32b",
        headers: Mapping[str, str] | None = None,
        size: int = 0,
        host: str = HOST,
    ) -> tuple[int, str]:
        """Status and text of the answer to one request."""
        body = json.dumps({"model": named, "messages": [{"role": "user", "content": PROMPT}]}).encode()
        sent = body[:-1] + b" " * (size - len(body)) + body[-1:] if size else body
        given = {"Host": host, **({"Authorization": f"Bearer {key}"} if key else {}), **(headers or {})}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, sent if method == "POST" else None, given)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    found = Gateway(port=free_port(), folder=tmp_path_factory.mktemp("envoy"))
    engine = ThreadingHTTPServer(("127.0.0.1", 0), _engine(found))
    threading.Thread(target=engine.serve_forever, daemon=True).start()
    args = gateway_args(
        models=[model(), model("llama-70b", context_tokens=8192)],
        tenants=[tenant(keys=["old", "new"]), tenant("batch", models=["llama-70b"])],
        tls_secret=None,
        port=8500,
        health_path="/health",
    )
    config = configuration(args, KEYS, port=found.port, upstream=engine.server_port)
    envoy = start_envoy(obtain() / "envoy", config, found.folder)
    try:
        _wait_for(found)
        yield found
    finally:
        envoy.terminate()
        envoy.wait(30)
        engine.shutdown()


def _engine(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Engine(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            gateway.arrived.append(
                (self.path, {key.lower(): value for key, value in self.headers.items()}, body)
            )
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_request(self, code: object = "-", size: object = "-") -> None: ...

    return Engine


def _wait_for(gateway: Gateway) -> None:
    for _ in range(300):
        try:
            if gateway.ask("/health", method="GET", key=None)[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError((gateway.folder / "envoy.log").read_text()[-2000:])


@pytest.mark.parametrize("key", ["marker-key-old", "marker-key-new"])
def test_both_keys_of_a_tenant_are_valid_and_are_one_tenant(gateway: Gateway, key: str):
    assert gateway.ask(key=key)[0] == 200
    _, headers, _ = gateway.arrived[-1]
    assert headers["x-playground-tenant"] == "research"
    assert "authorization" not in headers, "engines must not get the key"


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "no key": ({"key": None}, 401),
    "a wrong key": ({"key": "other"}, 401),
    "a forged tenant without a key": ({"key": None, "headers": {"x-playground-tenant": "research"}}, 401),
    "a forged client id": ({"key": None, "headers": {"x-playground-client": "research.1"}}, 401),
    "the model of another tenant": ({"named": "llama-70b"}, 404),
    "an unknown model": ({"named": "other"}, 404),
    "another host": ({"host": "other.example.com"}, 404),
    "another method": ({"method": "GET"}, 404),
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
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_request_reaches_no_engine(gateway: Gateway, name: str):
    request, status = REFUSED[name]
    before = len(gateway.arrived)
    assert gateway.ask(**request)[0] == status
    assert len(gateway.arrived) == before


def test_a_forged_tenant_stays_the_tenant_of_its_key(gateway: Gateway):
    forged = {"x-playground-tenant": "batch", "x-playground-client": "batch.1", "x-ai-eg-model": "llama-70b"}
    assert gateway.ask(headers=forged)[0] == 200
    assert gateway.arrived[-1][1]["x-playground-tenant"] == "research"
    assert gateway.arrived[-1][1]["x-ai-eg-model"] == "qwen3-32b"
    assert gateway.ask(headers=forged, named="llama-70b")[0] == 404, "batch may call it, research may not"


def test_a_tenant_sees_only_its_own_models(gateway: Gateway):
    status, text = gateway.ask("/v1/models", method="GET", key="marker-key-batch")
    assert (status, [each["id"] for each in json.loads(text)["data"]]) == (200, ["llama-70b"])


def test_the_longest_body_passes_and_one_more_byte_does_not(gateway: Gateway):
    for size in (32_769, LIMIT):
        assert gateway.ask(size=size)[0] == 200
        assert len(gateway.arrived[-1][2]) == size
    before = len(gateway.arrived)
    assert gateway.ask(size=LIMIT + 1)[0] == 413
    assert len(gateway.arrived) == before


def test_no_prompt_is_in_a_log_and_no_key_in_the_access_log(gateway: Gateway):
    assert gateway.ask()[0] == 200
    file = gateway.folder / "access.log"
    for _ in range(100):
        if "/v1/chat/completions" in file.read_text():
            break
        time.sleep(0.1)
    access = file.read_text()
    assert "/v1/chat/completions" in access
    assert not [key for key in KEYS.values() if key in access]
    assert PROMPT not in access + (gateway.folder / "envoy.log").read_text()
