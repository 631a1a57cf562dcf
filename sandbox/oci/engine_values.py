"""Converts the engine's values (unknowns, secrets, outputs, assets) to plain Python values and back."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker of the protocol
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Unknown:
    """A value that is unknown before the update. `UNKNOWN` is the only instance."""

    def __repr__(self) -> str:
        return "<unknown>"


UNKNOWN = Unknown()


class Secret:
    """A value that must not be shown. Two secrets with the same content are equal."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "<secret>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.value == other.value

    def __hash__(self) -> int:
        return hash(Secret)


def decode(message: struct_pb2.Struct) -> dict[str, Any]:
    """The message's fields. Whole numbers become int, secrets `Secret`, unknowns `UNKNOWN`. Nulls are left out."""
    return {key: _value(value) for key, value in message.fields.items() if not value.HasField("null_value")}


def _value(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text == _UNKNOWN else text
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_value(each) for each in value.list_value.values]
    if kind == "struct_value":
        return _special(value.struct_value)
    return None


def _special(message: struct_pb2.Struct) -> Any:
    signature = message.fields[_SIGNATURE].string_value if _SIGNATURE in message.fields else ""
    if signature == _SECRET:
        return Secret(_value(message.fields["value"]))
    if signature == _OUTPUT:
        inner = _value(message.fields["value"]) if "value" in message.fields else UNKNOWN
        return Secret(inner) if message.fields["secret"].bool_value else inner
    return decode(message)


def encode(value: Mapping[str, Any]) -> struct_pb2.Struct:
    """The inverse of `decode`."""
    message = struct_pb2.Struct()
    for key, each in value.items():
        _write(message.fields[key], each)
    return message


def _write(target: struct_pb2.Value, value: Any) -> None:
    if value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif value is UNKNOWN:
        target.string_value = _UNKNOWN
    elif isinstance(value, Secret):
        target.struct_value.fields[_SIGNATURE].string_value = _SECRET
        _write(target.struct_value.fields["value"], value.value)
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        target.number_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, Mapping):
        target.struct_value.SetInParent()
        for key, each in value.items():
            _write(target.struct_value.fields[key], each)
    else:
        target.list_value.SetInParent()
        for each in value:
            _write(target.list_value.values.add(), each)


def opened(value: Any) -> Any:
    """The value with every secret replaced by its content. Unknowns stay."""
    if isinstance(value, Secret):
        return opened(value.value)
    if isinstance(value, dict):
        return {key: opened(each) for key, each in value.items()}
    if isinstance(value, list):
        return [opened(each) for each in value]
    return value


def holds_unknown(value: Any) -> bool:
    """Whether anything in the value is unknown."""
    if isinstance(value, Secret):
        return holds_unknown(value.value)
    if isinstance(value, dict):
        return any(holds_unknown(each) for each in value.values())
    if isinstance(value, list):
        return any(holds_unknown(each) for each in value)
    return value is UNKNOWN


def holds_secret(value: Any) -> bool:
    """Whether the value is a secret or contains one."""
    if isinstance(value, Secret):
        return True
    if isinstance(value, dict):
        return any(holds_secret(each) for each in value.values())
    return isinstance(value, list) and any(holds_secret(each) for each in value)


def as_list(value: Any) -> list[Any]:
    """A repeated block as a list, whether it is missing, a single value or a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
