"""The calendar minute, in which the rate limit service counts."""

import time


def within_a_minute(seconds: float) -> None:
    """Wait if the minute ends before that many seconds."""
    left = 60 - time.time() % 60
    if left < seconds:
        time.sleep(left + 0.2)
