"""Brings facts/data/oci up to date with the installed pulumi_oci. Run by a person, at each new SDK version:

    python facts/data/refresh.py                  what the SDK knows beyond the table is added again
    python facts/data/refresh.py --table FILE     the same on top of a fresh field table

The table is what field_table.go prints, JSON: {"resources"|"functions": {token: {property: RawField}}}, `is` being
words out of required, optional, computed, replaces, sensitive; Terraform's ForceNew is `replaces`. Read the diff before
committing: one line is one property.
"""

import argparse
import importlib
import importlib.metadata
import inspect
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import NotRequired, TypedDict, Union, cast, get_args, get_origin

import pulumi
import pulumi._types as pulumi_types
import pulumi_oci

from facts.provider_fields import Encoded, Nested

FOLDER = Path(__file__).parent / "oci"
SCALARS: Mapping[object, str] = {str: "str", int: "int", float: "float", bool: "bool"}
FLAGS = {"required": "r", "optional": "o", "computed": "c", "replaces": "!", "sensitive": "s"}

Tree = dict[str, Encoded]
Tokens = dict[str, Tree]
# "is" is a keyword, hence the functional form.
RawField = TypedDict(
    "RawField",
    {
        "type": str,
        "is": str,
        "of": NotRequired["str | dict[str, RawField]"],
        "max": NotRequired[int],
        "min": NotRequired[int],
        "conflicts": NotRequired[list[str]],
        "choices": NotRequired[list[str]],
        "exact": NotRequired[bool],
        "form": NotRequired[str],
    },
)


@dataclass
class SdkField:
    """What the SDK says of one property."""

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


def from_table(raw: Mapping[str, RawField]) -> Tree:
    """Table entries in the form of the files, conflicts as camelCase paths."""
    return {name: _from_table(field, raw) for name, field in sorted(raw.items())}


def _from_table(field: RawField, root: Mapping[str, RawField]) -> Encoded:
    inner = field.get("of")
    flags = "".join(FLAGS[word] for word in FLAGS if word in field["is"].split())
    kind = f"{field['type']}[{inner}]" if isinstance(inner, str) else field["type"]
    kind += f" {flags}" + (f" max={field['max']}" if "max" in field else "")
    if "min" in field and field.get("max") != 1:
        kind += f" min={field['min']}"
    if "form" in field:
        kind += f" form={field['form']}"
    conflicts = sorted({path for path in (_camel_path(p, root) for p in field.get("conflicts", ())) if path})
    choices = field.get("choices", [])
    if not isinstance(inner, dict) and not conflicts and not choices:
        return kind
    entry = Nested(kind=kind)
    if conflicts:
        entry["conflicts"] = conflicts
    if choices:
        entry["choices"] = choices
    if field.get("exact"):
        entry["exact"] = True
    if isinstance(inner, dict):
        entry["of"] = {name: _from_table(nested, root) for name, nested in sorted(inner.items())}
    return entry


def _camel_path(path: str, root: Mapping[str, RawField]) -> str | None:
    """Terraform's `a_b.0.c_d` as `aB.cD`; plural where Pulumi made it so; None for a field that isn't there."""
    names: list[str] = []
    fields: str | Mapping[str, RawField] | None = root
    for part in (part for part in path.split(".") if not part.isdigit()):
        if fields is None or isinstance(fields, str):
            return None
        plain = part.replace("_", "")
        by_plain = {name.lower(): name for name in fields}
        name = by_plain.get(plain) or by_plain.get(plain + "s") or by_plain.get(re.sub("y$", "ies", plain))
        if name is None:
            return None
        names.append(name)
        fields = fields[name].get("of")
    return ".".join(names)


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
            # InitArgs is the SDK's name where a nested type has taken the plain one.
            args = getattr(home, f"{name}InitArgs", None) or getattr(home, f"{name}Args")
            yield token, cls, args


def secret_outputs(cls: type) -> set[str]:
    found = re.search(r"additional_secret_outputs=\[(.*?)\]", inspect.getsource(cls))
    return set(re.findall(r'"(\w+)"', found[1])) if found else set()


def kind_of(entry: Encoded) -> str:
    return entry if isinstance(entry, str) else entry["kind"]


def with_kind(entry: Encoded, kind: str) -> Encoded:
    return kind if isinstance(entry, str) else {**entry, "kind": kind}


def merge(tree: Tree, sdk: Mapping[str, SdkField], *, nested: bool = False) -> None:
    """Adds to a table's fields what only the SDK knows, and eases what the SDK no longer requires.

    Nested types serve inputs and outputs alike in the SDK, so that below the top only the table tells them apart.
    """
    for name, field in sdk.items():
        if name not in tree:
            tree[name] = field.entry()
            continue
        kind = kind_of(tree[name])
        if not nested and not set("ro") & set(kind.split()[1]):
            tree[name] = field.entry()  # an output that has become an input
            continue
        if not field.required and " r" in kind:
            tree[name] = with_kind(tree[name], kind.replace(" r", " on" if name == "name" else " o"))
        entry = tree[name]
        if field.fields and not isinstance(entry, str) and "of" in entry:
            merge(entry["of"], field.fields, nested=True)


def without_unknowns(tree: Mapping[str, Encoded]) -> Tree:
    """The table's part of a tree: what an earlier run took from the SDK is left out."""
    kept: Tree = {}
    for name, entry in tree.items():
        if "?" in kind_of(entry):
            continue
        if isinstance(entry, str) or "of" not in entry:
            kept[name] = entry
        else:
            kept[name] = {**entry, "of": without_unknowns(entry["of"])}
    return kept


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


def read() -> dict[str, Tokens]:
    whole: dict[str, Tokens] = {"functions": {}, "resources": {}}
    for path in sorted(FOLDER.glob("*.json")):
        for section, tokens in cast(
            "dict[str, Tokens]", json.loads(path.read_text(encoding="utf-8"))
        ).items():
            whole[section].update({t: without_unknowns(tree) for t, tree in tokens.items()})
    whole["resources"] = {token: tree for token, tree in whole["resources"].items() if tree}
    return whole


def read_table(path: Path) -> dict[str, Tokens]:
    raw = cast("dict[str, dict[str, dict[str, RawField]]]", json.loads(path.read_text(encoding="utf-8")))
    return {
        section: {token: from_table(tree) for token, tree in tokens.items()}
        for section, tokens in raw.items()
    }


def write(whole: Mapping[str, Tokens]) -> None:
    """One file a module, one property a line."""
    modules: dict[str, dict[str, Tokens]] = {}
    for section, tokens in sorted(whole.items()):
        for token, tree in sorted(tokens.items()):
            name = token.split(":")[1].split("/")[0]
            modules.setdefault(name, {}).setdefault(section, {})[token] = tree
    for name, sections in modules.items():
        (FOLDER / f"{name}.json").write_text(_text(sections), encoding="utf-8")


def _text(sections: Mapping[str, Tokens]) -> str:
    blocks: list[str] = []
    for section, tokens in sections.items():
        entries = [
            f' "{token}": {{\n'
            + ",\n".join(f'  "{n}": {json.dumps(e, separators=(",", ":"))}' for n, e in sorted(tree.items()))
            + "\n }"
            for token, tree in tokens.items()
        ]
        blocks.append(f'"{section}": {{\n' + ",\n".join(entries) + "\n}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--table", type=Path, help="a fresh field table of the provider")
    table = cast("Path | None", parser.parse_args().table)
    whole = read_table(table) if table else read()
    add_sdk(whole["resources"])
    write(whole)
    (FOLDER / "SDK_VERSION").write_text(importlib.metadata.version("pulumi_oci") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
