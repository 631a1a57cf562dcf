"""`make prove`: the long proofs with real parts, which `make test` leaves out."""

import sys

from sandbox.engine.go import BuildError
from sandbox.engine.pin import EngineUnavailableError
from tools.api_server.build import obtain
from tools.entry import start
from tools.make_test import get_engine, pytest
from tools.system_tools import left_out


def main() -> int:
    """Install the engine and the API server, then run the proofs."""
    get_engine()
    marked, missing = "prove", 0
    try:
        obtain(lambda line: print(f"api server: {line}", flush=True))
    except (BuildError, EngineUnavailableError) as failure:
        marked = "prove and not api_server"
        missing = left_out("the comparison with a real API server", f"it cannot be built: {failure}")
    # The tests of a file stay together, because those of a stack's life depend on one another.
    return pytest("-m", marked, "--dist", "loadfile", *sys.argv[1:]) or missing


if __name__ == "__main__":
    start(main)
