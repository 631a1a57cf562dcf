"""The commands that read prod without an engine, compared with loading the SDKs' largest packages.

The figure is a ratio of user CPU seconds, so it hardly depends on the machine or its load. Each run is its own process,
and the runs alternate. The comparison loads the packages completely. The commands load only parts of them.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.bench.figure import Figure
from tools.component_rules import ROOT

ROUNDS = 3
STACK = "prod"
COMMANDS = ("report", "render", "check")

BOUNDS = {"report": 1.07, "render": 1.09}
"""Half of the ratios before the SDKs' packages were loaded on demand: 2.13 and 2.19, measured with this yardstick."""

YARDSTICK = """
from importlib import import_module
for package in ("core", "identity", "database", "containerengine"):
    import_module(f"pulumi_oci.{package}").outputs
import_module("pulumi_kubernetes.core.v1").outputs
"""
"""The packages load lazily: reading an attribute loads them."""


def user_seconds(*command: str) -> float:
    """User CPU seconds of one run of a command."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime


def figures() -> list[Figure]:
    """Each command's time divided by the yardstick's. Both are the minimum of ROUNDS runs."""
    playground = str(Path(sys.executable).parent / "playground")
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    loading: list[float] = []
    for _ in range(ROUNDS):
        loading.append(user_seconds(sys.executable, "-c", YARDSTICK))
        for name, seconds in taken.items():
            seconds.append(user_seconds(playground, name, STACK))
    least = min(loading)
    return [
        Figure(
            f"playground {name} {STACK} against loading the SDKs",
            min(seconds) / least,
            "x",
            f"user time, least of {ROUNDS}: {min(seconds):.2f} s against {least:.2f} s",
            BOUNDS.get(name),
        )
        for name, seconds in taken.items()
    ]
