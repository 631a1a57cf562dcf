"""Builds programs from pinned Go modules. The go.sum beside each go.mod has the checksums of all sources."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

Say = Callable[[str], None]


class BuildError(Exception):
    """A program cannot be built; the text says why."""


def program() -> str:
    """The path of the `go` command. Raises BuildError if it is missing."""
    found = shutil.which("go")
    if found is None:
        raise BuildError("`go` is not on PATH")
    return found


def build(module: Path, package: str, target: Path, ldflags: str, say: Say) -> None:
    """Build a package of the Go module in a folder, and write the program to `target`. Raises BuildError.

    `say` gets each line of progress. An interrupted build continues from Go's own cache.
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
    """The environment for Go, without the user's settings that could replace the pinned sources."""
    kept = {name: value for name, value in os.environ.items() if name not in ("GOFLAGS", "GOWORK")}
    return kept | {"GOFLAGS": "-mod=readonly -buildvcs=false -trimpath", "GOWORK": "off", "CGO_ENABLED": "0"}


def _run(command: list[str], folder: Path, say: Say, heard: Say = lambda _: None) -> list[str]:
    """Run go and return the lines of its output. `heard` gets each line of its standard error."""
    last: list[str] = []
    with (
        tempfile.TemporaryFile("w+") as out,
        subprocess.Popen(
            command, cwd=folder, env=environment(), stdout=out, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stderr is not None  # noqa: S101 - requested above
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
            raise BuildError("go failed:\n      " + "\n      ".join(last))
        out.seek(0)
        return out.read().splitlines()
