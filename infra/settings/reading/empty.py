"""Keys of mappings without a value, such as `keda:`, which would mean that the key is not set."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from pydantic import BaseModel

from facts.problem import Problem
from facts.pydantic_fields import Loc, allows_none, maps_names, model_in
from facts.pydantic_words import EMPTY, path_of


def empty_problems(section: str, places: Iterable[Loc]) -> Iterator[Problem]:
    """Problems of keys that have no value, but would have a mapping."""
    for loc in places:
        fix = "Remove the key, or write {} for its defaults"
        yield Problem(path_of(section, loc), EMPTY, "must be a mapping", fix)


def empty_places(model: type[BaseModel], content: object, loc: Loc = ()) -> Iterator[Loc]:
    """Keys that have no value, but would have a mapping. A user who writes `flowLogs:` expects flow logs.

    A single value may be empty, and so may everything inside free content, such as a chart's values.
    """
    if isinstance(content, Mapping):
        entries = cast(Mapping[str, object], content)
        for name, field in model.model_fields.items():
            key = field.alias or name
            if key in entries:
                yield from _of_key(field.annotation, entries[key], (*loc, key))


def _of_key(annotation: object, value: object, loc: Loc) -> Iterator[Loc]:
    inner = model_in(annotation)
    if inner is None:
        return
    if value is None and allows_none(annotation):
        yield loc
    elif isinstance(value, Mapping):
        entries = cast(Mapping[str, object], value)
        if maps_names(annotation):
            for key, each in entries.items():
                yield from empty_places(inner, each, (*loc, key))
        else:
            yield from empty_places(inner, entries, loc)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, each in enumerate(cast(Sequence[object], value)):
            yield from empty_places(inner, each, (*loc, index))
