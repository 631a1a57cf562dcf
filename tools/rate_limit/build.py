"""Builds the rate limit service from its pinned Go module, and stores it next to the engine."""

from pathlib import Path

from sandbox.engine import go
from sandbox.engine.cache import cache_folder
from tools import go_programs

MODULE = Path(__file__).parent
"""The go.mod in this folder has the version that Envoy Gateway 1.8 was released with (go.mod of
envoyproxy/gateway v1.8.3)."""

NEEDS = "about two minutes on two cores"

_SERVICE = "github.com/envoyproxy/ratelimit"
_PACKAGES = {"ratelimit": f"{_SERVICE}/src/service_cmd"}


def version() -> str:
    """The pinned version."""
    lines = (MODULE / "go.mod").read_text(encoding="utf-8").splitlines()
    words = (line.split() for line in lines)
    return next(each[1] for each in words if each[:1] == [_SERVICE]).removeprefix("v")


def folder() -> Path:
    """The cache folder of this version, next to the engine's."""
    return cache_folder().parent / f"rate-limit-{version()}"


def present() -> Path | None:
    """The program, or None if it is not built."""
    program = folder() / "ratelimit"
    return program if program.is_file() else None


def obtain(say: go.Say) -> Path:
    """The program, which is built if necessary. Raises `go.BuildError`, and EngineUnavailableError if the cache folder
    cannot be written."""
    return go_programs.obtain(folder(), MODULE, _PACKAGES, needs=NEEDS, say=say) / "ratelimit"
