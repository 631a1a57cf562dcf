"""Corrects the types in a section, so that its rules can be checked too. The result is never used as settings.

Where the intended value is unknown, a guess replaces it. There are two guesses for each place. A problem that both
guesses have does not depend on the guess, so it is true. A mapping or a list is guessed empty and with one entry. The
second reading hides the key of a whole mapping too (`unread`), and a rule that asks for it says nothing more.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from facts.problem import nearest
from facts.pydantic_fields import Loc, field_at, model_at
from facts.pydantic_words import choices_in

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

_NAME = "string_pattern_mismatch"
"""The next round of reading accepts any name, so an invalid one is kept."""

_GUESSES: Mapping[type, tuple[object, object]] = {
    str: ("", "guess"),
    int: (1, 1000),
    float: (0.0, 1.0),
    bool: (False, True),
}


@dataclass(frozen=True)
class Correction:
    """The corrected content, and what of it is a guess."""

    content: object
    guessed: bool
    """Whether any of it is a guess."""

    unread: tuple[Loc, ...] = ()
    """Keys of mappings that the content leaves out, because what they should contain is unknown."""


class _UnknownMeaningError(Exception):
    """The place of the error cannot be corrected."""


def corrected(
    content: object, error: ValidationError, model: type[BaseModel], *, second: bool = False
) -> Correction | None:
    """The content with a value of the right type at each place in `error`; None if a place cannot be corrected.

    A number as text becomes a number. A number outside its bounds becomes the nearest allowed number. An unknown key is
    removed. A missing key and a value without a meaning are guessed; `second` asks for the second guess.
    """
    whole, guessed = deepcopy(content), False
    unread: list[Loc] = []
    try:
        for detail in error.errors(include_url=False):
            guessed |= _correct(whole, detail, model, unread, second=second)
    except (_UnknownMeaningError, KeyError, IndexError, TypeError):
        return None
    return Correction(whole, guessed, tuple(unread))


def _correct(
    whole: Any, detail: ErrorDetails, model: type[BaseModel], unread: list[Loc], *, second: bool
) -> bool:
    """Correct the place of one error. Returns whether the new value is a guess."""
    kind, loc = detail["type"], detail["loc"]
    if kind == _NAME:
        return False
    if not loc:
        raise _UnknownMeaningError
    *parents, last = loc
    inner = whole
    for step in parents:
        inner = inner[step]
    if kind in _LEFT_OUT and isinstance(inner, dict):
        del inner[last]
        place = _meant_key(model, loc, cast(Collection[object], inner)) if kind == "extra_forbidden" else loc
        if place is None:
            return False
        unread.append(place)
        if second:
            inner[place[-1]] = _guess(field_at(model, place), second=True)
        return True
    meant = None if kind == "missing" else _meant(detail, inner[last])
    if meant is None:
        inner[last] = _guess(field_at(model, loc), second=second)
    else:
        inner[last] = meant
    return meant is None


def _meant_key(model: type[BaseModel], loc: Loc, given: Collection[object]) -> Loc | None:
    """The key that an unknown key probably means, if it is not given too."""
    *parents, last = loc
    own = [field.alias or name for name, field in model_at(model, parents).model_fields.items()]
    meant = nearest(str(last), [key for key in own if key not in given])
    return None if meant is None else (*parents, meant)


def _meant(detail: ErrorDetails, value: object) -> object:
    """The value that the user meant; None if that is unknown."""
    kind, context = detail["type"], cast(Mapping[str, Any], detail.get("ctx", {}))
    if kind in _TYPES and isinstance(value, bool | int | float | str):
        try:
            return _TYPES[kind](str(value).lower())
        except (KeyError, ValueError, OverflowError):
            return None
    if kind in _BOUNDS:
        key, beyond = _BOUNDS[kind]
        return context[key] + beyond
    if kind == "literal_error":
        return nearest(str(value), choices_in(str(context["expected"])))
    return None


def _guess(annotation: object, *, second: bool) -> object:
    """One of two values of a type."""
    kind, arguments = get_origin(annotation) or annotation, get_args(annotation)
    if kind is Annotated:
        return _guess(arguments[0], second=second)
    if kind in (Union, UnionType):
        return _guess(_first_type(arguments), second=second)
    if kind is Literal:
        return arguments[-1 if second else 0]
    if kind in (tuple, dict):
        return _container(arguments, mapping=kind is dict, filled=second)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {}
    # The other types, such as secrets, are written as text.
    return _GUESSES.get(cast(Any, kind), _GUESSES[str])[second]


def _container(types: tuple[object, ...], *, mapping: bool, filled: bool) -> object:
    """A mapping or a list, empty or with one guessed entry."""
    if not filled:
        return {} if mapping else []
    entry = _guess(types[1 if mapping else 0], second=True)
    return {"guess": entry} if mapping else [entry]


def _first_type(types: Iterable[object]) -> object:
    return next(each for each in types if each is not NoneType)
