"""The calendar minute, in which the rate limit service counts."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

TRIES = 4


def within_a_minute(seconds: float) -> None:
    """Wait if the minute ends before that many seconds."""
    left = 60 - time.time() % 60
    if left < seconds:
        time.sleep(left + 0.2)


def in_one_minute(seconds: float, act: Callable[[], Found]) -> Found:
    """What `act` returns. It begins when the minute has that many seconds left. If the minute ends before it does, it
    begins again with the next one, in which nothing is counted yet."""
    for _ in range(TRIES):
        within_a_minute(seconds)
        minute = time.time() // 60
        found = act()
        if time.time() // 60 == minute:
            return found
        time.sleep(60.2 - time.time() % 60)
    raise AssertionError(f"{TRIES} times it took longer than a minute had left")
