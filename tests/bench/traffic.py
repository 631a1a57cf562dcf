"""The real router before fake engines: prefix hits, what it adds to a request, and what is lost in faults.

All figures are ratios or differences of one run on one machine. The engines are programs of the tests, so no figure
says how fast a GPU is.
"""

import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import alerts, traffic_path
from tests.bench.figure import Figure
from tests.bench.rounds import FIXED_MS, added, one_round
from tests.traffic.canary import share
from tests.traffic.parts.fleet import Fleet, RouterProcess, fleet, stable, wait_for
from tests.traffic.parts.load import Load, load
from tests.traffic.parts.rollout import ENGINE, start_engine, stop_engine
from tests.traffic.prefix_hits import ENGINES, compare

CONVERSATIONS, TURNS = 200, 5
ROLLOUT_REQUESTS = 5000
HUNG_REQUESTS = 1000
CANARY_REQUESTS = 10_000
CLIENTS, PAUSE = 4, 0.05
"""Clients of each kind in the rollout, and seconds between two requests of one."""


def figures() -> list[Figure]:
    """All figures of the router, of the whole path, and of the alerts."""
    return [
        *prefix_hits(),
        *overhead(),
        *hung(),
        *rollout(),
        *canary(),
        *traffic_path.figures(),
        *alerts.figures(),
    ]


@contextmanager
def _routed(engines: int, **options: Any) -> Iterator[tuple[Fleet, RouterProcess]]:
    with tempfile.TemporaryDirectory() as folder, fleet(Path(folder)) as made, made.router("smg") as router:
        for place in range(engines):
            made.engine(f"engine-{place}", stable(), **options)
        wait_for(lambda: router.workers() == engines)
        yield made, router


def prefix_hits() -> Iterator[Figure]:
    """Hits of the conversations' tokens in the engines' caches."""
    with tempfile.TemporaryDirectory() as folder:
        found = compare(Path(folder), CONVERSATIONS, TURNS)
    size = f"{CONVERSATIONS} conversations of {TURNS} turns, {ENGINES} engines"
    least = f"{size}; router {found.router.share:.0%}, round robin {found.in_turns.share:.0%} of tokens"
    yield Figure(
        "prefix hits: round robin's share of the router's", 1 / found.of_round_robin, "x", least, 1 / 1.5
    )
    missed = 100 * (1 - found.of_oracle)
    yield Figure("prefix hits: what the router misses of an oracle's", missed, "%", size, 15)


def overhead() -> Iterator[Figure]:
    """What the router adds to a request, in rounds that take turns with requests straight to an engine."""
    with _routed(1, first_ms=FIXED_MS, token_ms=0) as (made, router):
        engine = made.engines["engine-0"]
        yield from added(
            "router",
            lambda: one_round(engine.port, engine.address),
            lambda: one_round(router.port),
            3,
        )


def hung() -> Iterator[Figure]:
    """An engine of three hangs: the p50 of the others' requests, and how many of them are slow."""
    with _routed(3, first_ms=10) as (made, router):
        with load(router.port, seconds=15) as healthy:
            wait_for(healthy.more(HUNG_REQUESTS), 300)
        made.engines["engine-2"].signal(signal.SIGSTOP)
        with load(router.port, seconds=15) as first:
            time.sleep(10)
        with load(router.port, seconds=15) as later:
            wait_for(later.more(HUNG_REQUESTS), 300)
    caught = len(first.lost)
    ratio = _p50(later) / _p50(healthy)
    yield Figure(
        "engine hung: p50 after 10 s", ratio, "x", f"healthy; {caught} of the first 10 s failed", 1.2
    )
    slow = sum(each.milliseconds > 1000 or not each.whole for each in later.outcomes)
    share = 1000 * slow / len(later.outcomes)
    yield Figure("engine hung: slow or lost after 10 s", share, "of 1,000", "1 s", 1)


def _p50(found: Load) -> float:
    return statistics.median(each.milliseconds for each in found.outcomes if each.whole)


def canary() -> Iterator[Figure]:
    """What a candidate gets of the requests, beside its weight."""
    for weight in (25, 50, 75):
        with tempfile.TemporaryDirectory() as folder:
            found, lost = share(Path(folder), weight, CANARY_REQUESTS)
        said = f"{found:.2f} % of {CANARY_REQUESTS:,} requests, {lost} failed"
        yield Figure(f"candidate at {weight} %: off its weight", abs(found - weight), "points", said, 2)


def rollout() -> Iterator[Figure]:
    """Every engine is replaced under load, with the times of prod's pods, which are not scaled."""
    with _routed(0) as (made, router):
        for place in range(2):
            start_engine(made, f"engine-{place}", faster=1, token_ms=2)
        wait_for(lambda: router.workers() == 2)
        with (
            load(router.port, clients=CLIENTS, pause=PAUSE) as plain,
            load(router.port, clients=CLIENTS, pause=PAUSE, stream=True) as streams,
        ):
            for place in range(2):
                start_engine(made, f"new-{place}", faster=1, token_ms=2)
                wait_for(lambda: router.workers() == 3)
                stop_engine(made, f"engine-{place}", faster=1)
                wait_for(lambda: router.workers() == 2)
            wait_for(lambda: len(plain.outcomes) >= ROLLOUT_REQUESTS, 600)
    times = f"preStop {ENGINE.wait} s, grace {ENGINE.grace} s"
    for name, found in (("requests", plain), ("streams", streams)):
        compared = f"of {len(found.outcomes):,}; {times}, not scaled"
        yield Figure(f"rollout of engines: {name} lost", len(found.lost), name, compared, 0)
