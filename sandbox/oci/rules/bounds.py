"""Bounds that the SDK's own text states: numbers, lengths, counts and formats (facts/data/oci-bounds.yaml)."""

import re
from collections.abc import Iterator
from typing import Any

from facts.bounds import Bound, bounds_of
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import parse_duration


@rule("*", on="create update")
def within_stated_bounds(call: Call) -> None:
    """400 for a value outside the bounds that the service states."""
    for path, bound in bounds_of(call.token).items():
        for place, value in _values(call.inputs, path.split("."), ""):
            refusal = _refusal(place, value, bound)
            if refusal:
                raise refusal


def _values(value: Any, path: list[str], place: str) -> Iterator[tuple[str, Any]]:
    """(place, value) of every value at a path. Looks into each item of the lists on the path."""
    if isinstance(value, list) and path:
        for index, item in enumerate(value):
            yield from _values(item, path, f"{place}[{index}]")
    elif not path:
        if value not in (None, ""):
            yield place, value
    elif isinstance(value, dict) and path[0] in value:
        yield from _values(value[path[0]], path[1:], f"{place}.{path[0]}" if place else path[0])


def _refusal(place: str, value: Any, bound: Bound) -> OciError | None:
    if isinstance(value, list):
        return _of_list(place, value, bound)
    for why in (_of_number(value, bound), _of_text(str(value), bound)):
        if why:
            return invalid_parameter(f"{place}: {value} is invalid: it must be {why}.")
    return None


def _of_list(place: str, items: list[Any], bound: Bound) -> OciError | None:
    if bound.items is not None and len(items) > bound.items:
        return invalid_parameter(f"{place}: {len(items)} items, of at most {bound.items}.")
    if bound.unique is not None:
        keys = [item.get(bound.unique) if isinstance(item, dict) else item for item in items]
        twice = next((key for key in keys if key is not None and keys.count(key) > 1), None)
        if twice is not None:
            return invalid_parameter(f"{place}: {twice} is there twice.")
    for index, item in enumerate(items):
        if not isinstance(item, (dict, list)):
            refusal = _refusal(f"{place}[{index}]", item, bound)
            if refusal:
                return refusal
    return None


def _of_number(value: Any, bound: Bound) -> str:
    if all(each is None for each in (bound.least, bound.most, bound.least_or_zero, bound.multiple)):
        return ""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return "a number"
    broken = (
        (bound.least, lambda least: number < least, "{:g} or more"),
        (bound.most, lambda most: number > most, "{:g} or less"),
        (bound.least_or_zero, lambda least: 0 != number < least, "0 or at least {:g}"),
        (bound.multiple, lambda step: number % step != 0, "a multiple of {:g}"),
    )
    found = (words.format(limit) for limit, breaks, words in broken if limit is not None and breaks(limit))
    return next(found, "")


def _of_text(text: str, bound: Bound) -> str:
    if bound.shortest is not None and len(text) < bound.shortest:
        return f"{bound.shortest} characters or more"
    if bound.longest is not None and len(text) > bound.longest:
        return f"{bound.longest} characters or fewer"
    if bound.form is not None and not re.fullmatch(bound.form, text):
        return bound.words
    if bound.soonest is None or bound.latest is None:
        return ""
    seconds = parse_duration(text)
    low, high = parse_duration(bound.soonest), parse_duration(bound.latest)
    if seconds is None or low is None or high is None or not low <= seconds <= high:
        return f"a duration from {bound.soonest} to {bound.latest}"
    return ""
