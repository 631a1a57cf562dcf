"""Rounds of requests at a fixed rate, which take turns with rounds straight to an engine."""

import math
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping

from tests.bench.figure import Figure
from tests.traffic.parts.load import Outcome, one

ROUNDS, ROUND_REQUESTS, PER_SECOND = 6, 60, 20
FIXED_MS = 50
"""Time of an engine for each request."""


def added(
    name: str, direct: Callable[[], list[float]], through: Callable[[], list[float]], bound: float
) -> Iterator[Figure]:
    """What a part adds to a request: the median of the rounds' differences of p50, and of p99 beside an A/A spread."""
    rounds = [(direct(), through(), direct()) for _ in range(ROUNDS)]
    halves = [statistics.median(other) - statistics.median(own) for own, other, _ in rounds]
    again = [abs(statistics.median(other) - statistics.median(own)) for own, _, other in rounds]
    compared = f"{ROUNDS} rounds at {PER_SECOND}/s, engine {FIXED_MS} ms; direct against direct: "
    compared += f"{statistics.median(again):.1f} ms"
    yield Figure(f"{name}: added to p50", statistics.median(halves), "ms", compared, bound)
    tails = [_p99(other) - _p99(own) for own, other, _ in rounds]
    spread = [abs(_p99(other) - _p99(own)) for own, _, other in rounds]
    said = f"direct against direct: {statistics.median(spread):.1f} ms"
    yield Figure(f"{name}: added to p99", statistics.median(tails), "ms", said)


def one_round(port: int, address: str = "127.0.0.1", headers: Mapping[str, str] | None = None) -> list[float]:
    """Requests at a fixed rate. Returns their milliseconds."""
    found: list[Outcome] = []
    threads: list[threading.Thread] = []
    for number in range(ROUND_REQUESTS):
        text = f"{number} {time.monotonic()} " * 10
        thread = threading.Thread(
            target=lambda text=text: found.append(one(port, text, address=address, headers=headers))
        )
        thread.start()
        threads.append(thread)
        time.sleep(1 / PER_SECOND)
    for thread in threads:
        thread.join()
    assert all(each.whole for each in found)
    return [each.milliseconds for each in found]


def _p99(values: list[float]) -> float:
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]
