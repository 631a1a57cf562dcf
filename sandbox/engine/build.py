"""A build of the CLI from its pinned Go module; go.sum beside this file vouches for every source."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from sandbox.engine.cache import install, scratch
from sandbox.engine.pin import PACKAGE, VERSION, VERSION_SYMBOL, EngineUnavailableError

MODULE = Path(__file__).parent
NEEDS = "about five minutes on two cores, 3 GB of Go cache"


def build_from_source(say: Callable[[str], None]) -> Path:
    """Build and install the CLI; an interrupted build is taken up again from Go's own cache."""
    go = shutil.which("go")
    if go is None:
        raise EngineUnavailableError("no go on PATH")
    say(f"building Pulumi {VERSION} from source ({NEEDS}); this happens once")
    say("downloading the sources")
    total = _count_packages(go, say)
    with scratch() as folder:
        built = Path(folder) / "pulumi"
        _compile(go, built, total, say)
        return install(built)


def _environment() -> dict[str, str]:
    # A workspace or a vendor flag of the user's would replace what go.sum pins.
    kept = {name: value for name, value in os.environ.items() if name not in ("GOFLAGS", "GOWORK")}
    return kept | {"GOFLAGS": "-mod=readonly -buildvcs=false -trimpath", "GOWORK": "off", "CGO_ENABLED": "0"}


def _count_packages(go: str, say: Callable[[str], None]) -> int:
    return len(_run([go, "list", "-deps", PACKAGE], say))


def _compile(go: str, target: Path, total: int, say: Callable[[str], None]) -> None:
    flags = f"-s -w -X {VERSION_SYMBOL}=v{VERSION}"
    compiled = 0

    def count(_package: str) -> None:
        nonlocal compiled
        compiled += 1
        if compiled % 100 == 0:
            say(f"compiled {compiled} of at most {total} packages")

    say(f"compiling at most {total} packages")
    _run([go, "build", "-v", "-ldflags", flags, "-o", str(target), PACKAGE], say, count)


def _run(
    command: list[str], say: Callable[[str], None], heard: Callable[[str], None] = lambda _: None
) -> list[str]:
    """Run go, handing each line of its standard error to `heard`; the lines of its output come back."""
    last: list[str] = []
    with (
        tempfile.TemporaryFile("w+") as out,
        subprocess.Popen(
            command, cwd=MODULE, env=_environment(), stdout=out, stderr=subprocess.PIPE, text=True
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
            raise EngineUnavailableError("go said:\n      " + "\n      ".join(last))
        out.seek(0)
        return out.read().splitlines()
