"""Converts objects between Pulumi's property values and the form of the Kubernetes API."""

from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct

from sandbox.oci.engine_values import UNKNOWN, Secret, Unknown, decode, holds_secret, holds_unknown
from sandbox.oci.engine_values import encode as encode_marked

__all__ = [
    "UNKNOWN",
    "Json",
    "Secret",
    "Unknown",
    "at",
    "decode",
    "encode",
    "holds_secret",
    "holds_unknown",
    "keep_secrets",
    "plain",
    "sdk_names",
]

Json = dict[str, Any]

_DASHED = {
    name.replace("-", "_"): name
    for name in (
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-list-type",
        "x-kubernetes-map-type",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-validations",
    )
}
_UNDERSCORED = {dashed: name for name, dashed in _DASHED.items()}


def encode(values: Mapping[str, Any], *, secrets: bool = True) -> Struct:
    """Properties as a message. Without `secrets` the receiver does not accept marks of secrecy: none are sent."""
    return encode_marked(values if secrets else _bare(dict(values)))


def _bare(value: Any) -> Any:
    if isinstance(value, Secret):
        return _bare(value.value)
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items()}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """The value without marks of secrecy and with the API's key names. Unknown values stay."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, dict):
        return {_DASHED.get(key, key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def sdk_names(value: Any) -> Any:
    """A copy of the value with the key names of the SDK's types."""
    if isinstance(value, dict):
        return {_UNDERSCORED.get(key, key): sdk_names(item) for key, item in value.items()}
    return [sdk_names(item) for item in value] if isinstance(value, list) else value


def keep_secrets(outs: Json, ins: Mapping[str, Any]) -> None:
    """Mark the values of `outs` that are secret in `ins`, at every depth where both are objects.

    Where only one of them is an object, a secret inside it marks the whole value. The data of a Secret is always
    secret.
    """
    if outs.get("kind") == "Secret":
        for key in ("data", "stringData"):
            if key in outs:
                outs[key] = _secret(outs[key])
        return
    for key, value in ins.items():
        if key not in outs or isinstance(outs[key], Secret):
            continue
        if isinstance(outs[key], dict) and isinstance(value, dict):
            keep_secrets(outs[key], value)
        elif holds_secret(value):
            outs[key] = Secret(outs[key])


def _secret(value: Any) -> Secret:
    return value if isinstance(value, Secret) else Secret(value)


def at(value: Any, *path: str) -> Any:
    """The value at a path of keys, or None where the path ends early."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value
