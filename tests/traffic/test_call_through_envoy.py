"""`playground call` with the stack file of staging, through a real Envoy with its gateway, a router, and an engine."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from infra.commands.cli import main
from infra.commands.settings import settings_or_exit
from infra.project.stackfile import ROOT
from infra.settings.traffic.served import served_models
from serving.gateway.model_gateway_args import ModelGatewayArgs, TenantArgs
from tests.traffic.parts.fleet import wait_for
from tests.traffic.parts.path import WholePath, whole_path

pytestmark = [pytest.mark.prove, pytest.mark.gateway]

MODEL = "qwen3-32b"
KEY = "marker-key-of-research"


def staging() -> ModelGatewayArgs:
    """The gateway of the stack, with TLS ending before it."""
    settings = settings_or_exit("staging", ROOT / "Pulumi.staging.yaml")
    traffic = settings.traffic
    return ModelGatewayArgs(
        namespace="envoy-gateway-system",
        host_name=traffic.host_name or "",
        models=served_models(settings.serving, traffic),
        tenants=[TenantArgs(**each.model_dump()) for each in traffic.tenants],
        vault_store="vault",
        cache_login="app:password",
        health_path="/health",
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholePath]:
    folder, keys = tmp_path_factory.mktemp("path"), {"research.1": KEY}
    with whole_path(
        folder, staging(), keys, engines=1, counted=False, model=MODEL, first_ms=50, token_ms=5
    ) as made:
        yield made


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PLAYGROUND_API_KEY", KEY)


def call(path: WholePath, *words: str, text: str = "Say hello") -> Result:
    found = CliRunner().invoke(
        main, ["call", "staging", MODEL, text, "--url", f"http://127.0.0.1:{path.gate.port}", *words]
    )
    assert KEY not in found.output
    return found


def test_a_call_streams_an_answer_and_counts_its_tokens(path: WholePath) -> None:
    found = call(path, "--max-tokens", "20", "--json")
    assert found.exit_code == 0, found.output
    row = json.loads(found.output)
    assert row["text"].split() == [f"w{place}" for place in range(20)]
    assert (row["tenant"], row["answerTokens"], row["finishReason"]) == ("research", 20, "stop")
    assert row["promptTokens"] > 0
    first, last = row["firstTokenSeconds"], row["firstTokenSeconds"] + 19 / row["tokensPerSecond"]
    assert first >= 0.05
    # A busy machine can hold up the first token alone, and then the others seem quick.
    assert last >= 0.05 + 19 * 0.005, "the engine needs 5 ms for a token"
    assert first < last <= row["seconds"] + 1e-6
    arrived = path.fleet.engines["engine-0"].seen()["seen"]
    (seen,) = (each for each in arrived if each["path"] == "/v1/chat/completions")
    assert "authorization" not in seen["headers"]


def test_envoy_refuses_a_wrong_key_and_a_long_text(path: WholePath, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.fleet.engines["engine-0"].requests()
    limit = 8 * 40_960
    long = call(path, text="a" * limit)
    assert (long.exit_code, "413 Payload Too Large" in long.output) == (1, True), long.output
    monkeypatch.setenv("PLAYGROUND_API_KEY", "another-key")
    wrong = call(path)
    assert (wrong.exit_code, "401 Unauthorized: the gateway does not know" in wrong.output) == (1, True)
    assert path.fleet.engines["engine-0"].requests() == before


def test_a_model_without_an_engine_is_named(path: WholePath) -> None:
    path.fleet.engines["engine-0"].process.kill()
    wait_for(lambda: path.router.workers() == 0)
    found = call(path)
    assert found.exit_code == 1
    assert "503 Service Unavailable: no engine of the model is ready" in found.output
