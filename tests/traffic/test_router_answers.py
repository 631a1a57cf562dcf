"""The real routers, with the command line of the component, before fake engines: whom they ask, and what they pass on.

What `vllm-router` does worse than `smg` is asserted too, so that a newer version that does better is noticed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from serving.gateway.gateway_rules import TENANT_HEADER
from serving.routing.model_router import WORKER_INDEX_LABEL
from serving.routing.target import TRACK_LABEL
from tests.traffic.parts.fleet import EngineProcess, RouterProcess, chat, fleet, get, send, stable, wait_for
from tests.traffic.parts.load import words_of

pytestmark = pytest.mark.prove

FIRST = {WORKER_INDEX_LABEL: "0"}
KEY = "sk-marker-of-a-key"


@dataclass
class Scene:
    """A router, two engines that it may ask, and one that it may not."""

    router: RouterProcess
    engines: list[EngineProcess]
    outsider: EngineProcess

    def reached(self, path: str) -> bool:
        """Whether a path was called on any engine."""
        return any(each["path"] == path for engine in self.engines for each in engine.seen()["seen"])


@pytest.fixture(scope="module", params=["smg", "vllm-router"])
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with fleet(tmp_path_factory.mktemp("routers")) as made:
        outsider = made.engine("outsider")
        wrong = {
            "of-another-model": ({**stable("other"), **FIRST}, "serving"),
            "candidate": ({**stable(), **FIRST, TRACK_LABEL: "candidate"}, "serving"),
            "worker": ({**stable(), WORKER_INDEX_LABEL: "1"}, "serving"),
            "elsewhere": ({**stable(), **FIRST}, "research"),
        }
        for name, (labels, namespace) in wrong.items():
            made.pods.add(name, outsider.address, labels, namespace)
        engines = [made.engine(name, {**stable(), **FIRST}) for name in ("one", "two")]
        with made.router(request.param, spans_nodes=True, options={"policy": "round_robin"}) as router:
            wait_for(router.ready)
            wait_for(lambda: _all_asked(router, engines))
            yield Scene(router, engines, outsider)


def _all_asked(router: RouterProcess, engines: list[EngineProcess]) -> bool:
    router.ask("who is there")
    return all(engine.requests() for engine in engines)


def test_only_engines_of_its_model_and_track_in_its_namespace_are_asked(scene: Scene) -> None:
    assert all(engine.requests() for engine in scene.engines)
    assert scene.outsider.seen()["seen"] == []


def test_a_stream_arrives_whole(scene: Scene) -> None:
    status, said = scene.router.ask("tell me", stream=True, max_tokens=50)
    assert status == 200
    assert words_of(said) == [f"w{place}" for place in range(50)]
    assert said.endswith(b"data: [DONE]\n\n")


def test_an_unknown_model_is_not_found(scene: Scene) -> None:
    before = sum(engine.requests() for engine in scene.engines)
    status, _ = scene.router.ask("hello", model="gpt-x")
    assert status == 404
    reached = sum(engine.requests() for engine in scene.engines) - before
    assert reached == (scene.router.implementation == "vllm-router"), "vllm-router asks an engine"


@pytest.mark.parametrize("path", ["/pause", "/update_weights", "/tokenize", "/abort_requests"])
def test_other_paths_reach_no_engine_of_smg_and_every_engine_of_vllm_router(scene: Scene, path: str) -> None:
    status, _ = send(f"{scene.router.url}{path}", {})
    passes = scene.router.implementation == "vllm-router"
    assert (status == 200, scene.reached(path)) == (passes, passes)


def test_neither_router_asks_for_a_key_before_it_shows_its_engines(scene: Scene) -> None:
    status, said = get(f"{scene.router.url}/workers")
    assert status == 200
    assert scene.engines[0].address in said.decode(), "so the gateway's list of paths must stand before it"


def test_prompts_and_keys_are_in_no_log_and_no_metric(scene: Scene) -> None:
    url = f"{scene.router.url}/v1/chat/completions"
    assert send(url, chat("a marker of a prompt"), key=KEY)[0] == 200
    _, metrics = get(f"http://127.0.0.1:{scene.router.metrics_port}/metrics")
    assert b"router" in metrics
    for text in (metrics.decode(), scene.router.log.read_text()):
        assert "a marker of a prompt" not in text
        assert KEY not in text


def test_only_vllm_router_tells_engines_the_tenant(scene: Scene) -> None:
    url, tenant = f"{scene.router.url}/v1/chat/completions", {TENANT_HEADER: "a-tenant"}
    assert send(url, chat("who asks"), more=tenant)[0] == 200
    told = [each["headers"].get(TENANT_HEADER) for engine in scene.engines for each in engine.seen()["seen"]]
    assert ("a-tenant" in told) == (scene.router.implementation == "vllm-router")


def test_the_component_finds_the_metrics_and_the_probes(scene: Scene) -> None:
    for path in ("/liveness", "/readiness"):
        assert get(f"{scene.router.url}{path}")[0] == 200


def test_a_router_without_engines_is_alive_and_not_ready(scene: Scene, tmp_path: Path) -> None:
    with fleet(tmp_path) as empty, empty.router(scene.router.implementation) as router:
        assert get(f"{router.url}/liveness")[0] == 200
        assert not router.ready()
