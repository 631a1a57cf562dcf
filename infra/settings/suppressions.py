"""Windows in which alarms are mute."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from pydantic import Field

from components.observability.suppression_rules import suppression_problems
from facts.problem import Problem

from .base import Section


class Suppression(Section):
    """A window in which alarms are evaluated and tell nobody. A change replaces it."""

    starts: str
    """First moment, in UTC, in quotes: `"2026-12-24T18:00:00Z"`."""

    ends: str
    """Last moment, in UTC, in quotes. After it a recurring window does not come back."""

    alarms: tuple[str, ...] = ()
    """Names of alarms, of the platform or your own. Empty: all alarms of the environment's compartment."""

    description: str | None = None
    """The reason, e.g. the number of a change."""

    repeats: str | None = None
    """`DAILY` or `WEEKLY`: the window comes back between `starts` and `ends`. Default: one window, from `starts` to
    `ends`."""

    days: tuple[str, ...] = ()
    """Days of a weekly window: `MO`, `TU`, `WE`, `TH`, `FR`, `SA`, `SU`. Default: the day of `starts`."""

    at: str | None = None
    """Time of day at which a recurring window begins, in UTC: `"22:30"`. Default: midnight."""

    duration: str | None = None
    """Length of a recurring window, ISO 8601, PT1M to PT24H. Required if it repeats."""

    dimensions: dict[str, str] = Field(default_factory=dict[str, str])
    """Only the series with these dimensions are mute, e.g. one node's `resourceId`. 4,000 characters at most as JSON.
    Default: every series."""

    @property
    def component_args(self) -> dict[str, Any]:
        """The values as args of the component, without the alarms."""
        return self.model_dump(exclude={"alarms"})


def window_problems(windows: Mapping[str, Suppression], *, path: str) -> Iterator[Problem]:
    """Windows that OCI does not accept, and alarms that a window names twice."""
    for name, window in windows.items():
        yield from suppression_problems(window, path=f"{path}.{name}")
        for index, alarm in enumerate(window.alarms):
            if alarm in window.alarms[:index]:
                yield Problem(f"{path}.{name}.alarms[{index}]", alarm, "must be unique in the window")


def series_problems(
    windows: Mapping[str, Suppression], dimensions: Mapping[str, Collection[str] | None], *, path: str
) -> Iterator[Problem]:
    """Windows for dimensions that none of their alarms has: they would mute nothing. `dimensions`: what the metrics of
    each alarm have, or None for a metric of your own."""
    for name, window in windows.items():
        found = [dimensions.get(alarm) for alarm in (window.alarms or dimensions)]
        if not found or None in found:
            continue
        known = sorted({each for dims in found for each in dims or ()})
        for dimension in window.dimensions:
            if dimension and dimension not in known:
                allowed = "must be a dimension of a metric of the window's alarms"
                yield Problem.not_one_of(f"{path}.{name}.dimensions", dimension, known, allowed)


def muted_problems(
    windows: Mapping[str, Suppression], alarms: Iterable[str], *, path: str
) -> Iterator[Problem]:
    """Alarms in windows that the environment does not have."""
    known = [*alarms]
    for name, window in windows.items():
        for index, alarm in enumerate(window.alarms):
            if alarm not in known:
                allowed = "must be an alarm of this environment"
                yield Problem.not_one_of(f"{path}.{name}.alarms[{index}]", alarm, known, allowed)
        if not known:
            allowed = "must be left out: the environment has no alarm, because it has no topic"
            yield Problem(f"{path}.{name}", name, allowed, "Add a topic to observability.topics")
