"""The files of facts/data/oci: one file per module of the provider, one property per line."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from facts.provider_fields import Encoded

FOLDER = Path(__file__).parent / "oci"

Tree = dict[str, Encoded]
Tokens = dict[str, Tree]


def kind_of(entry: Encoded) -> str:
    """Type, flags and limits of an entry."""
    return entry if isinstance(entry, str) else entry["kind"]


def with_kind(entry: Encoded, kind: str) -> Encoded:
    """The entry with another type, other flags and limits."""
    return kind if isinstance(entry, str) else {**entry, "kind": kind}


def without_unknowns(tree: Mapping[str, Encoded]) -> Tree:
    """The provider's part of a tree, without the entries that an earlier run read only from the SDK."""
    kept: Tree = {}
    for name, entry in tree.items():
        if "?" in kind_of(entry):
            continue
        if isinstance(entry, str) or "of" not in entry:
            kept[name] = entry
        else:
            kept[name] = {**entry, "of": without_unknowns(entry["of"])}
    return kept


def read(folder: Path = FOLDER) -> dict[str, Tokens]:
    """The provider's own entries in the files: by section, token and property."""
    whole: dict[str, Tokens] = {"functions": {}, "resources": {}}
    for path in sorted(folder.glob("*.json")):
        for section, tokens in cast(
            "dict[str, Tokens]", json.loads(path.read_text(encoding="utf-8"))
        ).items():
            whole[section].update({t: without_unknowns(tree) for t, tree in tokens.items()})
    whole["resources"] = {token: tree for token, tree in whole["resources"].items() if tree}
    return whole


def write(whole: Mapping[str, Tokens], folder: Path = FOLDER) -> None:
    """Write one file per module, one property per line."""
    modules: dict[str, dict[str, Tokens]] = {}
    for section, tokens in sorted(whole.items()):
        for token, tree in sorted(tokens.items()):
            name = token.split(":")[1].split("/")[0]
            modules.setdefault(name, {}).setdefault(section, {})[token] = tree
    for name, sections in modules.items():
        (folder / f"{name}.json").write_text(_text(sections), encoding="utf-8")


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
