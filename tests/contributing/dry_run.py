"""A copy of the repository in which a test follows one section of CONTRIBUTING.md, step by step."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.component_rules import ROOT


@dataclass(frozen=True)
class DryRun:
    """The copy, and the section. A test may only write files and run commands that the section names."""

    folder: Path
    section: str

    @classmethod
    def of(cls, heading: str, folder: Path) -> "DryRun":
        """A copy of the repository's files with this Python environment, for the section with this heading."""
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        for name in subprocess.run(
            listed, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.splitlines():
            if (ROOT / name).is_file():
                _copy(ROOT / name, folder / name)
        _link_environment(folder / ".venv")
        (section,) = re.findall(
            rf"^## {heading}\n(.*?)(?=^## |\Z)",
            (ROOT / "CONTRIBUTING.md").read_text(),
            re.DOTALL | re.MULTILINE,
        )
        return cls(folder, section)

    def write(self, path: str, text: str) -> None:
        """Write a new file. The section must name it."""
        assert self._names(path), f"the section does not name {path}"
        file = self.folder / path
        assert not file.exists()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a file. The section must name it, and `old` must occur once."""
        assert self._names(path), f"the section does not name {path}"
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times"
        (self.folder / path).write_text(text.replace(old, new), encoding="utf-8")

    def insert(self, path: str, below: str, lines: str) -> None:
        """Insert lines below an existing line."""
        self.edit(path, below, below + lines)

    def read(self, path: str) -> str:
        """The text of a file."""
        return (self.folder / path).read_text(encoding="utf-8")

    def passes(self, command: str) -> str:
        """The output of a command of the section, which must succeed."""
        status, output = self._run(command)
        assert status == 0, output
        return output

    def fails(self, command: str) -> str:
        """The output of a command of the section, which must fail because a step is missing."""
        status, output = self._run(command)
        assert status != 0, f"{command} succeeds: {output}"
        return output

    def _run(self, command: str) -> tuple[int, str]:
        assert self._names(command), f"the section does not name {command}"
        hidden = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "MAKEFLAGS")
        kept = {key: value for key, value in os.environ.items() if key not in hidden and "PYTEST" not in key}
        done = subprocess.run(
            shlex.split(command), cwd=self.folder, env=kept, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def _names(self, words: str) -> bool:
        """Whether the section has these words in backticks. `<noun>` and the like match any name."""
        for told in re.findall(r"`([^`]+)`", self.section):
            pattern = re.sub("<[A-Za-z]+>", r"[\\w.-]+", re.escape(" ".join(told.split())))
            if re.fullmatch(pattern, words):
                return True
        return False


def _copy(file: Path, copy: Path) -> None:
    """Copy a file, and the bytecode of a module: to compile all modules takes ten seconds."""
    compiled = [each for each in file.parent.glob(f"__pycache__/{file.stem}.*.pyc") if file.suffix == ".py"]
    (copy.parent / "__pycache__" if compiled else copy.parent).mkdir(parents=True, exist_ok=True)
    shutil.copy2(file, copy)
    for each in compiled:
        shutil.copy2(each, copy.parent / "__pycache__")


def _link_environment(copy: Path) -> None:
    """Give the copy this environment's packages. Its own code is found relative to the environment."""
    own = Path(sys.prefix)
    (copy / "bin").mkdir(parents=True)
    (copy / "lib").symlink_to(own / "lib")
    shutil.copy(own / "pyvenv.cfg", copy)
    for program in (own / "bin").iterdir():
        if program.is_symlink():
            (copy / "bin" / program.name).symlink_to(program.readlink())
        elif program.is_file() and program.read_bytes()[:2] == b"#!":
            shutil.copy(program, copy / "bin")  # such a script looks for python in its own folder
        else:
            (copy / "bin" / program.name).symlink_to(program)
    (copy / ".ready").touch()
