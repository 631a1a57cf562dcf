"""Checks inputs of OCI resources against the provider's field table. Pulumi's mocks accept any input."""

from collections.abc import Iterator, Mapping
from typing import Any

from facts.provider_fields import Field, resource_fields

UNKNOWN = "<unknown>"
"""In a recording, a value that is known only after the resource exists."""

_SCALARS: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
}


def input_faults(token: str, inputs: Mapping[str, Any]) -> Iterator[str]:
    """What the provider would refuse: an unknown resource; inputs that are unknown, missing or of a wrong type."""
    fields = resource_fields(token)
    if fields is None:
        yield f"{token} is no resource of the OCI provider"
        return
    yield from _object_faults(inputs, fields, "")
    for name, field in fields.items():
        rivals = [other for other in field.conflicts if name in inputs and other.split(".")[0] in inputs]
        if rivals:
            yield f"{name} excludes {', '.join(rivals)}"


def _object_faults(values: Mapping[str, Any], fields: Mapping[str, Field], path: str) -> Iterator[str]:
    for name, value in values.items():
        field = fields.get(name)
        if field is None or not field.input:
            yield f"{path}{name} is no input"
        else:
            yield from _value_faults(value, field, f"{path}{name}")
    for name, field in fields.items():
        if field.required and not field.autonamed and name not in values:
            yield f"{path}{name} is missing"


def _value_faults(value: Any, field: Field, path: str) -> Iterator[str]:
    if value == UNKNOWN:
        return
    if field.type in _SCALARS:
        if not isinstance(value, _SCALARS[field.type]) or (field.type != "bool" and isinstance(value, bool)):
            yield f"{path} is {type(value).__name__} and must be {field.type}"
    elif field.type == "map":
        if not isinstance(value, dict):
            yield f"{path} is {type(value).__name__} and must be a map"
    elif field.single:
        yield from _item_faults(value, field, path)
    elif not isinstance(value, list):
        yield f"{path} is {type(value).__name__} and must be a list"
    elif field.max_items is not None and len(value) > field.max_items:
        yield f"{path} has {len(value)} items and may have {field.max_items}"
    else:
        for index, item in enumerate(value):
            yield from _item_faults(item, field, f"{path}[{index}]")


def _item_faults(value: Any, field: Field, path: str) -> Iterator[str]:
    if isinstance(field.of, str):
        yield from _value_faults(value, Field(type=field.of), path)
    elif field.of is not None and value != UNKNOWN:
        if isinstance(value, dict):
            yield from _object_faults(value, field.of, f"{path}.")
        else:
            yield f"{path} is {type(value).__name__} and must be an object"
