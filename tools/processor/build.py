"""Builds the processor from the Go files of this folder, and stores it next to the engine.

Envoy AI Gateway, whose processor does this in a cluster, is not available as a Go module.
"""

import hashlib
from pathlib import Path

from sandbox.engine import go
from sandbox.engine.cache import cache_folder
from tools import go_programs

MODULE = Path(__file__).parent

NEEDS = "about a minute on two cores"


def program() -> Path:
    """The path of the program, which may not exist. Other sources have another path."""
    sources = sorted([*MODULE.glob("*.go"), MODULE / "go.mod", MODULE / "go.sum"])
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in sources)).hexdigest()[:12]
    return cache_folder().parent / f"processor-{digest}" / "processor"


def obtain(say: go.Say) -> Path:
    """The program, which is built if necessary. Raises `go.BuildError`, and EngineUnavailableError if the cache folder
    cannot be written."""
    return (
        go_programs.obtain(program().parent, MODULE, {"processor": "."}, needs=NEEDS, say=say) / "processor"
    )
