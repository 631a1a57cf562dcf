"""Start-up, the second run, and memory."""

import tempfile
from pathlib import Path

from tests.bench.figure import Figure
from tests.bench.harness import engine_on, link_repository, up_seconds
from tests.bench.memory import PROGRAM, SANDBOX, measured
from tools.component_rules import ROOT

FIRST_REGISTRATION = """
import time
begun = time.perf_counter()
import os
from infra.offline.recorder import Recorder
from infra.offline.run import run_offline
from infra.project.stackfile import read_stack_file

def first(self, request):
    print(time.perf_counter() - begun, flush=True)
    os._exit(0)

Recorder.RegisterResource = first
run_offline(read_stack_file("staging"), "staging")
"""


def figures() -> list[Figure]:
    """A second `up`, the time to the first resource, and the peak memory of program and sandbox."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "staging"
        link_repository(folder, ROOT, "staging")
        with engine_on(folder) as process:
            first, second = up_seconds(process), up_seconds(process)
    return [
        Figure("no-op up against the first up", second / first, "x", f"{second:.2f} s against {first:.2f} s"),
        Figure(
            "from a cold import to the first resource",
            measured(FIRST_REGISTRATION),
            "s",
            "staging, no engine",
        ),
        Figure("peak memory of the program", measured(PROGRAM), "MiB", "staging, no engine"),
        Figure(
            "peak memory of the sandbox", measured(SANDBOX), "MiB", "stand-ins and language host, staging"
        ),
    ]
