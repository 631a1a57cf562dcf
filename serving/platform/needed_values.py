"""Values of charts on which the objects of this program rest, and the problems of values that take them away."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from facts.charts import CHARTS
from facts.problem import Problem
from facts.pydantic_words import EMPTY

from .chart_values import Choices, RateLimiting, values_of

ABSENT = object()
"""The value of a key that is not given."""

_DURATION = re.compile(r"([0-9]{1,6})(ms|s)", re.ASCII)

ALWAYS = "always"
"""The use of values without which the chart itself does nothing."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """A value that a chart must keep."""

    key: str
    """Path in the chart's values, e.g. `config.envoyGateway.provider.type`."""

    use: str
    """What of this program rests on it: `always`, or a word that the settings give (`needed_problems`)."""

    right: Callable[[object], bool]
    """Whether a given value keeps it."""

    allowed: str
    """What must be there, and why."""

    unless: str | None = None
    """Path of another value that does the same if it is true."""


def only(key: str, use: str, why: str, *values: object, unless: str | None = None) -> Need:
    """A value that must be one of these, with the same type: Helm takes the text "false" for true."""
    words = " or ".join(_word(each) for each in values if each != "")
    return Need(
        key=key,
        use=use,
        right=lambda given: any(type(given) is type(each) and given == each for each in values),
        allowed=f"must be {words}: {why}",
        unless=unless,
    )


def absent(key: str, use: str, why: str) -> Need:
    """A value that must not be given at all: an empty one replaces the toolkit's too."""
    return Need(key=key, use=use, right=lambda _: False, allowed=f"must be left out: {why}")


def unset(key: str, use: str, why: str) -> Need:
    """A value that must be empty, as in the chart."""
    return Need(key=key, use=use, right=lambda given: not given, allowed=f"must be left out: {why}")


def running(key: str, why: str) -> Need:
    """A number of pods, of which at least one must run."""
    return Need(
        key=key,
        use=ALWAYS,
        right=lambda given: type(given) is int and given >= 1,
        allowed=f"must be 1 or more: {why}",
    )


def having(key: str, use: str, why: str, *items: str, empty: bool = False) -> Need:
    """A list that must contain these items. `empty`: an empty list means all."""

    def right(given: object) -> bool:
        found = cast(list[object], given) if isinstance(given, list) else None
        return (empty and not given) or (found is not None and {*items} <= {*map(str, found)})

    return Need(key=key, use=use, right=right, allowed=f"must contain {', '.join(items)}: {why}")


def listening(key: str, use: str, why: str, *ports: int) -> Need:
    """A list of ports that must contain these."""

    def right(given: object) -> bool:
        found = cast(list[object], given) if isinstance(given, list) else []
        entries = [cast(Mapping[str, object], each) for each in found if isinstance(each, Mapping)]
        open_ = [each.get("port") for each in entries]
        return all(port in open_ for port in ports)

    words = ", ".join(map(str, ports))
    return Need(key=key, use=use, right=right, allowed=f"must contain the ports {words}: {why}")


def without_arguments(key: str, use: str, why: str, *names: str) -> Need:
    """Further arguments of a program, a list or a mapping, that must not have these names."""

    def right(given: object) -> bool:
        found = [str(each) for each in cast(Collection[object], given)] if _is_collection(given) else []
        return not any(each.lstrip("-").partition("=")[0] in names for each in found)

    return Need(key=key, use=use, right=right, allowed=f"must not contain {' or '.join(names)}: {why}")


def within_milliseconds(key: str, use: str, why: str, most: int) -> Need:
    """A duration such as `250ms`, above 0."""

    def right(given: object) -> bool:
        found = _DURATION.fullmatch(given) if isinstance(given, str) else None
        return found is not None and 0 < int(found[1]) * (1000 if found[2] == "s" else 1) <= most

    return Need(
        key=key, use=use, right=right, allowed=f"must be a duration up to {most}ms, e.g. 250ms: {why}"
    )


def needed_problems(
    values: Mapping[str, object], needs: Collection[Need], *, chart: str, uses: Collection[str], path: str
) -> Iterator[Problem]:
    """Problems at `path`.values of values that take away what the toolkit sets for a chart, or what `uses` rest on.

    A value without its mapping (`config: null`) takes away everything below it. It is named once.
    """
    limiting = RateLimiting(address="", login_secret="", fail_closed=False)
    own = values_of(chart, Choices(with_ai=True, monitored=True, rate_limiting=limiting))
    replaced = {
        key: problem for key, problem in _replaced(own, values, path, "") if key not in CHARTS[chart].owned
    }
    yield from replaced.values()
    said = {*replaced}
    for need in needs:
        if need.use not in {ALWAYS, *uses} or (need.unless and find_value(values, need.unless)[1] is True):
            continue
        key, value = find_value(values, need.key)
        if value is ABSENT or key in said:
            continue
        if key != need.key:
            said.add(key)
            allowed = f"must be a mapping: it would take away {need.key.removeprefix(f'{key}.')}"
            yield Problem(f"{path}.values.{key}", shown_value(value), allowed, "Leave it out")
        elif not need.right(value):
            said.add(key)
            yield Problem(f"{path}.values.{key}", shown_value(value), need.allowed, "Leave it out")


def _replaced(
    own: Mapping[str, object], given: Mapping[str, object], path: str, inside: str
) -> Iterator[tuple[str, Problem]]:
    """Keys of values that replace a mapping of the toolkit's own values by something else: Helm does not merge them."""
    for key, value in given.items():
        under = own.get(key)
        if not isinstance(under, Mapping):
            continue
        below, where = cast(Mapping[str, object], under), f"{inside}.{key}".lstrip(".")
        if isinstance(value, Mapping):
            yield from _replaced(below, cast(Mapping[str, object], value), path, where)
        else:
            allowed = f"must be a mapping: it would take away {', '.join(below) or 'what the toolkit sets'}"
            yield where, Problem(f"{path}.values.{where}", shown_value(value), allowed, "Leave it out")


def find_value(values: Mapping[str, object], key: str) -> tuple[str, object]:
    """The value at a path and its path, or the first on the way that is not a mapping."""
    holder, steps = values, key.split(".")
    for place, step in enumerate(steps):
        value = holder.get(step, ABSENT)
        if value is ABSENT or place == len(steps) - 1:
            return key, value
        if not isinstance(value, Mapping):
            return ".".join(steps[: place + 1]), value
        holder = cast(Mapping[str, object], value)
    return key, ABSENT


def _is_collection(given: object) -> bool:
    return isinstance(given, list | dict)


def shown_value(value: object) -> object:
    """A value in a problem: a mapping or a list would be too long."""
    if value is None:
        return EMPTY
    return "given" if _is_collection(value) else value


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
