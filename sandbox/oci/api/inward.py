"""From a request's body to the inputs of the provider's resource."""

from collections.abc import Mapping
from typing import Any

from facts.oci_api import Model, Type, model
from facts.provider_fields import Field
from sandbox.oci.api.names import SAME, matched, subtype
from sandbox.oci.api.parsing import integer
from sandbox.oci.errors import OciError
from sandbox.oci.schema import Fields


def inputs_of(
    found: Model,
    body: dict[str, Any],
    fields: Fields,
    told: dict[str, str],
    unset: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The inputs that a checked body gives. Null means left out, and so do the values of `unset`.

    501 for a property that the provider has no input for: it would be lost here.
    """
    return _Inward(told, unset or {}).model(found, body, fields, "")


def merged_objects(
    found: Model | None, fields: Fields, old: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, Any]:
    """The objects of an update's inputs, over the old ones: what an object leaves out stays, as at the top.

    terraform-provider-oci 8.28.0 sends an empty configuration with each update of a log, and finds its source again.
    An object that may have several types is replaced whole.
    """
    if found is None:
        return {}
    merged: dict[str, Any] = {}
    for name, target in matched(found.properties, fields, {}).items():
        kind, field = found.properties[name].type, fields.get(target)
        before, after = old.get(target), new.get(target)
        inner = model(found.package, kind.name) if kind.kind == "model" else None
        if inner is None or inner.by or field is None or isinstance(field.of, str | None):
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            merged[target] = {**before, **after, **merged_objects(inner, field.of, before, after)}
    return merged


class _Inward:
    def __init__(self, told: dict[str, str], unset: Mapping[str, Any]) -> None:
        self._told, self._unset = told, unset

    def model(self, found: Model, body: dict[str, Any], fields: Fields, path: str) -> dict[str, Any]:
        found = subtype(found, body.get(found.by))
        names = matched(found.properties, fields, self._told, path)
        inputs: dict[str, Any] = {}
        for name, value in body.items():
            if value is None or self._unset.get(f"{path}{name}") == value:
                continue
            if names.get(name) == SAME:
                inputs |= self._same(found, name, value, fields, f"{path}{name}.")
                continue
            field = fields.get(names.get(name, ""))
            if field is None or not field.input:
                raise OciError(501, "NotImplemented", f"The sandbox does not model {path}{name}.")
            converted = self.value(found, found.properties[name].type, value, field, f"{path}{name}.")
            inputs[names[name]] = converted
        return inputs

    def _same(self, found: Model, name: str, value: Any, fields: Fields, path: str) -> dict[str, Any]:
        inner = model(found.package, found.properties[name].type.name)
        return self.model(inner, value, fields, path) if inner is not None else {}

    def value(self, found: Model, kind: Type, value: Any, field: Field, path: str) -> Any:
        if kind.kind == "list":
            inner = kind.of or kind
            items = [self.item(found, inner, each, field, path) for each in value]
            return items[0] if field.single and items else items
        if field.type in ("list", "set") and not field.single:
            return [self.item(found, kind, value, field, path)]
        return self.item(found, kind, value, field, path)

    def item(self, found: Model, kind: Type, value: Any, field: Field, path: str) -> Any:
        if kind.kind == "model" and isinstance(value, dict):
            inner = model(found.package, kind.name)
            if inner is not None and not isinstance(field.of, str | None):
                return self.model(inner, value, field.of, path)
        if kind.kind == "map" and isinstance(value, dict):
            return _map(kind, value)
        wanted = field.of if isinstance(field.of, str) else field.type
        return as_type(wanted, value)


def _map(kind: Type, value: dict[str, Any]) -> dict[str, Any]:
    """A map. A map of maps, as tags have, gets the provider's form: `namespace.key`."""
    if kind.of is None or kind.of.kind != "map":
        return {key: as_type("str", each) for key, each in value.items()}
    return {
        f"{space}.{key}": as_type("str", each)
        for space, inner in value.items()
        for key, each in (inner or {}).items()
    }


def as_type(wanted: str, value: Any) -> Any:
    """A scalar in the provider's type. Large numbers are strings there."""
    if wanted == "str" and isinstance(value, bool):
        return "true" if value else "false"
    if wanted == "str" and isinstance(value, int | float):
        return str(value)
    if wanted == "int" and isinstance(value, str) and integer(value) is not None:
        return integer(value)
    if wanted == "bool" and isinstance(value, str):
        return value.lower() == "true"
    return value
