"""The engine's commands that the sandbox passes on are the pinned engine's, and a stack is found in each form."""

import re
import subprocess

import pytest

from sandbox.engine.find import obtain_engine
from sandbox.engine.words import ACTIVE, COMMANDS, OF_A_STACK, chosen_stack


def test_the_sandbox_knows_the_engines_commands() -> None:
    pulumi = obtain_engine(lambda _: None).path
    told = subprocess.run([pulumi, "help"], capture_output=True, text=True, check=True).stdout
    listed = set(re.findall(r"^  ([a-z-]+) {2,}\S", told, re.MULTILINE))
    assert listed > {"up", "stack", "plugin"}
    assert listed - COMMANDS == set()
    for word in COMMANDS - listed:
        done = subprocess.run([pulumi, word, "--help"], capture_output=True, text=True, check=False)
        assert re.search(rf"(Usage:\n  pulumi |Aliases:\n.*\b){word}\b", done.stdout), word


def test_commands_that_call_providers_need_a_stack() -> None:
    assert ACTIVE <= OF_A_STACK <= COMMANDS


@pytest.mark.parametrize(
    ("line", "stack"),
    [
        ("up --stack prod", "prod"),
        ("up -s prod", "prod"),
        ("stack output --stack=prod", "prod"),
        ("stack rm prod --yes", "prod"),
        ("stack rm --yes prod", "prod"),
        ("cancel prod", "prod"),
        ("cancel --yes", None),
        ("stack rm --yes", None),
        ("stack output kubeconfig", None),
        ("config get prod", None),
    ],
)
def test_the_stack_of_a_command_line(line: str, stack: str | None) -> None:
    assert chosen_stack(line.split()) == stack
