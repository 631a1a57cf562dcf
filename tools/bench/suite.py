"""How long a warm `make test` takes."""

import subprocess
import time

from tools.bench.figure import Figure
from tools.component_rules import ROOT


def figures() -> list[Figure]:
    """One run of the whole suite with everything installed."""
    begun = time.perf_counter()
    done = subprocess.run(["make", "test"], cwd=ROOT, capture_output=True, text=True, check=False)
    took = time.perf_counter() - begun
    closing = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else "no output"
    return [Figure("a warm make test", took, "s", closing, 12 * 60)]
