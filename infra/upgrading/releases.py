"""The saved stacks of each release: their state, their stack file, and the settings that a user must change since then.

They are in tests/baselines, and in the same folder of the installed package. `python -m tools.baseline` saves them.
"""

import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from facts.engine_yaml import read_yaml
from facts.problem import InvalidInput, Problem
from infra.commands.yaml_text import as_yaml
from infra.project.stackfile import ROOT, StackFile, read_stack_file
from infra.settings.reading.prefixes import PROJECT

from .state import OldState, read_state

FOLDER = ROOT / "tests" / "baselines"
STATE = "state.json"
CHANGES = "changes.yaml"
"""Settings that a user must change, by stack and path, with their new values; null removes a setting."""


@dataclass(frozen=True, kw_only=True)
class SavedStack:
    """One stack of a release."""

    release: str
    stack: str
    folder: Path

    def state(self) -> OldState:
        """The state of the stack."""
        with tarfile.open(self.folder / f"{self.stack}.tar.xz") as archive:
            member = archive.extractfile(STATE)
            text = member.read().decode() if member else ""
        return read_state(text, f"{self.release}/{self.stack}")

    def text(self) -> str:
        """Its stack file, with the changes that a user must make, and no others."""
        content = cast(dict[str, Any], read_yaml(self.folder / f"{self.stack}.yaml").value)
        for path, value in self._changes().items():
            _set(content["config"], path, value)
        return as_yaml(content)

    def _changes(self) -> Mapping[str, object]:
        file = self.folder / CHANGES
        listed = read_yaml(file).value if file.is_file() else None
        found = cast(Mapping[str, object], listed).get(self.stack) if isinstance(listed, Mapping) else None
        return cast(Mapping[str, object], found) if isinstance(found, Mapping) else {}

    def stack_file(self) -> StackFile:
        """The settings of `text`."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / f"Pulumi.{self.stack}.yaml"
            file.write_text(self.text(), encoding="utf-8")
            return read_stack_file(self.stack, file)


def _set(config: dict[str, Any], path: str, value: object) -> None:
    section, *steps = path.split(".")
    inner: Any = config[f"{PROJECT}:{section}"]
    for step in steps[:-1]:
        inner = cast(Any, inner[int(step)] if isinstance(inner, list) else inner[step])
    if value is None:
        inner.pop(steps[-1], None)
    else:
        inner[steps[-1]] = value


def releases() -> list[str]:
    """The releases with saved stacks, oldest first."""
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir()) if FOLDER.is_dir() else []


def saved_stacks(release: str) -> list[SavedStack]:
    """The saved stacks of a release. Raises InvalidInput for an unknown release."""
    if release not in releases():
        allowed = "must be a release or a file with the JSON of `pulumi stack export`"
        raise InvalidInput([Problem.not_one_of("--check", release, releases(), allowed)], "the command")
    folder = FOLDER / release
    names = sorted(path.name.removesuffix(".tar.xz") for path in folder.glob("*.tar.xz"))
    return [SavedStack(release=release, stack=name, folder=folder) for name in names]
