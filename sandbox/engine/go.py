"""Builds of programs from pinned Go modules: the go.sum beside each go.mod vouches for every source."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

Say = Callable[[str], None]


class BuildError(Exception):
    """A program could not be built; the text says why."""


def program() -> str:
    """Where Go stands. Raises BuildError."""
    found = shutil.which("go")
    if found is None:
        raise BuildError("no go on PATH")
    return found


def build(module: Path, package: str, target: Path, ldflags: str, say: Say) -> None:
    """Build a package of the module in a folder into `target`. Raises BuildError.

    `say` gets a line of progress at a time. An interrupted build is taken up again from Go's own cache.
    """
    go = program()
    say("downloading the sources")
    total = len(_run([go, "list", "-deps", package], module, say))
    compiled = 0

    def count(_package: str) -> None:
        nonlocal compiled
        compiled += 1
        if compiled % 100 == 0:
            say(f"compiled {compiled} of at most {total} packages")

    say(f"compiling at most {total} packages")
    _run([go, "build", "-v", "-ldflags", ldflags, "-o", str(target), package], module, say, count)


def environment() -> dict[str, str]:
    """The environment for Go: a workspace or a vendor flag of the user's would replace what go.sum pins."""
    kept = {name: value for name, value in os.environ.items() if name not in ("GOFLAGS", "GOWORK")}
    return kept | {"GOFLAGS": "-mod=readonly -buildvcs=false -trimpath", "GOWORK": "off", "CGO_ENABLED": "0"}


def _run(command: list[str], folder: Path, say: Say, heard: Say = lambda _: None) -> list[str]:
    """Run go, handing each line of its standard error to `heard`; the lines of its output come back."""
    last: list[str] = []
    with (
        tempfile.TemporaryFile("w+") as out,
        subprocess.Popen(
            command, cwd=folder, env=environment(), stdout=out, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stderr is not None  # noqa: S101 - asked for above
        downloads = 0
        for line in process.stderr:
            last = [*last[-9:], line.rstrip()]
            if line.startswith("go: downloading"):
                downloads += 1
                if downloads % 50 == 0:
                    say(f"{downloads} modules downloaded")
            else:
                heard(line.rstrip())
        if process.wait() != 0:
            raise BuildError("go said:\n      " + "\n      ".join(last))
        out.seek(0)
        return out.read().splitlines()
