"""The project's files at a revision of git, in a temporary folder. The repository and its work tree do not change."""

import os
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from facts.problem import InvalidInput, Problem

_SHORT = 10
"""Characters of a commit's hash that are shown."""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """The project at a revision."""

    name: str
    """As the user named it."""

    commit: str
    """The first characters of the commit's hash."""

    folder: Path
    """The project's folder with the files of the revision. It exists only inside of the `with` block."""


@contextmanager
def at_revision(project: Path, name: str, option: str) -> Generator[Revision]:
    """The project's files at a revision. Raises InvalidInput, with `option`, if there is no such revision."""
    git = which("git")
    if git is None:
        raise _invalid(option, name, "needs git, which is not installed")
    top, prefix = _place(git, project, name, option)
    commit = _git(git, project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit.returncode:
        fix = "A shallow clone lacks older revisions"
        raise _invalid(option, name, f"must be a revision of the git repository {top}", fix)
    with TemporaryDirectory(prefix="playground-") as temporary:
        files = Path(temporary, "files")
        index = {"GIT_INDEX_FILE": str(Path(temporary, "index"))}
        for words in (
            ("read-tree", commit.stdout.strip()),
            ("checkout-index", "--all", f"--prefix={files}{os.sep}"),
        ):
            ran = _git(git, Path(top), *words, more=index)
            if ran.returncode:
                raise _invalid(option, name, f"cannot be read: {_reason(ran)}")
        yield Revision(name=name, commit=commit.stdout[:_SHORT], folder=files / prefix)


def _place(git: str, project: Path, name: str, option: str) -> tuple[str, str]:
    """The top folder of the repository, and the project's folder in it."""
    found = _git(git, project, "rev-parse", "--show-toplevel", "--show-prefix")
    if found.returncode:
        raise _invalid(option, name, f"needs a git repository; git says of {project}: {_reason(found)}")
    top, prefix = found.stdout.split("\n")[:2]
    return top, prefix


def _git(
    git: str, folder: Path, *words: str, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    # In a hook, git sets variables that name another repository or index.
    own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return subprocess.run(
        [git, *words], cwd=folder, env={**own, **(more or {})}, capture_output=True, text=True, check=False
    )


def _reason(ran: subprocess.CompletedProcess[str]) -> str:
    return (ran.stderr.strip().splitlines() or [f"git ended with {ran.returncode}"])[0]


def _invalid(option: str, name: str, allowed: str, fix: str = "") -> InvalidInput:
    return InvalidInput([Problem(option, name, allowed, fix)], "the command")
