"""The programs that the bench keeps as text still run, so that a rename elsewhere does not break `make bench`."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from infra.offline.recorder import Cloud, Recorder, record
from infra.settings.reading.prefixes import PROJECT
from tests.bench import commands, growth, memory, start

A_FEW = 60
"""Resources for a program whose number of resources is a setting."""

MEASURED = {
    "start.FIRST_REGISTRATION": start.FIRST_REGISTRATION,
    "memory.PROGRAM": memory.PROGRAM,
    # One small package is enough to show that the program runs.
    "commands.YARDSTICK": re.sub(r"\(.*database.*\)", '("streaming",)', commands.YARDSTICK) + "print(1)",
    # The rest of this program starts the engine.
    "memory.SANDBOX": memory.SANDBOX.replace(
        "print(peak_of_a_sandbox())", "print(callable(peak_of_a_sandbox) + 0)"
    ),
}
"""Programs without an engine. Each prints a number."""

RECORDED = {"growth.OCI": growth.OCI, "growth.KUBERNETES": growth.KUBERNETES}
"""Programs of the engine."""

PARTS = {"growth.NETWORK"}
"""Texts that are only the beginning of another program."""


@pytest.mark.parametrize("name", MEASURED)
def test_a_program_prints_its_measurement(name: str):
    assert memory.measured(MEASURED[name]) > 0


@pytest.mark.parametrize("name", RECORDED)
def test_a_program_registers_as_many_resources_as_it_is_told(name: str):
    recorder = Recorder(Cloud(calls={}), "bench")
    recording = record(lambda: exec(RECORDED[name], {}), recorder, {f"{PROJECT}:count": str(A_FEW)})  # noqa: S102
    # The engine counts the stack as a resource too.
    assert abs(len(recording.resources) + 1 - A_FEW) <= 2


def test_every_program_of_the_bench_is_run_here():
    modules = [
        import_module(f"tests.bench.{path.stem}")
        for path in Path(__file__).parent.glob("*.py")
        if not path.stem.startswith(("test_", "__"))
    ]
    # A program that one module imports from another counts once.
    texts = {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, str) and re.search(r"^(import|from) ", value, re.MULTILINE)
    }
    listed = MEASURED.keys() | RECORDED.keys() | PARTS
    assert listed <= texts.keys()
    assert set(texts.values()) == {texts[name] for name in listed}
