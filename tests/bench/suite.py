"""Time of `make test` and `make prove` with everything installed."""

import subprocess
import time

from tests.bench.figure import Figure
from tools.component_rules import ROOT


def figures() -> list[Figure]:
    """One run of each."""
    return [_warm("test", 6 * 60), _warm("prove", 24 * 60)]


def _warm(target: str, bound: float) -> Figure:
    begun = time.perf_counter()
    done = subprocess.run(["make", target], cwd=ROOT, capture_output=True, text=True, check=False)
    took = time.perf_counter() - begun
    closing = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else "no output"
    return Figure(f"a warm make {target}", took, "s", closing, bound)
