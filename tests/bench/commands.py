"""The commands that read prod without an engine, against the loading of the SDKs' largest packages.

Compared are user seconds of the processor, each in a process of its own and in turns: the ratio stays where the machine
is another or busy. The packages are loaded whole, which the commands avoid.
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

YARDSTICK = """
from importlib import import_module
for package in ("core", "identity", "database", "containerengine"):
    import_module(f"pulumi_oci.{package}").outputs
import_module("pulumi_kubernetes.core.v1").outputs
"""
"""The packages put off their loading until something is asked of them."""


def user_seconds(*command: str) -> float:
    """What one run of a command took of the processor, without what it left to the system."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime


def figures() -> list[Figure]:
    """Each command's ratio to the yardstick: the least of a few rounds of either."""
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
        )
        for name, seconds in taken.items()
    ]
