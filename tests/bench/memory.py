"""Measurements inside a separate process, such as its peak memory."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.harness import engine_on, link_repository, up_seconds
from tools.component_rules import ROOT

MEBIBYTE = 1024 * 1024

PROGRAM = """
from infra.offline import run as offline
from infra.project.stackfile import read_stack_file
from tests.bench.memory import peak_of_this_process

offline.run_offline(read_stack_file("staging"), "staging")
print(peak_of_this_process())
"""

SANDBOX = """
from tests.bench.memory import peak_of_a_sandbox

print(peak_of_a_sandbox())
"""


def peak_of_this_process() -> float:
    """In MiB. On Linux, the kernel's high-water mark for this process.

    getrusage's ru_maxrss is useless there: a process inherits it from its parent.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBIBYTE
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def peak_of_a_sandbox() -> float:
    """MiB of stand-ins and language host during an `up` of staging. Engine and program are other processes."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "staging"
        link_repository(folder, ROOT, "staging")
        with engine_on(folder) as process:
            up_seconds(process)
    return peak_of_this_process()


def measured(source: str) -> float:
    """The number that a separate program printed last. Its errors go to this process's standard error."""
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return float(json.loads(done.stdout.split()[-1]))
