"""The properties of resources in pulumi_oci's classes: types and whether they are required, never whether they
replace."""

import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Union, get_args, get_origin

import pulumi
import pulumi._types as pulumi_types
import pulumi_oci

from facts.data.files import Tokens, Tree, kind_of, with_kind
from facts.provider_fields import Encoded, Nested

SCALARS: Mapping[object, str] = {str: "str", int: "int", float: "float", bool: "bool"}


@dataclass
class SdkField:
    """One property in the SDK."""

    type: str
    required: bool
    scalar: str | None = None
    fields: "dict[str, SdkField] | None" = None
    single: bool = False

    def entry(self, *, is_input: bool = True) -> Encoded:
        flags = "c?" if not is_input else "r?" if self.required else "o?"
        kind = f"{self.type}[{self.scalar}]" if self.scalar else self.type
        kind += f" {flags}" + (" max=1" if self.single else "")
        if self.fields is None:
            return kind
        return Nested(kind=kind, of={n: f.entry(is_input=is_input) for n, f in sorted(self.fields.items())})


def unwrap(annotation: object) -> object:
    """The type inside Input, Optional and the TypedDict alternatives."""
    while get_origin(annotation) in (Union, UnionType):
        annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
    return annotation


def sdk_field(annotation: object, required: bool, within: tuple[type, ...] = ()) -> SdkField:
    kind = unwrap(annotation)
    if kind in SCALARS:
        return SdkField(SCALARS[kind], required)
    name = getattr(get_origin(kind), "__name__", "")
    if name in ("Sequence", "list"):
        item = sdk_field(get_args(kind)[0], False, within)
        return SdkField("list", required, None if item.fields is not None else item.type, item.fields)
    if name in ("Mapping", "dict"):
        return SdkField("map", required)
    if isinstance(kind, type) and (pulumi_types.is_input_type(kind) or pulumi_types.is_output_type(kind)):
        inner = {} if kind in within else fields_of(kind, (*within, kind))
        return SdkField("list", required, fields=inner, single=True)
    raise TypeError(f"unknown annotation {kind!r}")


def fields_of(args: type, within: tuple[type, ...] = ()) -> dict[str, SdkField]:
    """The properties of an Args class, or of an output type, by camelCase name."""
    if pulumi_types.is_output_type(args):
        return {name: sdk_field(t, False, within) for name, t in pulumi_types.output_type_types(args).items()}
    names = pulumi_types.input_type_py_to_pulumi_names(args)
    parameters = inspect.signature(args).parameters
    required = {
        names[n] for n, p in parameters.items() if n in names and p.default is inspect.Parameter.empty
    }
    return {n: sdk_field(t, n in required, within) for n, t in pulumi_types.input_type_types(args).items()}


def classes() -> Iterator[tuple[str, type[pulumi.CustomResource], type]]:
    """Token, class and Args class of every resource of the SDK."""
    source = Path(pulumi_oci.__file__).read_text(encoding="utf-8")
    found = re.search(r'resource_modules="""\n(.*?)\n"""', source, re.DOTALL)
    for module in json.loads(found[1] if found else "[]"):
        for token, name in module["classes"].items():
            cls = getattr(importlib.import_module(module["fqn"]), name)
            home = sys.modules[cls.__module__]
            # The SDK uses the name InitArgs if a nested type already has the plain name.
            args = getattr(home, f"{name}InitArgs", None) or getattr(home, f"{name}Args")
            yield token, cls, args


def secret_outputs(cls: type) -> set[str]:
    found = re.search(r"additional_secret_outputs=\[(.*?)\]", inspect.getsource(cls))
    return set(re.findall(r'"(\w+)"', found[1])) if found else set()


def merge(tree: Tree, sdk: Mapping[str, SdkField], *, nested: bool = False) -> None:
    """Adds the fields that only the SDK knows to a table, and makes fields optional that the SDK no longer requires.

    The SDK uses nested types for inputs and outputs. Below the top level, only the table distinguishes them.
    """
    for name, field in sdk.items():
        if name not in tree:
            tree[name] = field.entry()
            continue
        kind = kind_of(tree[name])
        if not nested and not set("ro") & set(kind.split()[1]):
            tree[name] = field.entry()  # An output that is now an input.
            continue
        if not field.required and " r" in kind:
            tree[name] = with_kind(tree[name], kind.replace(" r", " on" if name == "name" else " o"))
        entry = tree[name]
        if field.fields and not isinstance(entry, str) and "of" in entry:
            merge(entry["of"], field.fields, nested=True)


def add_sdk(resources: Tokens) -> None:
    for token, cls, args in classes():
        tree = resources.setdefault(token, {})
        merge(tree, fields_of(args))
        for name, annotation in pulumi_types.resource_types(cls).items():
            if name not in tree:
                tree[name] = sdk_field(annotation, False).entry(is_input=False)
        for name in secret_outputs(cls) & tree.keys():
            kind = kind_of(tree[name])
            if "s" not in kind.split()[1]:
                tree[name] = with_kind(tree[name], re.sub(r"^(\S+ \S+)", r"\1s", kind))
