"""Limits of tenants, counted by the real rate limit service in a real Redis, and seen by the official client."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.serving.gateway.args import tenant
from tests.traffic.parts.engine import tokens_of
from tests.traffic.parts.fleet import MODEL, chat, wait_for
from tests.traffic.parts.official import by_client, request
from tests.traffic.parts.path import Gate, WholePath, args_for, whole_path
from tests.traffic.parts.times import in_one_minute

pytestmark = [pytest.mark.prove, pytest.mark.gateway, pytest.mark.rate_limit]

KEYS = {
    "research.1": "sk-marker-key-old", "research.2": "sk-marker-key-new", "batch.1": "sk-marker-key-batch",
    "crowd.1": "sk-marker-key-crowd", "writers.1": "sk-marker-key-writers",
    "streamers.1": "sk-marker-key-streamers", "bursts.1": "sk-marker-key-bursts",
}  # fmt: skip
QUOTA, CROWD, TOKENS = 6, 40, 300
PROMPT = "marker-of-a-prompt"
ANSWER = 50
"""Tokens of an answer."""

TENANTS = [
    tenant("research", models=[MODEL], keys=["old", "new"], requests_per_minute=QUOTA),
    tenant("batch", models=[MODEL], requests_per_minute=10_000, tokens_per_minute=10_000_000),
    tenant("crowd", models=[MODEL], requests_per_minute=CROWD),
    *(tenant(name, models=[MODEL], tokens_per_minute=TOKENS) for name in ("writers", "streamers", "bursts")),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholePath]:
    with whole_path(tmp_path_factory.mktemp("path"), args_for(tenants=TENANTS), KEYS) as made:
        yield made


def all_at_once(gate: Gate, key: str, count: int, **more: Any) -> list[int]:
    """The statuses of requests from 50 clients."""
    with ThreadPoolExecutor(50) as clients:
        return [*clients.map(lambda turn: gate.ask(key, f"{turn}", **more).status, range(count))]


def seen_by_client(gate: Gate, *keys: str) -> list[dict[str, Any]]:
    """What the official client sees of requests with these keys."""
    return by_client(gate.port, gate.args.host_name, [request(PROMPT, key) for key in keys])


def await_count(path: WholePath, tenant: str, tokens: int) -> None:
    """Wait until that many tokens are counted: the service does so after the client has the answer."""
    limits = path.limiter
    assert limits is not None
    minute = time.time() // 60
    wait_for(lambda: limits.counted(tenant) >= tokens or time.time() // 60 > minute)


def test_both_keys_of_a_tenant_are_counted_together_and_the_client_sees_its_own_error(
    path: WholePath,
) -> None:
    keys = [KEYS["research.1"], KEYS["research.2"]] * (QUOTA // 2 + 1)
    said = in_one_minute(25, lambda: seen_by_client(path.gate, *keys))
    assert [each.get("text") for each in said[:QUOTA]] == ["w0 w1 w2 w3 w4 "] * QUOTA
    refused = said[QUOTA:]
    assert [(each["error"], each["status"]) for each in refused] == [("RateLimitError", 429)] * 2
    for each in refused:
        headers = each["headers"]
        assert 0 < int(headers["retry-after"]) <= 60
        assert headers["retry-after"] == headers["x-ratelimit-reset"]
        assert headers["x-ratelimit-limit"].startswith(f"{QUOTA}, {QUOTA};w=60")
    assert seen_by_client(path.gate, KEYS["batch.1"])[0]["tokens"], "another tenant is not limited"


def test_no_more_requests_pass_than_the_limit_and_the_other_tenant_gets_no_429(path: WholePath) -> None:
    def both() -> tuple[list[int], list[int]]:
        with ThreadPoolExecutor(2) as clients:
            of_other = clients.submit(all_at_once, path.gate, KEYS["batch.1"], 60)
            return all_at_once(path.gate, KEYS["crowd.1"], 3 * CROWD), of_other.result()

    statuses, other = in_one_minute(15, both)
    assert set(other) == {200}
    assert CROWD <= statuses.count(200) <= 1.05 * CROWD
    assert {*statuses} == {200, 429}


@pytest.mark.parametrize("stream", [True, False])
def test_tokens_are_counted_at_the_end_of_an_answer(path: WholePath, stream: bool) -> None:
    tenant = "streamers" if stream else "writers"
    each = len(tokens_of(chat("t"))) + ANSWER

    def until_refused() -> int:
        used = 0
        while path.gate.ask(KEYS[f"{tenant}.1"], "t", max_tokens=ANSWER, stream=stream).status == 200:
            used += each
            await_count(path, tenant, used)
        return used

    used = in_one_minute(15, until_refused)
    assert TOKENS < used <= TOKENS + each, "a request passes while a token is left, and no other"


def test_running_answers_exceed_the_limit_by_no_more_than_their_own_tokens(path: WholePath) -> None:
    each = len(tokens_of(chat("49"))) + ANSWER

    def twice() -> tuple[list[int], list[int]]:
        first = all_at_once(path.gate, KEYS["bursts.1"], 50, max_tokens=ANSWER)
        await_count(path, "bursts", first.count(200) * each)
        return first, all_at_once(path.gate, KEYS["bursts.1"], 150, max_tokens=ANSWER)

    running, later = in_one_minute(15, twice)
    assert running.count(200) * each > TOKENS
    assert {*running} <= {200, 429}
    assert {*later} == {429}, "the answers that ran have used up the limit"


def test_the_login_of_the_service_has_the_rights_that_it_needs_and_no_more(path: WholePath) -> None:
    assert path.limiter is not None
    path.gate.ask(KEYS["batch.1"])
    keys = path.limiter.ask("keys", "*")
    assert "tenant-batch/rule/0" in keys
    for command in (("config", "get", "*"), ("flushall",), ("monitor",)):
        assert "NOPERM" in path.limiter.ask(*command, user="app")
