"""The engine's commands that the sandbox passes on are the pinned engine's, and a stack is found in each form."""

import re
import subprocess

import pytest

from sandbox.engine.find import obtain_engine
from sandbox.engine.words import (
    ACTIVE,
    COMMANDS,
    OF_A_STACK,
    asks_for_details,
    chosen_stack,
    is_answered,
    shows_debug_messages,
    without_extent,
    without_option,
)


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
        ("up -sprod", "prod"),
        ("up -s=prod", "prod"),
        ("up -ys prod", "prod"),
        ("stack output --stack=prod", "prod"),
        ("stack rm prod --yes", "prod"),
        ("stack rm --yes prod", "prod"),
        ("stack remove prod", "prod"),
        ("stack delete prod", "prod"),
        ("cancel prod", "prod"),
        ("cancel --yes", None),
        ("stack rm --yes", None),
        ("stack output kubeconfig", None),
        ("config get prod", None),
    ],
)
def test_the_stack_of_a_command_line(line: str, stack: str | None) -> None:
    assert chosen_stack(line.split()) == stack


@pytest.mark.parametrize(
    ("line", "left", "extent"),
    [
        ("up --yes", "up --yes", "short"),
        ("up --verbose --yes", "up --yes", "whole"),
        ("preview --verbose", "preview", "whole"),
        ("up --brief", "up", "brief"),
        ("up --verbose 3", "up --verbose 3", "short"),
        ("up --verbose=3 -v 9", "up --verbose=3 -v 9", "short"),
    ],
)
def test_verbose_without_a_number_is_the_sandboxs(line: str, left: str, extent: str) -> None:
    assert without_extent(line.split()) == (left.split(), extent)


def test_who_asks_for_the_engines_lines_gets_them() -> None:
    assert asks_for_details(["preview", "--diff"])
    assert asks_for_details(["up", "--show-sames=true"])
    assert not asks_for_details(["up", "--yes"])


@pytest.mark.parametrize(
    ("line", "answered"),
    [
        ("up -f", True),
        ("refresh --preview-only", True),
        ("refresh --yes=true", True),
        ("import -f import.json", False),
        ("import -f import.json --yes", True),
        ("destroy --target a", False),
    ],
)
def test_an_import_names_a_file_with_the_option_that_answers_in_all_other_commands(
    line: str, answered: bool
) -> None:
    assert is_answered(line.split()) == answered


@pytest.mark.parametrize(
    "line", ["up --debug", "up -yd", "preview -v=9", "up --verbose 3", "preview --event-log file"]
)
def test_a_program_sends_its_debug_messages_if_the_engine_shows_or_stores_them(line: str) -> None:
    assert shows_debug_messages(line.split())


def test_a_program_sends_no_debug_messages_if_the_engine_drops_them(monkeypatch: pytest.MonkeyPatch) -> None:
    line = ["up", "--yes", "--stack", "dev-d", "-s", "prod", "--diff", "-f", "-c", "network:cidr=10.0.0.0/16"]
    monkeypatch.delenv("PULUMI_OPTION_DEBUG", raising=False)
    assert not shows_debug_messages(line)
    monkeypatch.setenv("PULUMI_OPTION_DEBUG", "true")
    assert shows_debug_messages(line)


@pytest.mark.parametrize("line", ["up --config-file x --yes", "up --config-file=x --yes"])
def test_an_option_with_its_value_is_taken_out(line: str) -> None:
    assert without_option(line.split(), "--config-file") == (["up", "--yes"], "x")
    assert without_option(["up"], "--config-file") == (["up"], None)
