"""The bench's memory figures: each is that of one process, without its parent's memory."""

import subprocess
import sys

from tests.bench.memory import MEBIBYTE, measured, peak_of_this_process
from tools.component_rules import ROOT

HELD = 256
CHILD = "from tests.bench.memory import peak_of_this_process; print(peak_of_this_process())"
PARENT = f"""
import subprocess, sys
held = bytearray(b"x" * ({HELD} * {MEBIBYTE}))
print(subprocess.run([sys.executable, "-c", {CHILD!r}], capture_output=True, text=True, check=True).stdout)
"""


def test_a_child_does_not_begin_at_the_peak_of_its_parent() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PARENT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert float(done.stdout.strip()) < HELD, (
        "the child's memory is an interpreter, without its parent's memory"
    )


def test_the_memory_of_the_process_is_counted() -> None:
    source = f"held = bytearray(b'x' * ({HELD} * {MEBIBYTE}))\n{CHILD}"
    assert measured(source) > HELD
    assert peak_of_this_process() > 10
