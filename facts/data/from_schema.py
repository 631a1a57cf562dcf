"""Combines the properties in the provider's package schema with the entries in the files.

Source of the form: Pulumi's package schema (`pulumi package get-schema`). There `willReplaceOnChanges` is the
provider's ForceNew, and a list of at most one item is given as the item.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from facts.data.files import Tokens, Tree, kind_of
from facts.provider_fields import Encoded, Nested

SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
TYPES = "#/types/"
KEPT = re.compile(r" (?:max|min|form)=\S+")

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Shape:
    """A property's type: `list` with a scalar (`of`) or with fields; only the item if it is `single`."""

    type: str
    of: str | None = None
    fields: Document | None = None
    single: bool = False


def with_schema(whole: Mapping[str, Tokens], schema: Document) -> dict[str, Tokens]:
    """The tables of all resources and functions in the schema. Removed ones are left out."""
    reader = _Reader(_part(schema, "types"))
    resources = {
        token: reader.resource(resource, whole["resources"].get(token, {}))
        for token, resource in _part(schema, "resources").items()
    }
    functions = {
        token: reader.function(function, whole["functions"].get(token, {}))
        for token, function in _part(schema, "functions").items()
    }
    return {"functions": functions, "resources": resources}


@dataclass(frozen=True)
class _Reader:
    types: Document

    def resource(self, resource: Document, old: Tree) -> Tree:
        inputs = self._tree(
            _part(resource, "inputProperties"), _words(resource, "requiredInputs"), old, inputs=True
        )
        return {**self._tree(_part(resource, "properties"), (), old, inputs=False), **inputs}

    def function(self, function: Document, old: Tree) -> Tree:
        given, answer = _part(function, "inputs"), _part(function, "outputs")
        inputs = self._tree(_part(given, "properties"), _words(given, "required"), old, inputs=True)
        return {**self._tree(_part(answer, "properties"), (), old, inputs=False), **inputs}

    def _tree(
        self,
        properties: Document,
        required: Sequence[str],
        old: Tree,
        *,
        inputs: bool,
        within: tuple[str, ...] = (),
    ) -> Tree:
        return {
            name: self._entry(described, name in required, old.get(name), inputs, within)
            for name, described in properties.items()
        }

    def _entry(
        self, described: Document, required: bool, old: Encoded | None, inputs: bool, within: tuple[str, ...]
    ) -> Encoded:
        shape = self._shape(described)
        former = kind_of(old) if old is not None else ""
        # The schema uses nested types for inputs and outputs. Below the top level, only the files distinguish them.
        given = inputs and not (within and former and not set("ro") & set(former.split()[1]))
        kind = _kind(described, shape, required, former, given)
        before = old if old is not None and not isinstance(old, str) else Nested(kind=former)
        made: Nested = {**before, "kind": kind}
        made.pop("of", None)
        if shape.fields is not None:
            reference = _reference(described)
            again = reference in within
            made["of"] = (
                {}
                if again
                else self._tree(
                    _part(shape.fields, "properties"),
                    _words(shape.fields, "required"),
                    before.get("of") or {},
                    inputs=given,
                    within=(*within, reference),
                )
            )
        return made if len(made) > 1 else kind

    def _shape(self, described: Document) -> Shape:
        type_ = described.get("type")
        if type_ in SCALARS:
            return Shape(SCALARS[str(type_)])
        if type_ == "object":
            return Shape("map")
        if type_ == "array":
            item = self._shape(_part(described, "items"))
            return Shape("list", of=None if item.fields is not None else item.type, fields=item.fields)
        named = self._named(described)
        if named is None or "enum" in named:
            return Shape(SCALARS.get(str(named.get("type")) if named else "", "str"))
        return Shape("list", fields=named, single=True)

    def _named(self, described: Document) -> Document | None:
        reference = str(described.get("$ref", ""))
        return self.types.get(reference.removeprefix(TYPES)) if reference.startswith(TYPES) else None


def _reference(described: Document) -> str:
    inner = _part(described, "items") if described.get("type") == "array" else described
    return str(inner.get("$ref", ""))


def _part(document: Document, name: str) -> Document:
    return cast("Document", document.get(name) or {})


def _words(document: Document, name: str) -> Sequence[str]:
    return cast("Sequence[str]", document.get(name) or ())


def _kind(described: Document, shape: Shape, required: bool, old: str, inputs: bool) -> str:
    """Type, flags and limits from the schema, and from the old entry what a schema does not contain."""
    words = old.split()
    former_type, former_flags = (words[0], words[1]) if words else ("", "")
    flags = ("r" if required else "o") if inputs else "c"
    if inputs and "c" in former_flags:
        flags += "c"
    if described.get("willReplaceOnChanges") or described.get("replaceOnChanges"):
        flags += "!"
    if described.get("secret"):
        flags += "s"
    if "n" in former_flags and not required:
        flags += "n"
    type_ = "set" if shape.type == "list" and former_type.startswith("set") else shape.type
    inner = f"[{shape.of}]" if shape.of else ""
    limits = "".join(KEPT.findall(old))
    if shape.single and " max=" not in limits:
        limits = f" max=1{limits}"
    return f"{type_}{inner} {flags}{limits}"
