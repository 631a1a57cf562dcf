"""Corrects the types in a section, so that its rules can be checked too. The result is never used as settings."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from difflib import get_close_matches
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_LEFT_OUT = {"extra_forbidden", "tuple_type", "dict_type", "model_type", "model_attributes_type"}

_TYPES: Mapping[str, Callable[[str], object]] = {
    "string_type": str,
    "int_type": int,
    "float_type": float,
    "bool_type": _TRUTHS.__getitem__,
}
_BOUNDS = {
    "greater_than_equal": ("ge", 0),
    "less_than_equal": ("le", 0),
    "greater_than": ("gt", 1),
    "less_than": ("lt", -1),
}


class _UnknownMeaningError(Exception):
    """The intended value cannot be guessed."""


def corrected(content: object, error: ValidationError) -> object | None:
    """The content with a value of the right type at each place in `error`; None if a value cannot be guessed.

    A number as text becomes a number. A number outside its bounds becomes the nearest allowed number. An unknown key is
    removed. An invalid name and a missing key cannot be guessed.
    """
    whole = deepcopy(content)
    try:
        for detail in error.errors(include_url=False):
            _correct(whole, detail)
    except (_UnknownMeaningError, KeyError, IndexError, TypeError, ValueError):
        return None
    return whole


def _correct(whole: Any, detail: ErrorDetails) -> None:
    if not detail["loc"]:
        raise _UnknownMeaningError
    *parents, last = detail["loc"]
    inner = whole
    for step in parents:
        inner = inner[step]
    if detail["type"] in _LEFT_OUT:
        if not isinstance(inner, dict):
            raise _UnknownMeaningError
        del inner[last]
    else:
        inner[last] = _meant(detail, inner[last])


def _meant(detail: ErrorDetails, value: object) -> object:
    kind, context = detail["type"], cast(Mapping[str, Any], detail.get("ctx", {}))
    if kind in _TYPES and isinstance(value, bool | int | float | str):
        return _TYPES[kind](str(value).lower())
    if kind in _BOUNDS:
        key, beyond = _BOUNDS[kind]
        return context[key] + beyond
    if kind == "literal_error":
        return _nearest_choice(str(value), str(context["expected"]))
    raise _UnknownMeaningError


def _nearest_choice(value: str, expected: str) -> str:
    choices = [choice.strip("' ") for choice in expected.replace(" or ", ", ").split(", ")]
    found = get_close_matches(value, choices, n=1)
    if not found:
        raise _UnknownMeaningError
    return found[0]
