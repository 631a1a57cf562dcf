"""The whole path before fake engines: what it adds, bodies, keys, limits, a cache that dies, streams while it stops.

In place of AI Gateway's processor is the one of tools/processor, behind the same filters and as a process of its own.
"""

import signal
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.figure import Figure
from tests.bench.rounds import FIXED_MS, PER_SECOND, ROUNDS, added, one_round
from tests.serving.gateway.args import tenant
from tests.traffic.parts.engine import tokens_of
from tests.traffic.parts.fleet import MODEL, chat, wait_for
from tests.traffic.parts.limits import Counting
from tests.traffic.parts.limits_lost import FASTER, asking, firing, scraped
from tests.traffic.parts.load import one
from tests.traffic.parts.path import Gate, WholePath, args_for, gate, whole_path
from tests.traffic.parts.sink import LIMIT, REFUSED, sink
from tests.traffic.parts.times import within_a_minute
from tools.system_tools import PROMTOOL, find

CLIENTS = 50
QUOTA, TOKEN_QUOTA, ANSWER = 200, 5000, 50
STREAM_SECONDS = 70
"""Longer than Envoy's default time to drain, 60 s."""

KEYS = {f"{name}.1": f"sk-{name}" for name in ("above", "below", "crowd", "writers")}
TENANTS = [
    tenant("above", models=[MODEL], requests_per_minute=60),
    tenant("below", models=[MODEL], requests_per_minute=100_000, tokens_per_minute=10**9),
    tenant("crowd", models=[MODEL], requests_per_minute=QUOTA),
    tenant("writers", models=[MODEL], tokens_per_minute=TOKEN_QUOTA),
]


def figures() -> list[Figure]:
    """All figures of the path."""
    return [*overhead(), *bodies(), *refused(), *limits(), *lost_cache(), *stops()]


@contextmanager
def _path(**options: Any) -> Iterator[WholePath]:
    with (
        tempfile.TemporaryDirectory() as folder,
        whole_path(Path(folder), args_for(tenants=TENANTS), KEYS, **options) as made,
    ):
        yield made


def overhead() -> Iterator[Figure]:
    """What Envoy, its script, the processor, the rate limit service and the router add to a request."""
    with _path(engines=1, first_ms=FIXED_MS, token_ms=0) as path:
        engine, headers = path.fleet.engines["engine-0"], path.gate.headers(KEYS["below.1"])
        yield from added(
            "Envoy, processor, limits and router",
            lambda: one_round(engine.port, engine.address),
            lambda: one_round(path.gate.port, headers=headers),
            8,
        )


def bodies() -> Iterator[Figure]:
    """The largest context passes, and so does one byte above Envoy Gateway's default. One byte more does not."""
    with tempfile.TemporaryDirectory() as folder, sink(Path(folder)) as gateway:
        wanted = {32 * 1024 + 1: 200, LIMIT: 200, LIMIT + 1: 413}
        wrong = sum(gateway.ask(size=size)[0] != status for size, status in wanted.items())
        arrived = [len(body) for _, _, body in gateway.arrived]
    compared = f"32 KiB + 1 and {LIMIT:,} bytes pass, {LIMIT + 1:,} get 413"
    yield Figure("bodies: wrong answers", wrong + (arrived != [32 * 1024 + 1, LIMIT]), "of 3", compared, 0)


def refused() -> Iterator[Figure]:
    """The key matrix: what refused requests bring to an engine."""
    with tempfile.TemporaryDirectory() as folder, sink(Path(folder)) as gateway:
        assert gateway.ask()[0] == 200
        before = gateway.received
        assert before
        wrong = sum(gateway.ask(**request)[0] != status for request, status in REFUSED.values())
        reached = gateway.received - before
    kinds = f"{len(REFUSED)} kinds of keys, tenants, models, paths and sizes"
    yield Figure("refused requests: bytes at an engine", reached, "bytes", kinds, 0)
    yield Figure("refused requests: another status than expected", wrong, "requests", kinds, 0)


def limits() -> Iterator[Figure]:
    """A tenant above its quota: how much too much passes, and what another tenant notices."""
    with _path(first_ms=FIXED_MS, token_ms=0) as path:
        yield from _neighbour(path)
        within_a_minute(25)
        passed = _statuses(path, "crowd.1", 4 * QUOTA, max_tokens=4).count(200)
        least = f"{4 * QUOTA} requests from {CLIENTS} clients, limit {QUOTA} a minute"
        yield Figure("limits: requests over-admitted", 100 * (passed - QUOTA) / QUOTA, "%", least, 5)
        within_a_minute(25)
        longest = len(tokens_of(chat("199"))) + ANSWER
        # Each prompt with its own length: the shorter numbers are a token shorter than the longest.
        used = sum(
            len(tokens_of(chat(f"{turn}"))) + ANSWER
            for turn, status in enumerate(_statuses(path, "writers.1", 6 * CLIENTS, max_tokens=ANSWER))
            if status == 200
        )
        share = max(0, used - TOKEN_QUOTA) / (CLIENTS * longest)
        compared = f"{CLIENTS} clients x {longest} tokens; limit {TOKEN_QUOTA:,} a minute, used {used:,}"
        yield Figure("limits: tokens over-admitted", share, "x", compared, 1)


def _statuses(path: WholePath, client: str, count: int, **more: Any) -> list[int]:
    with ThreadPoolExecutor(CLIENTS) as clients:
        ask: Callable[[int], int] = lambda turn: path.gate.ask(KEYS[client], f"{turn}", **more).status  # noqa: E731
        return [*clients.map(ask, range(count))]


def _neighbour(path: WholePath) -> Iterator[Figure]:
    """The other tenant floods the same Envoy, or another one: this machine and its clients have the same work."""
    assert path.limiter is not None
    statuses = set[int]()

    def beside(flooded: Gate) -> float:
        stop, above = threading.Event(), flooded.headers(KEYS["above.1"])

        def flood() -> None:
            while not stop.wait(1 / (2 * PER_SECOND)):
                statuses.add(one(flooded.port, "again", headers=above).status)

        thread = threading.Thread(target=flood)
        thread.start()
        own = one_round(path.gate.port, headers=path.gate.headers(KEYS["below.1"]))
        stop.set()
        thread.join()
        return statistics.median(own)

    counting = Counting(port=path.limiter.port)
    with gate(path.folder / "other", path.gate.args, KEYS, path.router.port, counting) as other:
        rounds = [(beside(other), beside(path.gate), beside(other)) for _ in range(ROUNDS)]
    assert 429 in statuses
    spread = max(abs(again - alone) for alone, _, again in rounds)
    noticed = statistics.median(same - (alone + again) / 2 for alone, same, again in rounds)
    compared = (
        f"{ROUNDS} rounds at {PER_SECOND}/s, the other tenant {2 * PER_SECOND}/s here or at another Envoy; "
    )
    compared += "bound: the A/A spread"
    yield Figure("limits: added to another tenant's p50", noticed, "ms", compared, round(spread, 2))


def lost_cache() -> Iterator[Figure]:
    """Redis is killed: until when the chosen fail mode is in force, and when the alert fires."""
    with _path(engines=1) as path, tempfile.TemporaryDirectory() as name:
        assert path.limiter is not None
        folder, key = Path(name), KEYS["below.1"]
        counting = Counting(port=path.limiter.port, fail_closed=True)
        with (
            gate(folder / "closed", path.gate.args, KEYS, path.router.port, counting) as closed,
            scraped(path.gate) as values,
            asking(path.gate, key) as opened,
            asking(closed, key) as shut,
        ):
            wait_for(lambda: len(values) >= 2)
            before = len(values)
            path.limiter.redis.kill()
            killed = time.monotonic()
            time.sleep(12)
        for mode, asked, status in (("open", opened, 200), ("closed", shut, 500)):
            late = max(asked.since(killed, status), asked.after(killed).longest)
            yield Figure(f"cache killed: until fail-{mode} is in force", late, "s", "every answer counts", 1)
        yield from _alert(folder, values, before)


def _alert(folder: Path, values: list[float], before: int) -> Iterator[Figure]:
    program = find(PROMTOOL)
    assert program is not None, "the command installs it first"
    second = firing(program, folder, values)
    waited = FASTER * (second - before + 1) if second >= 0 else float("inf")
    yield Figure(
        "cache killed: until the alert fires", waited, "s", f"rule with 60 s; {FASTER} times faster", 150
    )


def stops() -> Iterator[Figure]:
    """A stream of more than a minute, while Envoy, the router or the engine is asked to stop. Not scaled."""
    with ThreadPoolExecutor(3) as parts:
        lost = sum(not whole for whole in parts.map(_whole_beside_a_stop, ("Envoy", "router", "engine")))
    compared = f"{STREAM_SECONDS} s each, while Envoy, the router and the engine are asked to stop"
    yield Figure("stops: streams that did not end in [DONE]", lost, "of 3", compared, 0)


def _whole_beside_a_stop(part: str) -> bool:
    with (
        _path(engines=1, counted=False, token_ms=1000, shutdown_timeout=120) as path,
        ThreadPoolExecutor(1) as client,
    ):
        engine = path.fleet.engines["engine-0"]
        headers = path.gate.headers(KEYS["below.1"])
        stream = client.submit(
            one, path.gate.port, "long", stream=True, seconds=300, tokens=STREAM_SECONDS, headers=headers
        )
        wait_for(lambda: engine.seen()["running"] == 1)
        if part == "Envoy":
            path.gate.stop()
        else:
            process = path.router.process if part == "router" else engine.process
            process.send_signal(signal.SIGTERM)
        return stream.result().whole
