"""Checks inputs as the provider does before it calls the cloud: names, types and required fields."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from facts.json_text import read_json
from facts.problem import nearest
from facts.provider_fields import Field
from sandbox.oci.engine_values import UNKNOWN, Secret

Fields = Mapping[str, Field]

_ASSETS = {"c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"}
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_BOOLS = {"true": True, "false": False}
_NOUNS = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "a boolean",
    "map": "a map",
    "list": "a list",
    "set": "a list",
}


@dataclass(frozen=True)
class Failure:
    """One refused property: its path in Pulumi's syntax and the reason."""

    path: str
    reason: str


class _MistypedError(Exception):
    """A scalar that cannot be converted to the field's type."""


def check(fields: Fields, inputs: Mapping[str, Any]) -> tuple[dict[str, Any], list[Failure]]:
    """Check inputs against a field table.

    Returns the inputs as the provider stores them ("512" for 512 in a string field, true for "true") and all failures.
    Unknown values and secrets are accepted wherever their content would be.
    """
    walk = _Walk()
    checked = walk.fields(fields, inputs, "")
    walk.failures.extend(_conflicts(fields, fields, inputs, inputs, ""))
    return checked, walk.failures


class _Walk:
    def __init__(self) -> None:
        self.failures: list[Failure] = []
        self.hidden = False

    def fields(self, fields: Fields, values: Mapping[str, Any], path: str) -> dict[str, Any]:
        checked: dict[str, Any] = {}
        for name, value in values.items():
            if name.startswith("__"):
                checked[name] = value
                continue
            field = fields.get(name)
            place = f"{path}.{name}" if path else name
            if field is None or not field.input:
                self.failures.append(Failure(place, _unexpected(name, field, fields)))
            elif value is not None:
                checked[name] = self.value(field, value, place)
        for name, field in fields.items():
            if field.required and not field.autonamed and values.get(name) is None:
                place = f"{path}.{name}" if path else name
                self.failures.append(Failure(place, "Missing required argument. It has to be set."))
        return checked

    def value(self, field: Field, value: Any, path: str) -> Any:
        if value is UNKNOWN:
            return value
        if isinstance(value, Secret):
            return self.secret(lambda: self.value(field, value.value, path))
        if field.single:
            return self.item(field, value, path)
        if field.type in ("list", "set"):
            return self.items(field, value, path)
        if field.type == "map":
            return self.map(field, value, path)
        return self.allowed(field, self.scalar(field.type, value, path), path)

    def allowed(self, field: Field, value: Any, path: str) -> Any:
        reason = _not_allowed(field, value) if isinstance(value, str) else None
        if reason:
            got = "" if self.hidden else f", not {value!r}"
            self.failures.append(Failure(path, f"{reason}{got}."))
        return value

    def secret(self, content: Callable[[], Any]) -> Secret:
        """Check the content of a secret without showing it in a failure."""
        before, self.hidden = self.hidden, True
        try:
            return Secret(content())
        finally:
            self.hidden = before

    def items(self, field: Field, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            self.wrong(field.type, value, path)
            return value
        wrong = _wrong_length(field, len(value))
        if wrong:
            self.failures.append(Failure(path, wrong))
        return [self.item(field, each, f"{path}[{place}]") for place, each in enumerate(value)]

    def item(self, field: Field, value: Any, path: str) -> Any:
        if value is UNKNOWN or value is None:
            return value
        if isinstance(value, Secret):
            return self.secret(lambda: self.item(field, value.value, path))
        if isinstance(field.of, str) or field.of is None:
            return self.scalar(field.of or "str", value, path)
        if not isinstance(value, dict):
            self.wrong("object", value, path)
            return value
        return self.fields(field.of, value, path)

    def map(self, field: Field, value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            self.wrong("map", value, path)
            return value
        if isinstance(field.of, Mapping):
            return self.fields(field.of, value, path)
        kind = field.of or "str"
        return {key: self.scalar(kind, each, _key(path, key)) for key, each in value.items()}

    def scalar(self, kind: str, value: Any, path: str) -> Any:
        if value is UNKNOWN or value is None:
            return value
        if isinstance(value, Secret):
            return self.secret(lambda: self.scalar(kind, value.value, path))
        try:
            return _scalar(kind, value)
        except _MistypedError:
            self.wrong(kind, value, path)
            return value

    def wrong(self, kind: str, value: Any, path: str) -> None:
        wanted, got = _NOUNS.get(kind, "an object"), "this secret" if self.hidden else _shown(value)
        self.failures.append(
            Failure(path, f"Incorrect attribute value type. It must be {wanted}, not {got}.")
        )


def _wrong_length(field: Field, given: int) -> str | None:
    if field.max_items is not None and given > field.max_items:
        return f"Too many list items. At most {field.max_items} are allowed, not {given}."
    if field.min_items is not None and given < field.min_items:
        return f"Not enough list items. At least {field.min_items} must be given, not {given}."
    return None


def _not_allowed(field: Field, value: str) -> str | None:
    if field.choices:
        folded = (each if field.exact else each.casefold() for each in field.choices)
        if (value if field.exact else value.casefold()) not in folded:
            return f"Wrong value. It must be one of {', '.join(field.choices)}"
    if field.form and not _FORMS[field.form][1](value):
        return f"Wrong value. It must {_FORMS[field.form][0]}"
    return None


def _is_json(text: str) -> bool:
    try:
        read_json(text)
    except ValueError:
        return False
    return True


_DNS_NAME = re.compile(
    r"([A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?\.?"
)
_FORMS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "bool": ("be true or false", lambda text: text.lower() in ("1", "t", "true", "0", "f", "false")),
    "fqdn": ("be a fully qualified domain name", _DNS_NAME.fullmatch),
    "int64": ("be a 64-bit integer", re.compile(r"[+-]?\d{1,19}", re.ASCII).fullmatch),
    "json": ("be JSON", _is_json),
    "text": ("not be empty", bool),
}


def _scalar(kind: str, value: Any) -> Any:
    """The value in the field's type. Converts what Terraform's plugin SDK converts; the rest is wrong."""
    if kind == "map" and isinstance(value, dict):
        return value
    if kind == "str":
        return _text(value)
    if kind == "bool":
        found = value if isinstance(value, bool) else _BOOLS.get(value) if isinstance(value, str) else None
        if found is None:
            raise _MistypedError
        return found
    if kind in ("int", "float"):
        return _number(kind, value)
    raise _MistypedError


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dict) and value.get(_SIGNATURE) in _ASSETS:
        return value
    raise _MistypedError


def _number(kind: str, value: Any) -> int | float:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError as error:
            raise _MistypedError from error
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _MistypedError
    if float(value).is_integer():
        return int(value)
    if kind == "int":
        raise _MistypedError
    return value


def _unexpected(name: str, field: Field | None, fields: Fields) -> str:
    if field is not None:
        return "Value for unconfigurable attribute. It is computed by the provider and cannot be set."
    text = "Invalid or unknown key."
    close = nearest(name, [known for known, each in fields.items() if each.input])
    return f'{text} Did you mean "{close}"?' if close else text


def _conflicts(
    fields: Fields, root: Fields, values: Mapping[str, Any], inputs: Mapping[str, Any], path: str
) -> Iterator[Failure]:
    for name, field in fields.items():
        value = values.get(name)
        if value is None:
            continue
        place = f"{path}.{name}" if path else name
        for other in field.conflicts:
            if _present(inputs, other):
                yield Failure(place, f'Conflicting configuration arguments. It conflicts with "{other}".')
        if isinstance(value, Secret):
            value = value.value
        if field.single and isinstance(field.of, Mapping) and isinstance(value, dict):
            yield from _conflicts(field.of, root, value, inputs, place)


def _present(inputs: Mapping[str, Any], path: str) -> bool:
    value: Any = inputs
    for name in path.split("."):
        if isinstance(value, Secret):
            value = value.value
        value = value.get(name) if isinstance(value, Mapping) else None
    return value is not None and value is not UNKNOWN


def _key(path: str, key: str) -> str:
    return f"{path}.{key}" if key.isidentifier() else f'{path}["{key}"]'


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return f"{str(value).lower() if isinstance(value, bool) else value!r}"
