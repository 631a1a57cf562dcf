"""Runs `playground` and `sandbox`. Their modules are imported once for all commands of a test process.

Importing takes most of a command's time. Tests that kill a command, or send it a signal, start the console script
itself.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

LONGEST = 600
"""Seconds after which a command is ended."""


def run_own(
    words: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a command, which begins with the program's name, in a folder."""
    with tempfile.TemporaryDirectory() as place:
        output, errors = Path(place, "output"), Path(place, "errors")
        for file in (output, errors):
            file.touch()
        status = run_onto(words, folder, environment, str(output), str(errors))
        return subprocess.CompletedProcess(
            words, status, output.read_text("utf-8"), errors.read_text("utf-8")
        )


def run_onto(
    words: Sequence[str], folder: Path, environment: Mapping[str, str] | None, output: str, errors: str
) -> int:
    """Run a command with these files, or this terminal, for its output. Returns its exit status."""
    program, *rest = words
    process = _process(program)
    assert process.stdin
    assert process.stdout
    command = {"words": rest, "folder": str(folder), "seconds": LONGEST}
    command |= {"environment": dict(os.environ if environment is None else environment)}
    process.stdin.write(json.dumps(command | {"output": output, "errors": errors}) + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


@cache
def _process(program: str) -> "subprocess.Popen[str]":
    """The process whose forks run a program's commands. It ends when its input does: a killed test run leaves none."""
    forks = Path(__file__).with_name("forks.py")
    process = subprocess.Popen(
        [sys.executable, "-P", str(forks), program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)
    return process
