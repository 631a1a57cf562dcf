"""Finds the fields of a section's models by their location in the section."""

from collections.abc import Iterable
from types import NoneType, UnionType
from typing import Union, get_args, get_origin

from pydantic import BaseModel

Loc = tuple[int | str, ...]
"""Keys, and indexes of lists, from the section to a value."""


def model_at(model: type[BaseModel], loc: Iterable[int | str]) -> type[BaseModel]:
    """The model of the section at a location."""
    for step in loc:
        for name, field in model.model_fields.items():
            if (field.alias or name) == step:
                model = model_in(field.annotation) or model
    return model


def field_at(model: type[BaseModel], loc: Loc) -> object:
    """The type of the value at a location, which is a key or an item of a list or mapping."""
    *parents, last = loc
    holder = model_at(model, parents)
    for name, field in holder.model_fields.items():
        if (field.alias or name) == last:
            return field.annotation
    # An item: the last type in the brackets of the field's own.
    return _item_of(field_at(model, tuple(parents)))


def allows_none(annotation: object) -> bool:
    """Whether the type of a key allows an empty value."""
    return NoneType in get_args(annotation)


def maps_names(annotation: object) -> bool:
    """Whether the keys of a mapping of this type are names that the user chooses."""
    return get_origin(annotation) is dict or any(get_origin(each) is dict for each in get_args(annotation))


def _item_of(annotation: object) -> object:
    arguments = [each for each in get_args(annotation) if each not in (Ellipsis, NoneType)]
    if get_origin(annotation) in (Union, UnionType):
        return _item_of(arguments[0])
    return arguments[-1] if arguments else str


def model_in(annotation: object) -> type[BaseModel] | None:
    """The model in `Model | None`, `tuple[Model, ...]` or `dict[str, Model]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (model_in(argument) for argument in get_args(annotation))
    return next((model for model in found if model is not None), None)
