"""Reading a stack's file without an engine: its sections, and which values in it are encrypted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from facts.problem import InvalidInput, Problem

from .settings.wording import path_of

PROJECT = "genai-playground"
ROOT = Path(__file__).resolve().parents[1]
"""The project's root: Pulumi.yaml and the stack files stand here."""

ENCRYPTED = "[encrypted]"
"""Stands for a value that only the engine can decrypt."""


@dataclass(frozen=True)
class StackFile:
    """The sections of a stack file by name, and the paths of its encrypted values."""

    sections: Mapping[str, object]
    encrypted: frozenset[str]
    name: str


def stack_names() -> list[str]:
    """Stacks that have a file in the project."""
    return sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))


def read_stack_file(stack: str, path: Path | None = None) -> StackFile:
    """The settings of `stack`, from `path` or from its file in the project; InvalidInput if there is none."""
    file = path or ROOT / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        known = ", ".join(stack_names())
        raise InvalidInput(
            [Problem("STACK", stack, f"has no file {file.name}", f"Stacks here: {known}")], "the command"
        )
    try:
        content: object = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise InvalidInput([Problem(file.name, str(error), "must be YAML")], file.name) from error
    encrypted: set[str] = set()
    sections: dict[str, object] = {}
    for key, value in _mapping(_mapping(content).get("config")).items():
        namespace, _, name = key.rpartition(":")
        if namespace in {"", PROJECT}:
            sections[name] = _plain(name, value, (), encrypted)
    return StackFile(sections, frozenset(encrypted), file.name)


def _mapping(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}


def _plain(section: str, value: object, loc: tuple[int | str, ...], encrypted: set[str]) -> object:
    """The value with `{secure: …}` replaced, whose paths are added to `encrypted`."""
    if isinstance(value, Mapping):
        mapping = cast(Mapping[str, object], value)
        if set(mapping) == {"secure"}:
            encrypted.add(path_of(section, loc))
            return ENCRYPTED
        return {key: _plain(section, inner, (*loc, key), encrypted) for key, inner in mapping.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = cast(Sequence[object], value)
        return [_plain(section, inner, (*loc, index), encrypted) for index, inner in enumerate(items)]
    return value
