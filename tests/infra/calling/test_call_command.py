"""`playground call`: what it prints for answers and failures, and that no output contains the key."""

import json
import shutil
import socket
import subprocess
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from infra.commands.cli import main
from infra.project.stackfile import PROJECT, ROOT
from tests.infra.calling.server import WHOLE, Gateway, Reply, refusing, said, serving, streaming, used
from tests.support.ports import free_port

KEY = "marker-key-4711"
HOST = "models.staging.example.com"


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("PLAYGROUND_API_KEY", KEY)
    monkeypatch.chdir(ROOT)


def call(*words: str, stack: str = "staging", model: str = "qwen3-32b") -> Result:
    found = CliRunner().invoke(main, ["call", stack, model, "Say hello", *words])
    assert KEY not in found.output
    assert "Traceback" not in found.output
    return found


def called(reply: Reply, *words: str) -> tuple[Result, Gateway]:
    with serving(reply) as gateway:
        return call("--url", f"http://127.0.0.1:{gateway.port}", *words), gateway


def test_it_prints_the_answer_its_times_its_tokens_and_its_cost():
    found, gateway = called(streaming(*WHOLE, pause=0.01))
    assert found.exit_code == 0, found.output
    answer, first, speed, tokens, cost = found.output.splitlines()
    assert answer == "Hello world"
    assert first.startswith("first token: 0.0")
    assert speed.endswith("tokens a second")
    assert tokens == "tokens: 12 of the prompt, 2 of the answer"
    assert cost.startswith("cost: at most 0.0")
    (request,) = gateway.arrived
    assert request["path"] == "/v1/chat/completions"
    assert request["headers"]["authorization"] == f"Bearer {KEY}"
    assert request["headers"]["host"] == HOST, "Envoy finds its routes by the host without a port"
    assert request["body"] == {
        "model": "qwen3-32b",
        "messages": [{"role": "user", "content": "Say hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_the_figures_are_those_of_the_stream():
    # The first token after 0.2 s, and four more in 0.4 s.
    events = [said(role="assistant"), *(said(f"{each} ") for each in range(5)), used(7, 5), "[DONE]"]
    found, _ = called(streaming(*events, pause=0.1), "--json")
    row = json.loads(found.output)
    assert (row["text"], row["promptTokens"], row["answerTokens"]) == ("0 1 2 3 4 ", 7, 5)
    assert 0.1 <= row["firstTokenSeconds"] < 0.3
    assert row["tokensPerSecond"] == pytest.approx(4 / 0.4, rel=0.3)
    assert row["costAtMostUsd"] == pytest.approx(row["seconds"] / 3600 * _gpu_hour())


def _gpu_hour() -> float:
    newest = sorted((ROOT / "facts" / "prices").glob("*.yaml"))[-1]
    return yaml.safe_load(newest.read_text())["items"]["compute/BM.GPU.MI300X.8/gpu-hour"]["amount"]


def test_reasoning_counts_as_the_first_token_and_is_not_printed():
    events = (said(reasoning="hm"), said("Yes", "stop"), used(1, 2), "[DONE]")
    found, _ = called(streaming(*events, pause=0.1), "--json")
    row = json.loads(found.output)
    assert row["text"] == "Yes"
    assert row["firstTokenSeconds"] < 0.1


def test_a_stream_without_usage_says_that_tokens_are_unknown():
    found, _ = called(streaming(said("Hi", "length"), "[DONE]"), "--max-tokens", "1")
    assert "tokens: unknown of the prompt, unknown of the answer" in found.output
    assert "the answer is cut" in found.output


def test_characters_that_would_change_a_terminal_are_not_printed():
    found, _ = called(streaming(said("a\x1b[2Jb\n\ud800"), "[DONE]"))
    assert found.output.startswith("a\ufffd[2Jb\n\ufffd\n")


def close(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def say_something_else(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"SSH-2.0\r\n\r\n")


FAILURES: dict[str, tuple[Reply, str]] = {
    "401": (refusing(401, f"bad {KEY}"), "401 Unauthorized: the gateway does not know the key in PLAYGROUND_API_KEY"),
    "404": (refusing(404), "404 Not Found: the gateway has no route for this model and tenant"),
    "413": (refusing(413, "Payload Too Large"), "longer than the gateway's body limit, traffic.limits.bodyLimitBytes"),
    "429": (refusing(429, retry_after="17"), "above its limit of requests or tokens a minute. Try again after 17 s"),
    "500": (refusing(500), "500 Internal Server Error: the gateway's processor failed"),
    "503": (refusing(503, "no healthy upstream"), "no engine of the model is ready"),
    "504": (refusing(504), "longer than the gateway's limit"),
    "302": (refusing(302), "302 Found: the gateway did not answer with a stream"),
    "an engine's refusal": (refusing(400, "too long"), "the engine refused the request. It said: too long"),
    "a cut stream": (streaming(said("Hello"), ends=False), "the stream was cut after 5 characters"),
    "a stream without its end": (streaming(said("Hello")), "the stream was cut after 5 characters"),
    "an aborted answer": (streaming(said("", "abort"), "[DONE]"), "the engine aborted the answer"),
    "an error in the stream": (streaming('{"error": {"message": "CUDA"}}'), "ended the stream with an error"),
    "no stream of the API": (streaming("hello"), "something else than the OpenAI API's chunks: hello"),
    "a closed connection": (close, "the connection ended without an answer"),
    "no HTTP": (say_something_else, "does not answer as a gateway does"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_request_ends_in_one_with_its_reason(name: str):
    reply, message = FAILURES[name]
    found, _ = called(reply)
    assert found.exit_code == 1
    assert "no answer: " in found.output
    assert message in found.output


def test_a_silent_stream_ends_at_the_time_limit():
    found, _ = called(streaming(said("Hello"), pause=3), "--timeout", "1")
    assert found.exit_code == 1
    assert "no complete answer within 1 s" in found.output


def test_nothing_that_listens_is_named():
    port = free_port()
    found = call("--url", f"https://127.0.0.1:{port}")
    assert found.exit_code == 1
    assert f"nothing listens at 127.0.0.1:{port}" in found.output


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of the gateway's host name that signed itself."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("tls")
    made = (folder / "cert.pem", folder / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST}", "-out", made[0], "-keyout", made[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


def test_an_own_authority_is_trusted_only_if_it_is_named(certificate: tuple[Path, Path]):
    with serving(streaming(*WHOLE), certificate) as gateway:
        url = f"https://127.0.0.1:{gateway.port}"
        refused, trusted = call("--url", url), call("--url", url, "--ca-file", str(certificate[0]))
    assert refused.exit_code == 1
    assert f"the certificate is not trusted for {HOST}" in refused.output
    assert trusted.exit_code == 0, trusted.output
    assert len(gateway.arrived) == 1, "no key is sent to a server that is not trusted"


def test_a_certificate_of_another_host_is_refused(certificate: tuple[Path, Path]):
    with serving(streaming(*WHOLE), certificate) as gateway:
        words = (
            "--tenant",
            "batch",
            "--url",
            f"https://127.0.0.1:{gateway.port}",
            "--ca-file",
            str(certificate[0]),
        )
        found = call(*words, stack="prod")
    assert found.exit_code == 1
    assert "the certificate is not trusted for models.genai.example.com: Hostname mismatch" in found.output
    assert not gateway.arrived


def test_a_port_without_tls_is_named():
    with serving(streaming(*WHOLE)) as gateway:
        found = call("--url", f"https://127.0.0.1:{gateway.port}")
    assert found.exit_code == 1
    assert "Is it a port without TLS?" in found.output


AS_BATCH = ("--tenant", "batch", "--url")
REFUSALS: dict[str, tuple[str, Sequence[str], str]] = {
    "an unknown model": ("qwen", (), "MODEL: 'qwen'; is not a model of this stack: qwen3-32b. Did you mean"),
    "several tenants": (
        "qwen3-32b",
        (),
        "--tenant: missing; must name one of the tenants that may call qwen3-32b: assistant, batch",
    ),
    "an unknown tenant": (
        "qwen3-32b",
        ("--tenant", "bath"),
        "--tenant: 'bath'; is not a tenant of this stack: assistant, batch. Did you mean `batch`?",
    ),
    "a model and an address": ("qwen", ("--url", "a"), "--url: 'a'; must be http or https"),
    "a key over a network": ("qwen3-32b", (*AS_BATCH, "http://models.example.com"), "must begin with https"),
    "no address": (
        "qwen3-32b",
        (*AS_BATCH, "models.example.com"),
        "must be http or https, a host and perhaps a port",
    ),
    "a key in the address": (
        "qwen3-32b",
        (*AS_BATCH, f"https://{KEY}@models.example.com"),
        "--url: '[hidden]'; must not have a user or a password",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_wrong_choice_is_refused(name: str):
    model, words, message = REFUSALS[name]
    found = call(*words, stack="prod", model=model)
    assert found.exit_code == 1
    assert message in found.output


def stack_with(folder: Path, **traffic: Any) -> str:
    """Staging with another section `traffic`, as a file."""
    content = yaml.safe_load((ROOT / "Pulumi.staging.yaml").read_text())
    content["config"][f"{PROJECT}:traffic"] |= traffic
    path = folder / "Pulumi.changed.yaml"
    path.write_text(yaml.safe_dump(content))
    return str(path)


def test_a_stack_without_a_gateway_is_refused():
    found = call(stack="dev")
    assert found.exit_code == 1
    assert "STACK: 'dev'; has no gateway to call" in found.output


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "PLAYGROUND_API_KEY",
            f"{KEY} two words",
            "the key in PLAYGROUND_API_KEY must be one line of visible ASCII",
        ),
        ("PLAYGROUND_API_KEY", f"{KEY}\nX-Other: 1", "must be one line of visible ASCII characters"),
        ("PLAYGROUND_API_KEY", "", "must be one line of visible ASCII characters"),
        ("PLAYGROUND_API_KEYS", KEY, "PLAYGROUND_API_KEYS: '[hidden]'; is not a known variable"),
    ],
)
def test_a_key_that_no_request_can_contain_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
):
    monkeypatch.setenv(name, value)
    found, gateway = called(streaming(*WHOLE))
    assert found.exit_code == 1
    assert message in found.output
    assert not gateway.arrived


def test_a_key_may_end_with_a_line_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PLAYGROUND_API_KEY", f"{KEY}\n")
    _, gateway = called(streaming(*WHOLE))
    assert gateway.arrived[0]["headers"]["authorization"] == f"Bearer {KEY}"


def test_a_tenant_may_call_only_its_own_models(tmp_path: Path):
    tenants = [
        {"name": "one", "models": ["qwen3-32b"], "keys": ["a-key"]},
        {"name": "two", "models": ["other-model"], "keys": ["b-key"]},
    ]
    content = yaml.safe_load(Path(stack_with(tmp_path, tenants=tenants)).read_text())
    models = content["config"][f"{PROJECT}:serving"]["models"]
    models += [{**models[0], "name": "other-model"}, {**models[0], "name": "third-model"}]
    (tmp_path / "Pulumi.changed.yaml").write_text(yaml.safe_dump(content))
    file = ("--config-file", str(tmp_path / "Pulumi.changed.yaml"))
    refused = call(*file, "--tenant", "two")
    assert "--tenant: 'two'; must be a tenant that may call qwen3-32b: one" in refused.output
    nobody = call(*file, model="third-model")
    assert "MODEL: 'third-model'; is not in `models` of any tenant" in nobody.output
    with serving(streaming(*WHOLE)) as gateway:
        assert call(*file, "--url", f"http://127.0.0.1:{gateway.port}", model="other-model").exit_code == 0
