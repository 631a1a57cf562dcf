"""The real OCI CLI knows every command of its own that a page or a message recommends, with its options."""

import os
import re
import subprocess
from functools import cache
from itertools import takewhile

import pytest

from tests.docs.commands import Command, all_commands
from tests.support.oci_cli import run_cli

pytestmark = pytest.mark.prove

COMMANDS = {each.words: each for each in all_commands() if each.program == "oci" and each.words}


@cache
def shown_help(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING": "True"}
    return run_cli((*words, "--help"), environment)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=str)
def test_the_cli_has_the_command_and_its_options(command: Command) -> None:
    path = list(takewhile(lambda word: not word.startswith("-"), command.words))
    done = shown_help(*path)
    assert done.returncode == 0, done.stderr
    usage = done.stdout.partition("\n\n")[0]
    assert " ".join(path) in " ".join(usage.split()), "the help is that of another command"
    assert "COMMAND [ARGS]" not in usage, "a group, not a command"
    known = set(re.findall(r"--[a-z][a-z0-9-]*", done.stdout + shown_help().stdout))
    assert {word.partition("=")[0] for word in command.words if word.startswith("--")} <= known


def test_a_page_recommends_commands_of_the_cli() -> None:
    assert any(each.place.startswith("docs/") for each in COMMANDS.values())
