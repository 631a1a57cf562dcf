"""`make prove`: the long proofs with real parts, which `make test` leaves out."""

import sys
from collections.abc import Callable
from pathlib import Path

from sandbox.engine.go import BuildError
from sandbox.engine.pin import EngineUnavailableError
from tools import gateway
from tools.api_server import build as api_server
from tools.entry import start
from tools.make_test import get_engine, pytest
from tools.rate_limit import build as rate_limit
from tools.system_tools import CHROMIUM, REDIS, ROOT, WATCHING, ensure, left_out, report_left_out

BUILT: dict[str, tuple[str, Callable[[Callable[[str], None]], object]]] = {
    "api_server": ("the comparison with a real API server", api_server.obtain),
    "gateway": ("the tests of the gateway in a real Envoy", gateway.obtain),
    "rate_limit": ("the tests of the limits with the real service", rate_limit.obtain),
}
"""What is built from Go modules, by the mark of the tests that need it."""

LONGEST = (
    "tests/engine/test_kills.py",
    "tests/docs/test_commands_run.py",
    "tests/sandbox/kubernetes/judged/test_spoiled_objects.py",
    "tests/engine/test_life_of_a_stack.py",
    "tests/engine/test_life_of_prod.py",
    "tests/engine/test_examples.py",
    "tests/engine/test_existing.py",
    "tests/engine/test_upgrades.py",
    "tests/engine/test_state_in_object_storage.py",
    "tests/package/test_other_programs.py",
    "tests/contributing/test_add_a_component.py",
    "tests/sandbox/wire/test_oci_cli_services.py",
)
"""Files of a minute or more. They start first, because one that starts last runs alone."""


def main() -> int:
    """Install what the proofs need, then run them."""
    tools = ensure([*WATCHING, REDIS, CHROMIUM])
    get_engine()
    without, missing = {"rate_limit"} if REDIS in tools else set[str](), 0
    for mark, (what, obtain) in BUILT.items():
        try:
            obtain(lambda line, mark=mark: print(f"{mark.replace('_', ' ')}: {line}", flush=True))
        except (BuildError, EngineUnavailableError) as failure:
            without.add(mark)
            missing |= left_out(what, f"it cannot be built: {failure}")
    marked = " and not ".join(("prove", *sorted(without)))
    # The tests of a file stay together, because those of a stack's life depend on one another.
    together = ("--dist", "loadfile", "--no-loadscope-reorder", "-p", "tools.together")
    # Proofs of the traffic path wait more than they compute.
    status = pytest("-m", marked, *together, *(sys.argv[1:] or proofs()), spare=1)
    return status or missing or report_left_out(tools)


def proofs() -> list[str]:
    """The files with proofs, the longest first. Pytest needs not import the others."""
    files = [path for path in sorted((ROOT / "tests").rglob("test_*.py")) if _has_proofs(path)]
    return sorted((str(path.relative_to(ROOT)) for path in files), key=lambda name: name not in LONGEST)


def _has_proofs(path: Path) -> bool:
    return "pytest.mark.prove" in path.read_text(encoding="utf-8")


if __name__ == "__main__":
    start(main)
