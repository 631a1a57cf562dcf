"""Envoy, limits, router and engines together: what the official client sees, what is logged, and who stops last."""

import contextlib
import json
import signal
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.serving.gateway.args import tenant
from tests.traffic.parts import processor
from tests.traffic.parts.collector import Collector, collector
from tests.traffic.parts.fleet import MODEL, chat, get, wait_for
from tests.traffic.parts.load import Outcome, one
from tests.traffic.parts.official import by_client, request
from tests.traffic.parts.path import WholePath, args_for, whole_path

pytestmark = [pytest.mark.prove, pytest.mark.gateway, pytest.mark.rate_limit]

CHAT = "/v1/chat/completions"
PROMPT, KEY = "marker-of-a-prompt", "sk-marker-of-a-key"
QUERY = "marker-of-a-query"
GATEWAY = "models.envoy-gateway-system"
"""How the Envoys call themselves in traces."""
FASTER = 15
"""How much faster than a cluster Envoy stops."""

ARGS = args_for(
    tenants=[tenant("research", models=[MODEL], requests_per_minute=1000, tokens_per_minute=10**6)]
)
KEYS = {"research.1": KEY}


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with collector(tmp_path_factory.mktemp("traces")) as made:
        yield made


@pytest.fixture(scope="module")
def path(traces: Collector, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholePath]:
    with whole_path(tmp_path_factory.mktemp("path"), ARGS, KEYS, traces=traces.port) as made:
        yield made


def test_the_official_client_streams_and_sees_its_own_errors(path: WholePath) -> None:
    streamed, wrong_key, wrong_model, too_long = by_client(
        path.gate.port,
        ARGS.host_name,
        [
            request("hello", KEY, tokens=50),
            request("hello", "sk-wrong"),
            request("hello", KEY, model="gpt-x"),
            request("x" * 8 * ARGS.models[0].context_tokens, KEY),
        ],
    )
    assert streamed["text"].split() == [f"w{place}" for place in range(50)]
    assert streamed["tokens"] == 50 + len("<user>hello") // 4 + 1
    assert (wrong_key["error"], wrong_key["status"]) == ("AuthenticationError", 401)
    assert (wrong_model["error"], wrong_model["status"]) == ("NotFoundError", 404)
    assert (too_long["error"], too_long["status"]) == ("APIStatusError", 413), (
        "the client has no class for 413"
    )


def test_an_answer_does_not_name_its_engine(path: WholePath) -> None:
    addresses = [engine.address for engine in path.fleet.engines.values()]
    direct = send_for_headers(path)
    assert any(address in direct for address in addresses), "the router names it"
    answer = path.gate.ask(KEY)
    assert answer.status == 200
    shown = f"{answer.headers} {answer.body!r}"
    assert not [address for address in addresses if address in shown]


def send_for_headers(path: WholePath) -> str:
    """The headers of an answer of the router itself."""
    connection = HTTPConnection("127.0.0.1", path.router.port, timeout=30)
    with contextlib.closing(connection):
        body = json.dumps(chat("hello"))
        connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
        return str(connection.getresponse().getheaders())


def shown_by(path: WholePath) -> dict[str, str]:
    """Everything that each part logs and measures."""
    limiter = path.limiter
    assert limiter is not None
    files = {
        "Envoy's access log": path.gate.folder / "access.log",
        "Envoy's log": path.gate.folder / "envoy.log",
        "the processor's log": path.gate.folder / processor.LOG,
        "the router's log": path.router.log,
        "the limits' log": limiter.folder / "service.log",
        "Redis' log": limiter.folder / "redis.log",
        **{f"the log of {name}": path.folder / f"{name}.log" for name in path.fleet.engines},
    }
    pages = {
        "the router's metrics": f"http://127.0.0.1:{path.router.metrics_port}/metrics",
        "the limits' metrics": f"http://127.0.0.1:{limiter.metrics_port}/metrics",
        **{f"the metrics of {name}": f"{engine.url}/metrics" for name, engine in path.fleet.engines.items()},
    }
    return {
        "Envoy's metrics": path.gate.metrics(),
        "Redis' keys": limiter.ask("keys", "*"),
        **{name: file.read_text() for name, file in files.items()},
        **{name: get(url)[1].decode() for name, url in pages.items()},
    }


def test_neither_prompts_nor_keys_are_in_a_log_a_metric_or_a_trace_of_any_part(
    path: WholePath, traces: Collector
) -> None:
    assert path.limiter is not None
    kinds = [(KEY, MODEL, 200)] * 6 + [(f"{KEY}-wrong", MODEL, 401), (KEY, f"{PROMPT}-model", 404)]
    sent = {f"{turn:032x}": each for turn, each in enumerate(kinds, 1)}
    passed = {trace for trace, (_, _, status) in sent.items() if status == 200}
    with path.limiter.monitored() as commands:
        for trace, (key, name, status) in sent.items():
            parent = {"traceparent": f"00-{trace}-{1:016x}-01"}
            # The processor rewrites the path of what passes, so refused requests need the query too.
            answer = path.gate.ask(key, PROMPT, path=f"{CHAT}?{QUERY}", headers=parent, model=name)
            assert answer.status == status
        wait_for(lambda: '"response_code":404' in (path.gate.folder / "access.log").read_text())
        # Both send their spans in batches.
        wait_for(lambda: passed <= traces_of(traces, "smg", "http_request"))
        wait_for(lambda: sent.keys() <= traces_of(traces, GATEWAY, "ingress"))
        shown = {
            **shown_by(path),
            "Redis' commands": commands.read_text(),
            "the traces": traces.shown(),
        }
    assert "tenant-research" in shown["Redis' commands"]
    assert CHAT in shown["Envoy's access log"]
    assert sum("POST /v1/chat/completions" in text for name, text in shown.items() if "engine" in name)
    for name, text in shown.items():
        assert text.strip(), f"{name} is empty"
        assert PROMPT not in text, name
        assert KEY not in text, name
    assert CHAT in shown["the traces"]
    for name in ("the traces", "Envoy's access log"):
        assert QUERY not in shown[name], "Envoy's own form has it"


def traces_of(found: Collector, service: str, name: str) -> set[str]:
    """The traces with such a span."""
    return {each.trace for each in found.spans() if (each.service, each.name) == (service, name)}


@pytest.mark.parametrize("part", ["Envoy", "router", "engine"])
def test_a_stream_ends_whole_when_a_part_is_asked_to_stop(part: str, tmp_path: Path) -> None:
    with whole_path(tmp_path, ARGS, KEYS, engines=1, counted=False, faster=FASTER, token_ms=50) as path:
        found: list[Outcome] = []
        engine = path.fleet.engines["engine-0"]
        stream = threading.Thread(
            target=lambda: found.append(
                one(path.gate.port, "long", stream=True, tokens=70, headers=path.gate.headers(KEY))
            )
        )
        stream.start()
        wait_for(lambda: engine.seen()["running"] == 1)
        if part == "Envoy":
            # It counts on its own clock, which a busy machine holds up for longer than the least drain lasts here.
            wait_for(lambda: path.gate.connections() > 0)
            path.gate.stop()
            assert path.gate.process.returncode == 0
        else:
            process = path.router.process if part == "router" else engine.process
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        stream.join()
    assert [each.whole for each in found] == [True]
