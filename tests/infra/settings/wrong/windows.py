"""Wrong windows in which alarms are mute: the mistake, changes to a valid configuration, path and message."""

from typing import Any

from tests.infra.settings.examples import Change
from tests.infra.settings.wrong.case import Wrong

WINDOW: dict[str, Any] = {"starts": "2026-12-01T00:00:00Z", "ends": "2027-01-01T00:00:00Z"}
MUTE = "observability.suppressions.night"


def mute(**changes: object) -> list[Change]:
    """A window with changes."""
    return [(MUTE, {**WINDOW, **changes})]


WINDOWS: list[Wrong] = [
    Wrong(
        "a window that ends before it starts",
        mute(ends="2026-11-01T00:00:00Z"),
        f"{MUTE}.ends",
        "must be after",
    ),
    Wrong(
        "a window in local time", mute(starts="2026-12-01T00:00:00+01:00"), f"{MUTE}.starts", "a time in UTC"
    ),
    Wrong(
        "a window that comes back every month",
        mute(repeats="MONTHLY", duration="PT1H"),
        f"{MUTE}.repeats",
        "must be one of DAILY, WEEKLY",
    ),
    Wrong(
        "a recurring window of more than a day",
        mute(repeats="DAILY", duration="PT25H"),
        f"{MUTE}.duration",
        "must be an ISO 8601 duration, PT1M to PT24H",
    ),
    Wrong(
        "a daily window on some days",
        mute(repeats="DAILY", duration="PT8H", days=["SA"]),
        f"{MUTE}.days",
        "must be left out: a daily window is on all days. Set repeats to WEEKLY",
    ),
    Wrong(
        "the length of a window that does not come back",
        mute(duration="PT8H"),
        f"{MUTE}.duration",
        "must be left out: only a window that repeats has it",
    ),
    Wrong(
        "a day of a window twice",
        mute(repeats="WEEKLY", duration="PT8H", days=["SA", "SA"]),
        f"{MUTE}.days[1]",
        "'SA'; must not be repeated",
    ),
    Wrong(
        "a dimension of a window with another spelling",
        mute(alarms=["cpu-utilisation-high"], dimensions={"resourceID": "x"}),
        f"{MUTE}.dimensions",
        "'resourceID'; must be a dimension of a metric of the window's alarms. Did you mean `resourceId`?",
    ),
    Wrong(
        "a dimension that no alarm has",
        mute(dimensions={"bucketName": "x"}),
        f"{MUTE}.dimensions",
        "'bucketName'; must be a dimension of a metric of the window's alarms",
    ),
    Wrong(
        "dimensions that are too long",
        mute(dimensions={"resourceId": "x" * 4_000}),
        f"{MUTE}.dimensions",
        "must be 4,000 characters or fewer as JSON",
    ),
    Wrong(
        "a window for an alarm that the environment does not have",
        mute(alarms=["balancer-errors"]),
        f"{MUTE}.alarms[0]",
        "'balancer-errors'; must be an alarm of this environment",
    ),
    Wrong(
        "a window without any alarm",
        [("observability.topics", []), *mute()],
        MUTE,
        "must be left out: the environment has no alarm, because it has no topic",
    ),
]
