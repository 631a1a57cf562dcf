"""Reads a stack file without an engine: its sections, and which values in it are encrypted.

It reads the file like the engine (`facts.engine_yaml`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from facts.engine_yaml import YamlText, read_yaml
from facts.problem import InvalidInput, Problem
from facts.projects import find_project
from facts.pydantic_words import UNKNOWN, path_of
from facts.stack_config import config_in
from infra.settings.reading.prefixes import PROJECT, sections_in
from infra.settings.values.secrets import ENCRYPTED

ROOT = Path(__file__).resolve().parents[2]
"""The folder of this code and of the files that are generated from it."""

_KEYS = ("config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt")
"""The top-level keys of a stack file. Source: the engine's sdk/go/common/workspace/project.go."""


class NoStackFileError(InvalidInput):
    """The stack has no file."""


@dataclass(frozen=True)
class StackFile:
    """The sections of a stack file by name, the paths of its encrypted values, and the problems outside of sections."""

    sections: Mapping[str, object]
    encrypted: frozenset[str]
    name: str
    problems: tuple[Problem, ...] = ()


def project_folder() -> Path:
    """The project folder: the nearest parent folder with a Pulumi.yaml. Raises NoProjectError if there is none."""
    return find_project(Path.cwd())


def stack_names() -> list[str]:
    """The stacks with a file in the project."""
    return sorted(
        path.name.removeprefix("Pulumi.").removesuffix(".yaml")
        for path in project_folder().glob("Pulumi.*.yaml")
    )


def read_stack_file(stack: str, path: Path | None = None) -> StackFile:
    """The settings of `stack`, from `path` or from its file in the project.

    Raises NoStackFileError if the file does not exist, InvalidInput if it cannot be read.
    """
    file = path or project_folder() / f"Pulumi.{stack}.yaml"
    if not file.exists():
        known = stack_names()
        rest = f"Stacks here: {', '.join(known)}" if known else "There is no stack file here"
        name = path.name if path else f"Pulumi.{stack}.yaml"
        raise NoStackFileError([Problem("STACK", stack, f"has no file {name}", rest)], "the command")
    found = read_yaml(file)
    config = _config(found, file.name)
    sections, problems = sections_in(dict(config))
    encrypted: set[str] = set()
    plain = {name: _plain(name, value, (), encrypted) for name, value in sections.items()}
    return StackFile(
        plain, frozenset(encrypted), file.name, (*_around(found, file.name), *_twice(config), *problems)
    )


def _config(found: YamlText, name: str) -> list[tuple[str, object]]:
    """The entries of `config` by full key. A key without a namespace belongs to the project."""
    entries = config_in(found.value, name)
    return [(key if ":" in key else f"{PROJECT}:{key}", value) for key, value in entries.items()]


def _around(found: YamlText, name: str) -> Iterator[Problem]:
    """Content that the engine ignores: unknown top-level keys, and everything after the first document."""
    if found.second_line is not None:
        yield Problem(
            f"{name}, line {found.second_line}",
            "---",
            "begins a second document, which the engine does not read",
            "Remove it",
        )
    for key in cast(Mapping[str, object], found.value or {}):
        if key not in _KEYS:
            allowed, otherwise = "is not a key that the engine reads here", "Sections belong under `config`"
            yield Problem.not_one_of(key, str(key), _KEYS, allowed, shown=UNKNOWN, otherwise=otherwise)


def _twice(config: Sequence[tuple[str, object]]) -> Iterator[Problem]:
    """Invalid keys, and two spellings of one key, of which the engine uses either."""
    seen: set[str] = set()
    for key, _ in config:
        short = key.replace(":config:", ":", 1)
        if short.count(":") != 1:
            yield Problem(key, UNKNOWN, "is not a valid configuration key", f"Write `{PROJECT}:name`")
        elif short in seen:
            yield Problem(short, "twice", "is set with and without its prefix", "Keep one of the two")
        seen.add(short)


def _plain(section: str, value: object, loc: tuple[int | str, ...], encrypted: set[str]) -> object:
    """The value with every `{secure: …}` replaced. The paths of these are added to `encrypted`."""
    if isinstance(value, Mapping):
        mapping = cast(Mapping[str, object], value)
        # The engine does not treat a number or a date under `secure` as ciphertext either.
        if set(mapping) == {"secure"} and type(mapping["secure"]) is str:
            encrypted.add(path_of(section, loc))
            return ENCRYPTED
        return {key: _plain(section, inner, (*loc, key), encrypted) for key, inner in mapping.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = cast(Sequence[object], value)
        return [_plain(section, inner, (*loc, index), encrypted) for index, inner in enumerate(items)]
    return value
