"""A real Envoy with the gateway's configuration: keys, paths, tenants and sizes. Refused requests reach no engine."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.traffic.parts.sink import KEYS, LIMIT, PROMPT, REFUSED, Sink, sink

pytestmark = [pytest.mark.prove, pytest.mark.gateway]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    with sink(tmp_path_factory.mktemp("envoy")) as made:
        yield made


@pytest.mark.parametrize("key", ["marker-key-old", "marker-key-new"])
def test_both_keys_of_a_tenant_are_valid_and_are_one_tenant(gateway: Sink, key: str):
    assert gateway.ask(key=key)[0] == 200
    _, headers, _ = gateway.arrived[-1]
    assert headers["x-playground-tenant"] == "research"
    assert "authorization" not in headers, "engines must not get the key"


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_request_reaches_no_engine(gateway: Sink, name: str):
    request, status = REFUSED[name]
    assert gateway.ask()[0] == 200
    before = gateway.received
    assert before, "the bytes of the request before"
    assert gateway.ask(**request)[0] == status
    assert gateway.received == before


def test_a_forged_tenant_stays_the_tenant_of_its_key(gateway: Sink):
    forged = {"x-playground-tenant": "batch", "x-playground-client": "batch.1", "x-ai-eg-model": "llama-70b"}
    assert gateway.ask(headers=forged)[0] == 200
    assert gateway.arrived[-1][1]["x-playground-tenant"] == "research"
    assert gateway.arrived[-1][1]["x-ai-eg-model"] == "qwen3-32b"
    assert gateway.ask(headers=forged, named="llama-70b")[0] == 404, "batch may call it, research may not"


def test_a_tenant_sees_only_its_own_models(gateway: Sink):
    status, text = gateway.ask("/v1/models", method="GET", key="marker-key-batch")
    assert (status, [each["id"] for each in json.loads(text)["data"]]) == (200, ["llama-70b"])


def test_the_longest_body_passes_and_one_above_the_default_of_envoy_gateway(gateway: Sink):
    for size in (32_769, LIMIT):
        assert gateway.ask(size=size)[0] == 200
        assert len(gateway.arrived[-1][2]) == size


def test_no_prompt_is_in_a_log_and_no_key_in_the_access_log(gateway: Sink):
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
