"""Defaults that the API server fills in for custom kinds: those in the schema of their definition.

Source: Kubernetes' page on custom resource definitions, "Defaulting and nullable".
"""

import copy
from collections.abc import Mapping
from typing import Any

from sandbox.kubernetes.api.openapi import referred

_PORT = {"containerPort", "protocol"}
"""A schema with these properties is a container port. Every definition with pods has a default for its protocol."""


def fill_by_schema(value: Any, schema: Mapping[str, Any]) -> None:
    """Fill in, at every depth, each field that the object leaves out and for which its schema has a default."""
    schema = referred(schema)
    if isinstance(value, dict):
        known: Mapping[str, Any] = schema.get("properties") or {}
        if known.keys() >= _PORT:
            value.setdefault("protocol", "TCP")
        for name, inner in known.items():
            default = referred(inner).get("default", inner.get("default"))
            if value.get(name) is None and default not in (None, {}):
                value[name] = copy.deepcopy(default)
        for name, inner in value.items():
            fill_by_schema(inner, known.get(name) or _additional(schema))
    elif isinstance(value, list):
        for item in value:
            fill_by_schema(item, schema.get("items") or {})


def _additional(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    extra = schema.get("additionalProperties")
    return extra if isinstance(extra, dict) else {}
