"""Invalid objects, one field at a time: missing, empty, of a wrong type, out of range, duplicated, misspelt."""

import copy
import re
from collections.abc import Iterator
from typing import Any

Body = dict[str, Any]
Path = tuple[str | int, ...]

GONE = object()
"""Marks a field that is left out."""

_BAD_NAME = "No such!"
_IDENTITY = (("metadata",), ("metadata", "name"), ("metadata", "namespace"))
_OF_A_NAME = ("a bad name", "too long")
"""Only these are tried on names: the provider names unnamed objects, and both servers are asked in one namespace."""


def shape(path: Path) -> str:
    """A path without list indexes, so that the same field of several items counts once."""
    return re.sub(r"\.\d+(?=\.|$)", "[]", ".".join(map(str, path)))


def spoils(body: Body) -> Iterator[tuple[Path, str, Body]]:
    """Each invalid form of each field: its path, the change and the object."""
    for path, value in _fields(body, ()):
        for what, bad in _ways(value):
            if path not in _IDENTITY or what in _OF_A_NAME:
                yield path, what, _with(body, path, bad)


def _fields(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        if (*path, key) not in (("apiVersion",), ("kind",), ("metadata", "namespace")):
            yield (*path, key), inner
            yield from _fields(inner, (*path, key))


def _ways(value: Any) -> Iterator[tuple[str, Any]]:
    yield "left out", GONE
    match value:
        case bool():
            yield from (("turned", not value), ("a text", "no such"))
        case int() | float():
            yield from (("negative", -1), ("zero", 0), ("too large", 10**10), ("a text", "no such"))
        case str():
            yield from (
                ("empty", ""),
                ("a bad name", _BAD_NAME),
                ("too long", "x" * 300),
                ("an object", {"no": "such"}),
            )
        case list():
            yield from (("empty", []), ("twice", [*value, *value]), ("an object", {"no": "such"}))
        case dict():
            yield from (
                ("empty", {}),
                ("with a field too many", {**value, _BAD_NAME: "x"}),
                ("a text", "no such"),
            )
        case _:
            pass


def _with(body: Body, path: Path, value: Any) -> Body:
    body = copy.deepcopy(body)
    inner: Any = body
    for key in path[:-1]:
        inner = inner[key]
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return body
