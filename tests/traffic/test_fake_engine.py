"""The fake engine behaves as vLLM does where traffic depends on it."""

import asyncio
import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from facts.scraped_metrics import ENGINE, parse_metrics
from tests.traffic.parts.engine import Choices, Engine, answered, metrics
from tests.traffic.parts.fleet import MODEL, Fleet, chat, fleet, get, send, wait_for
from tests.traffic.parts.histogram import Histogram
from tests.traffic.parts.load import Outcome, one, words_of
from tests.traffic.parts.prefix_cache import PrefixCache


def test_its_metrics_have_names_and_kinds_of_the_wheel() -> None:
    lines = metrics(Engine(Choices(), PrefixCache(1))).splitlines()
    kinds = dict(line.removeprefix("# TYPE ").split() for line in lines if line.startswith("# TYPE "))
    assert kinds
    wheel = {each.name: each.kind for each in parse_metrics(ENGINE.read_text(encoding="utf-8"), "vllm")}
    assert kinds.items() <= wheel.items()
    used = {line.partition("{")[0] for line in lines if not line.startswith("#")}
    assert {re.sub("_(bucket|count|sum)$", "", name) for name in used} == kinds.keys()


def test_its_histogram_counts_a_value_in_every_bucket_above_it() -> None:
    name = "vllm:time_to_first_token_seconds"
    found = Histogram(name)
    for seconds in (0.001, 0.5, 1.5, 1e6):
        found.observe(seconds)
    lines = [*found.lines("a='b'")]
    for edge, count in (("0.001", 1), ("0.25", 1), ("0.5", 2), ("1.0", 2), ("2.5", 3), ("+Inf", 4)):
        assert f"{name}_bucket{{a='b',le=\"{edge}\"}} {count}.0" in lines


def test_its_cache_is_in_use_only_while_a_request_runs() -> None:
    engine = Engine(Choices(first_ms=0, token_ms=0), PrefixCache(40))

    async def ask() -> float:
        running = answered(engine, list(range(160)), 2)
        await anext(running)
        used = cache_use(engine)
        _ = [word async for word in running]
        return used

    assert asyncio.run(ask()) == 0.25, "ten blocks of forty"
    assert engine.cache.hits(list(range(160))) == 160
    assert cache_use(engine) == 0, "known prefixes are free blocks"


def cache_use(engine: Engine) -> float:
    found = re.search(r"^vllm:kv_cache_usage_perc\{.*\} (.*)$", metrics(engine), re.MULTILINE)
    assert found
    return float(found[1])


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Fleet]:
    with fleet(tmp_path) as found:
        yield found


@pytest.mark.prove
def test_it_streams_every_token_and_counts_them(made: Fleet) -> None:
    engine = made.engine("one")
    status, said = send(f"{engine.url}/v1/chat/completions", chat("hello " * 40, stream=True, max_tokens=9))
    assert (status, words_of(said)) == (200, [f"w{place}" for place in range(9)])
    send(f"{engine.url}/v1/chat/completions", chat("hello " * 40))
    _, shown = get(f"{engine.url}/metrics")
    assert f'vllm:generation_tokens_total{{engine="0",model_name="{MODEL}"}} 13.0' in shown.decode()
    assert engine.seen()["hit"] > 0, "the second prompt is in the cache"


@pytest.mark.prove
def test_its_health_stays_good_while_it_drains_and_late_requests_are_aborted(made: Fleet) -> None:
    engine = made.engine("one", token_ms=100)
    found: list[Outcome] = []
    running = threading.Thread(
        target=lambda: found.append(one(engine.port, "long", stream=True, tokens=40, address=engine.address))
    )
    running.start()
    wait_for(lambda: engine.seen()["running"] == 1)
    engine.signal(signal.SIGTERM)
    wait_for(lambda: b'"abort"' in send(f"{engine.url}/v1/chat/completions", chat("late"))[1])
    assert get(f"{engine.url}/health")[0] == 200
    running.join()
    assert [each.whole for each in found] == [True]
    assert engine.process.wait(20) == 0


@pytest.mark.prove
def test_an_unknown_model_and_a_long_prompt_are_refused(made: Fleet) -> None:
    engine = made.engine("one", context=100)
    url = f"{engine.url}/v1/chat/completions"
    assert send(url, chat("a", model="other"))[0] == 404
    assert send(url, chat("word " * 200))[0] == 400
