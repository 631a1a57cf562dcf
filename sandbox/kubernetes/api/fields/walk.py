"""Walks through an object along its OpenAPI definitions, and checks each value by its type there."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from sandbox.kubernetes.api.openapi import definition
from sandbox.kubernetes.api.values import Json
from sandbox.kubernetes.scheduling.pods import quantity

from .wording import invalid, required, unsupported

Check = Callable[[Json, str], Iterator[str]]
Checks = Mapping[str, Check]
"""Keys are the last two parts of a definition's name: `v1.Container`."""

_INT32 = 2**31
_INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_DEFAULTED = frozenset(
    {
        "concurrencyPolicy",
        "dnsPolicy",
        "effect",
        "externalTrafficPolicy",
        "imagePullPolicy",
        "operator",
        "persistentVolumeReclaimPolicy",
        "protocol",
        "reclaimPolicy",
        "restartPolicy",
        "sessionAffinity",
        "terminationMessagePolicy",
        "type",
    }
)
"""Fields in which an empty text means the default."""
_NEVER_EMPTY = frozenset({"v1.NetworkPolicyPort", "v1.SeccompProfile"})


def walk(version: str, name: str, value: Any, path: str, checks: Checks) -> Iterator[str]:
    """All problems of a value that has the type of a definition, nested values included."""
    if not isinstance(value, dict):
        return
    check = checks.get(_short(name))
    if check is not None:
        yield from check(value, path)
    listed = _enums().get(name, {})
    for field, schema in definition(version, name).get("properties", {}).items():
        inner = value.get(field)
        if inner is None:
            continue
        place = f"{path}.{field}" if path else field
        yield from _value(version, schema, inner, place, checks)
        if field in listed:
            empty = field in _DEFAULTED and _short(name) not in _NEVER_EMPTY
            yield from _choice(inner, listed[field], place, empty=empty)


def _value(version: str, schema: Json, value: Any, path: str, checks: Checks) -> Iterator[str]:
    target = str(schema.get("$ref", "")).rpartition("/")[2]
    if target == QUANTITY:
        yield from quantity_problems(value, path)
    elif target == _INT_OR_STRING:
        yield from int32(value, path)
    elif target:
        yield from walk(version, target, value, path, checks)
    elif isinstance(value, list):
        yield from same_keys(value, schema, path)
        for index, item in enumerate(value):
            yield from _value(version, schema.get("items", {}), item, f"{path}[{index}]", checks)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _value(
                version, schema.get("additionalProperties") or {}, item, f"{path}[{key}]", checks
            )
    elif schema.get("format") == "int32":
        yield from int32(value, path)


def same_keys(items: list[Any], schema: Json, path: str) -> Iterator[str]:
    """Problems of items with equal keys: server-side apply refuses them, because it cannot tell them apart."""
    keys: list[str] = schema.get("x-kubernetes-list-map-keys") or []
    whole = schema.get("x-kubernetes-list-type") == "set"
    seen: set[str] = set()
    for item in items if keys or whole else ():
        found = {key: item[key] for key in keys if isinstance(item, dict) and key in item}
        key = ",".join(f"{name}={json.dumps(each)}" for name, each in found.items())
        key = f"={json.dumps(item)}" if whole else key
        if key and key in seen:
            yield f"{path}: duplicate entries for key [{key}]"
        seen.add(key)


def int32(value: Any, path: str) -> Iterator[str]:
    """A number that does not fit into 32 bits."""
    if isinstance(value, int) and not -_INT32 <= value < _INT32:
        yield invalid(path, value, "must be a 32-bit integer")


def quantity_problems(value: Any, path: str) -> Iterator[str]:
    """A value that is no quantity."""
    try:
        quantity(value)
    except ValueError:
        pattern = "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        yield invalid(path, value, f"quantities must match the regular expression {pattern}")


def _choice(value: Any, choices: list[str], path: str, *, empty: bool) -> Iterator[str]:
    for index, each in enumerate(value if isinstance(value, list) else [value]):
        if each in choices or (empty and each == ""):
            continue
        place = f"{path}[{index}]" if isinstance(value, list) else path
        yield unsupported(place, each, choices) if each != "" else required(place)


def _short(name: str) -> str:
    return ".".join(name.rsplit(".", 2)[1:])


@cache
def _enums() -> Mapping[str, Mapping[str, list[str]]]:
    text = (files("sandbox.kubernetes.api.fields") / "enums.json").read_text(encoding="utf-8")
    return json.loads(text)
