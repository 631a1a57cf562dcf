"""Child processes: servers that end with the tests, and processes that tests kill."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
"""Source: linux/prctl.h."""
_LIBC = ctypes.CDLL(None)


def start_server(
    command: list[str],
    *,
    output: IO[bytes] | int | None = None,
    errors: IO[bytes] | int | None = None,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a server. On Linux the kernel kills it when this process ends, so that a killed test run leaves none.

    `errors`: standard error, if it goes elsewhere than `output`. `environment`: variables beside those of this process.
    """
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=output,
        stderr=output if errors is None else errors,
        # Ctrl-C in the terminal is for this process alone, which then ends its servers in their order.
        process_group=0,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - it only calls libc
    )


def _end_with_parent() -> None:
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def family(root: int) -> dict[int, str]:
    """The process ids of `root` and of all its descendants, each with the file name of the program that it runs.

    One `ps` shows them all: a command for each process takes more time than the processes.
    """
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    programs: dict[int, str] = {}
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        pid, parent, program, *_ = [*line.split(maxsplit=3), ""]
        programs[int(pid)] = program.rsplit("/", 1)[-1]
        children.setdefault(int(parent), []).append(int(pid))
    found, waiting = {}, [root]
    while waiting:
        pid = waiting.pop()
        found[pid] = programs.get(pid, "")
        waiting += children.get(pid, [])
    return found


def descendants(root: int) -> list[int]:
    """The process ids of `root` and of all its descendants."""
    return [*family(root)]


def named(root: int, program: str) -> int:
    """The descendant of `root` that runs the program with this file name."""
    for pid, runs in family(root).items():
        if runs == program:
            return pid
    raise ProcessLookupError(f"no {program} below {root}")


def ends(pid: int, within_seconds: float = 60) -> bool:
    """Whether a process ends within the time."""
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
