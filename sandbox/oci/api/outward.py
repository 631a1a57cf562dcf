"""From the outputs of the provider's resource to the body of an answer."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from facts.oci_api import Model, Type, Value, model
from facts.provider_fields import Field
from sandbox.oci.api.names import SAME, matched, subtype
from sandbox.oci.api.parsing import integer
from sandbox.oci.schema import Fields

_PROVIDER_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)? \+0000 UTC", re.ASCII)


def body_of(
    found: Model, outputs: Mapping[str, Any], fields: Fields, told: Mapping[str, str]
) -> dict[str, Any]:
    """The model's properties that the outputs have. An empty string means not set."""
    return _Outward(told).model(found, outputs, fields, "")


class _Outward:
    def __init__(self, told: Mapping[str, str]) -> None:
        self._told = told

    def model(self, found: Model, outputs: Mapping[str, Any], fields: Fields, path: str) -> dict[str, Any]:
        names = matched(found.properties, (*outputs, *fields), self._told, path)
        chosen = outputs.get(names.get(found.by, ""))
        if found.by and chosen is not None:
            found = subtype(found, _spelled(tuple(found.subtypes), chosen))
            names = matched(found.properties, (*outputs, *fields), self._told, path)
        body: dict[str, Any] = {}
        for name, value in found.properties.items():
            own = names.get(name)
            if own is None:
                continue
            known = outputs if own == SAME else outputs.get(own)
            shown = self.value(found, value.type, known, fields.get(own), f"{path}{name}.")
            if shown is not None:
                body[name] = _spelled_value(value, shown)
        return body

    def value(self, found: Model, kind: Type, value: Any, field: Field | None, path: str) -> Any:
        if value is None or value == "":
            return None
        if kind.kind == "list":
            items = value if isinstance(value, list) else [value]
            shown = (self.item(found, kind.of or kind, each, field, path) for each in items)
            return [each for each in shown if each is not None]
        if isinstance(value, list):
            return self.value(found, kind, value[0], field, path) if value else None
        if kind.kind == "map":
            return _map(kind, value)
        if kind.kind == "model":
            return self._object(found, kind, value, field, path)
        return scalar(kind.name, value)

    def item(self, found: Model, kind: Type, value: Any, field: Field | None, path: str) -> Any:
        """A value of a list. An empty one stays."""
        if kind.kind == "model" and isinstance(value, dict):
            shown = self._object(found, kind, value, field, path)
            return {} if shown is None else shown
        return value if value == "" else self.value(found, kind, value, field, path)

    def _object(self, found: Model, kind: Type, value: Any, field: Field | None, path: str) -> Any:
        inner = model(found.package, kind.name)
        if inner is None:
            return value
        fields = field.of if field is not None and isinstance(field.of, Mapping) else {}
        return self.model(inner, value, fields, path) or None if isinstance(value, dict) else None


def _map(kind: Type, value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    if kind.of is None or kind.of.kind != "map":
        return value
    spaces: dict[str, dict[str, Any]] = {}
    for name, each in value.items():
        space, _, key = name.partition(".")
        spaces.setdefault(space, {})[key] = each
    return spaces


def scalar(kind: str, value: Any) -> Any:
    """A scalar in the API's type. None if it does not fit."""
    try:
        if kind == "datetime":
            return api_time(str(value))
        if kind == "bool":
            return value if isinstance(value, bool) else str(value).lower() == "true"
        if kind in ("int", "float"):
            whole = value if isinstance(value, int) else integer(str(value))
            number = float(value) if whole is None else whole
            return int(number) if kind == "int" or float(number).is_integer() else number
    except (ValueError, OverflowError):
        return None
    return str(value) if kind == "str" and not isinstance(value, str) else value


def api_time(text: str) -> str | None:
    """A time as the API writes it: 2026-11-21T10:04:21.312Z; None for one that is unreadable."""
    found = _PROVIDER_TIME.fullmatch(text)
    if found:
        return f"{found[1]}T{found[2]}{found[3] or ''}Z"
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _spelled_value(value: Value, shown: Any) -> Any:
    """Choices as the API spells them: the provider takes them in any case."""
    if not value.choices:
        return shown
    if isinstance(shown, list):
        return [_spelled(value.choices, each) for each in shown]
    return _spelled(value.choices, shown)


def _spelled(choices: tuple[str, ...], value: Any) -> Any:
    return next((each for each in choices if each.casefold() == str(value).casefold()), value)
