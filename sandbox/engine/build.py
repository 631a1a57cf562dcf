"""Builds the CLI from its pinned Go module. The go.sum beside this file has the checksums of all sources."""

from collections.abc import Callable
from pathlib import Path

from sandbox.engine import go
from sandbox.engine.cache import install, scratch
from sandbox.engine.pin import PACKAGE, VERSION, VERSION_SYMBOL, EngineUnavailableError

MODULE = Path(__file__).parent
NEEDS = "about five minutes on two cores, 3 GB of Go cache"


def build_from_source(say: Callable[[str], None]) -> Path:
    """Build and install the CLI. An interrupted build continues from Go's own cache."""
    try:
        go.program()
        say(f"building Pulumi {VERSION} from source ({NEEDS}); this happens once")
        with scratch() as folder:
            built = Path(folder) / "pulumi"
            go.build(MODULE, PACKAGE, built, f"-s -w -X {VERSION_SYMBOL}=v{VERSION}", say)
            return install(built)
    except go.BuildError as failure:
        raise EngineUnavailableError(str(failure)) from failure
