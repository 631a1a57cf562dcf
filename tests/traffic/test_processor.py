"""What the processor does with a request between two choices of its route, behind a real Envoy."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.serving.gateway.args import gateway_args, model, tenant
from tests.traffic.parts import ai_gateway
from tests.traffic.parts.path import Gate
from tests.traffic.parts.sink import Sink, sink

pytestmark = [pytest.mark.prove, pytest.mark.gateway]

CHAT = {"model": "qwen3-32b", "messages": [{"role": "user", "content": "hello"}]}
ARGS = gateway_args(
    models=[model(by_priority=True)], tenants=[tenant(priority=3)], tls_secret=None, port=8500
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    with sink(tmp_path_factory.mktemp("envoy"), ARGS) as made:
        yield made


def send(gate: Gate, body: bytes, path: str = "/v1/chat/completions") -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", gate.port, timeout=30)
    connection.request("POST", path, body, gate.headers("marker-key-old"))
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def arrived(gateway: Sink, path: str = "/v1/chat/completions", **changes: Any) -> tuple[str, Any, Any]:
    """Path, headers and body of a request when it reaches the engine."""
    assert send(gateway.gate, json.dumps({**CHAT, **changes}).encode(), path)[0] == 200
    where, headers, body = gateway.arrived[-1]
    assert int(headers["content-length"]) == len(body)
    return where, headers, json.loads(body)


@pytest.mark.parametrize("body", [b"no JSON", b"[]", b'{"model": 3}', b'{"model": "qwen3-32b"'])
def test_a_body_that_is_no_request_gets_400_with_an_error_of_the_api(gateway: Sink, body: bytes) -> None:
    before = gateway.received
    status, said = send(gateway.gate, body)
    assert (status, said["error"]["type"], said["error"]["code"]) == (400, "BadRequest", "400")
    assert gateway.received == before


def test_a_stream_of_a_chat_asks_for_its_tokens_and_nothing_else_of_it_changes(gateway: Sink) -> None:
    _, headers, body = arrived(gateway, stream=True, temperature=0.5)
    assert body == {
        **CHAT, "stream": True, "temperature": 0.5, "stream_options": {"include_usage": True}, "priority": 3,
    }  # fmt: skip
    assert headers["x-ai-eg-model"] == "qwen3-32b"


def test_a_client_cannot_choose_its_own_priority(gateway: Sink) -> None:
    assert arrived(gateway, priority=-5)[2]["priority"] == 3


@pytest.mark.parametrize(
    ("path", "behind"),
    [("/v1/completions?x=1", "/v1/completions"), ("/cohere/v2/rerank", "/v2/rerank")],
)
def test_a_request_goes_to_the_path_of_the_engine(gateway: Sink, path: str, behind: str) -> None:
    where, _, body = arrived(gateway, path)
    assert where == behind
    assert "stream_options" not in body


def test_the_models_and_the_backends_are_those_of_the_routes() -> None:
    route = {
        "kind": "AIGatewayRoute",
        "metadata": {"namespace": "gateways", "name": "tenant-a"},
        "spec": {
            "llmRequestCosts": [{"metadataKey": "total_tokens", "type": "TotalToken"}],
            "rules": [
                {
                    "matches": [{"headers": [{"name": "x-ai-eg-model", "value": "m"}, {"name": "x", "value": "a"}]}],
                    "modelsOwnedBy": "us",
                    "backendRefs": [{"name": "b", "weight": 1}, {"name": "c", "weight": 0}],
                }
            ],
        },
    }  # fmt: skip
    found = ai_gateway.processor_config([route, {"kind": "Gateway"}])
    assert found["models"] == [{"id": "m", "object": "model", "owned_by": "us"}]
    assert [*found["backends"]] == [
        f"gateways/{name}/route/tenant-a/rule/0/ref/{place}" for place, name in enumerate("bc")
    ]
