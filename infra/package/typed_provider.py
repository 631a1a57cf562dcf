"""Serves the components to programs in any Pulumi language.

Pulumi's own host passes a component its arguments as a dict, even if they are declared as a class, and passes whole
numbers as floats, as in the protocol (pulumi 3.259.0). The components need dataclasses, which are built here.
"""

import ast
import dataclasses
import inspect
import json
import types
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Union, cast, get_args, get_origin

import pulumi
from pulumi.provider.experimental.analyzer import ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pydantic.alias_generators import to_camel

from facts.checked_args import args_class, field_types


class TypedComponentProvider(ComponentProvider):
    """A component provider whose components get instances of their Args classes."""

    def __init__(
        self,
        components: list[type[pulumi.ComponentResource]],
        name: str,
        namespace: str | None = None,
        version: str = "0.0.0",
    ) -> None:
        super().__init__(components, name, namespace, version)
        self.schema = with_inherited_texts(for_go(self.schema or "{}"), components)

    def map_inputs(self, inputs: pulumi.Inputs, component_def: ComponentDefinition) -> Any:
        """The Args of a component, built from inputs with camelCase names."""
        component = self._components[component_def.name]
        return typed(args_class(component), super().map_inputs(inputs, component_def))


def for_go(schema: str) -> str:
    """The schema, changed so that its Go SDK compiles.

    For a plain list or map of objects, Go's generator uses the type of the arguments, but generates that type only if
    this option is set (pulumi 3.259.0, codegen/go/importer.go).
    """
    content = json.loads(schema)
    content["language"]["go"]["generateExtraInputTypes"] = True
    return json.dumps(content)


def with_inherited_texts(schema: str, components: Sequence[type[pulumi.ComponentResource]]) -> str:
    """The schema, with the texts of fields that a class of arguments inherits.

    Pulumi's analyzer finds the fields of base classes, but reads texts only in the class itself (pulumi 3.259.0).
    """
    content = json.loads(schema)
    for component in components:
        inputs = content["resources"][f"genai:index:{component.__name__}"].get("inputProperties", {})
        for base in args_class(component).__mro__[1:]:
            for name, text in _own_texts(base).items():
                found = inputs.get(to_camel(name))
                if found is not None:
                    found.setdefault("description", text)
    return json.dumps(content)


def _own_texts(kind: type) -> dict[str, str]:
    if not dataclasses.is_dataclass(kind):
        return {}
    (node,) = ast.parse(inspect.getsource(kind)).body
    body = node.body if isinstance(node, ast.ClassDef) else []
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def typed(annotation: Any, given: object) -> Any:
    """A value with the type of its annotation. Outputs do not change."""
    value = cast("Any", given)
    if isinstance(given, pulumi.Output | None):
        return value
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        # Input[T] is T, an awaitable, or an output. The protocol sends T.
        plain = [each for each in inner if _plain(each)]
        return typed(plain[0], value) if plain else value
    if isinstance(value, dict):
        return _from_dict(annotation, cast("dict[str, Any]", value))
    if isinstance(value, list) and inner and _is(origin, Sequence):
        return [typed(inner[0], each) for each in cast("list[Any]", value)]
    if annotation is int and isinstance(value, float) and value.is_integer():
        return int(value)
    return cast("Any", given)


def _from_dict(annotation: Any, value: dict[str, Any]) -> Any:
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        hints = field_types(annotation)
        return annotation(**{name: typed(hints[name], each) for name, each in value.items()})
    inner = get_args(annotation)
    if len(inner) == 2 and _is(get_origin(annotation), Mapping):
        return {key: typed(inner[1], each) for key, each in value.items()}
    return value


def _plain(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin is None:
        return isinstance(annotation, type) and annotation is not type(None)
    return _is(origin, Sequence) or _is(origin, Mapping)


def _is(origin: Any, kind: type) -> bool:
    return isinstance(origin, type) and issubclass(origin, kind)
