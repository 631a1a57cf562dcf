"""Fields of custom kinds: what the server checks by their definitions, and a JSON Schema does not say.

These are the formats of Kubernetes' own types, lists whose items must differ, and a definition's rules about more than
one field. Fields of pod templates are left to the checks of pods.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.kubernetes.api.kinds import Kind
from sandbox.kubernetes.api.openapi import definition, project_schema
from sandbox.kubernetes.api.values import Json

from .listeners import listener_problems
from .scaled_objects import bound_problems
from .sizes import annotation_problems
from .walk import QUANTITY, int32, quantity_problems, same_keys

_GATEWAY = Kind("gateway.networking.k8s.io", "v1", "Gateway")
_SCALED_OBJECT = Kind("keda.sh", "v1alpha1", "ScaledObject")
_TEMPLATE = "io.k8s.api.core.v1.PodTemplateSpec"


def custom_problems(version: str, kind: Kind, body: Json) -> Iterator[str]:
    """Problems of a custom kind's object, apart from those of its pod templates."""
    yield from annotation_problems(body.get("metadata") or {}, "metadata")
    schema = project_schema(kind)
    if schema is not None:
        yield from _value(version, dict(schema), body, "")
    if kind == _GATEWAY:
        yield from listener_problems(body)
    if kind == _SCALED_OBJECT:
        yield from bound_problems(body)


def _value(version: str, schema: Json, value: Any, path: str) -> Iterator[str]:
    target = str(schema.get("$ref", "")).rpartition("/")[2]
    if target == _TEMPLATE:
        return
    if target == QUANTITY:
        yield from quantity_problems(value, path)
        return
    schema = definition(version, target) if target else schema
    if isinstance(value, list):
        yield from same_keys(value, schema, path)
        for index, item in enumerate(value):
            yield from _value(version, schema.get("items") or {}, item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            inner = (schema.get("properties") or {}).get(key) or schema.get("additionalProperties") or {}
            yield from _value(version, inner, item, f"{path}.{key}" if path else key)
    elif schema.get("format") == "int32":
        yield from int32(value, path)
