"""Arguments of components, compared with their annotations: a wrong type is a Problem, not a traceback.

Python does not check the types of a dataclass, so a text among numbers would end in a bare TypeError somewhere in a
rule, or pass.
"""

import dataclasses
import inspect
import math
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Any, ForwardRef, Literal, Self, Union, cast, get_args, get_origin

from pydantic.alias_generators import to_camel

from facts.problem import Problem, refuse

WORDS: Mapping[type, str] = {
    bool: "must be true or false",
    int: "must be a whole number",
    float: "must be a number",
    str: "must be text",
}


class CheckedArgs:
    """A base of components. Raises InvalidInput for arguments of wrong types, before the component reads any."""

    def __new__(cls, *given: Any, **named: Any) -> Self:
        name, args = [*given, None, None][:2]
        name, args = named.get("name", name), named.get("args", args)
        found = wrong_types(args_class(cls), args, path=str(name))
        refuse(found, f"{cls.__name__} {name}")
        return super().__new__(cls)


@cache
def args_class(component: type) -> type:
    """The class of a component's `args`."""
    return cast("type", inspect.get_annotations(component.__init__, eval_str=True)["args"])


@cache
def field_types(kind: type) -> Mapping[str, Any]:
    """The annotations of a dataclass's fields, with those that it inherits."""
    known = {
        name: hint
        for each in reversed(kind.__mro__)
        for name, hint in inspect.get_annotations(each, eval_str=True).items()
    }
    return {each.name: known[each.name] for each in dataclasses.fields(kind)}


def wrong_types(annotation: Any, value: object, *, path: str, late: bool = False) -> Iterator[Problem]:
    """Every part of a value that does not have the type of its annotation.

    `late`: whether parts may be outputs. Those of a `pulumi.Input` may, at any depth.
    """
    if late and _is_late(value):
        return
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        yield from _of_union(inner, value, path, late)
    elif origin is Literal:
        if value not in inner:
            yield Problem(path, _shown(value), f"must be one of {', '.join(map(str, inner))}")
    elif annotation in WORDS:
        if not _is_simple(annotation, value):
            yield Problem(path, _shown(value), WORDS[annotation], _cure(annotation, value))
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield from _of_mapping(inner, value, path, late)
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        yield from _of_list(inner, value, path, late)
    elif isinstance(annotation, type) and annotation not in (Any, object):
        yield from _of_class(annotation, value, path, late)


def _of_union(options: Sequence[Any], value: object, path: str, late: bool) -> Iterator[Problem]:
    """The problems of the option that fits best: the one whose wrong part is deepest."""
    outputs = [each for each in options if isinstance(each, ForwardRef) or get_origin(each) is Awaitable]
    if value is None and NoneType in options:
        return
    plain = [each for each in options if each is not NoneType and each not in outputs]
    allows = late or bool(outputs)
    found = [[*wrong_types(each, value, path=path, late=allows)] for each in plain]
    if found and all(found):
        yield from max(found, key=lambda problems: len(problems[0].path))


def _of_mapping(inner: Sequence[Any], value: object, path: str, late: bool) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(path, _shown(value), "must be a mapping")
        return
    for key, each in cast("Mapping[object, object]", value).items():
        if not isinstance(key, str):
            yield Problem(path, _shown(key), "must have names as keys", "Put it in quotes")
        else:
            yield from wrong_types(inner[1], each, path=f"{path}.{key}", late=late)


def _of_list(inner: Sequence[Any], value: object, path: str, late: bool) -> Iterator[Problem]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        fix = f"Write [{value!r}]" if isinstance(value, str) else ""
        yield Problem(path, _shown(value), "must be a list", fix)
        return
    for index, each in enumerate(cast("Sequence[object]", value)):
        yield from wrong_types(inner[0], each, path=f"{path}[{index}]", late=late)


def _of_class(kind: type, value: object, path: str, late: bool) -> Iterator[Problem]:
    if not isinstance(value, kind):
        yield Problem(path, _shown(value), f"must be {kind.__name__}")
    elif dataclasses.is_dataclass(kind):
        for name, each in field_types(type(value)).items():
            at = f"{path}.{to_camel(name)}"
            yield from wrong_types(each, getattr(value, name), path=at, late=late)


def _is_simple(kind: type, value: object) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if kind is float:
        return isinstance(value, int | float) and math.isfinite(value)
    return isinstance(value, kind)


def _is_late(value: object) -> bool:
    """Whether it is known only during the run. Facts do not import Pulumi, so its class is known by name."""
    kinds = type(value).__mro__
    return isinstance(value, Awaitable) or any(
        each.__name__ == "Output" and each.__module__.startswith("pulumi") for each in kinds
    )


class _Kind:
    """Shown instead of a value that is long, or has no text of its own."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _shown(value: object) -> object:
    if value is None or isinstance(value, str | int | float):
        return value
    if _is_late(value):
        return _Kind("an output")
    if isinstance(value, Mapping):
        return _Kind("a mapping")
    return _Kind("a list" if isinstance(value, list | tuple) else type(value).__name__)


def _cure(kind: type, value: object) -> str:
    if _is_late(value):
        return "It decides what is created, so it must be known before the run"
    if kind is str and isinstance(value, int | float):
        return "Put it in quotes"
    return "Remove the quotes" if isinstance(value, str) and kind is not str else ""
