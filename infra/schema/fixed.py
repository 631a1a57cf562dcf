"""Settings whose allowed values the schema lists, such as a region or a mode."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from infra.project.stackfile import PROJECT
from infra.schema import stack_schema


@cache
def fixed_paths() -> "re.Pattern[str]":
    """The paths of these settings."""
    schema = json.loads(stack_schema())
    sections = schema["properties"]["config"]["properties"]
    found = (
        each
        for name, node in sections.items()
        for each in _paths(node, name.removeprefix(f"{PROJECT}:"), schema["$defs"])
    )
    return re.compile("|".join(dict.fromkeys(found)), re.ASCII)


def _paths(value: object, path: str, definitions: Mapping[str, object]) -> Iterator[str]:
    """The paths in a part of the schema, as regular expressions."""
    if not isinstance(value, dict):
        return
    node = cast(dict[str, Any], value)
    if "$ref" in node:
        yield from _paths(definitions[node["$ref"].rpartition("/")[2]], path, definitions)
    if "enum" in node or "const" in node:
        yield path
    for choice in node.get("anyOf", []):
        yield from _paths(choice, path, definitions)
    for key, inner in node.get("properties", {}).items():
        yield from _paths(inner, rf"{path}\.{re.escape(key)}", definitions)
    yield from _paths(node.get("items"), rf"{path}\[[0-9]+\]", definitions)
    yield from _paths(node.get("additionalProperties"), rf"{path}\.[^.]+", definitions)
