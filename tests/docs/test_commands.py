"""Every command that a page or a message recommends exists: its program parses it."""

import importlib.util
import re
import subprocess
from functools import cache

import click
import pytest

from infra.commands.cli import main as playground
from infra.commands.summary import NEXT_STEPS, REAL_NEXT_STEPS
from sandbox.cli import cli
from sandbox.engine.find import obtain_engine
from tests.docs.commands import CHECKED, ELSEWHERE, RUN, Command, all_commands
from tools.component_rules import ROOT

COMMANDS = all_commands()
VARIABLES = {"REAL", "STACK", "UNPROTECT", "VERBOSE", "PYTHON"}
PROSE = ("must", "says", "would", "needs", "sure")
"""Words that follow a program's name in a sentence, not in a command line."""


OWN = set(cli.list_commands(click.Context(cli)))
"""The commands of the sandbox itself. All others go to the engine."""


def commands_of(*programs: str) -> list[Command]:
    return [each for each in COMMANDS if each.program in programs]


def parse(group: click.Command, command: Command) -> None:
    """Parse a command line without running it. Arguments may be missing: a sentence may only name a command."""
    context, words = click.Context(group, **group.context_settings), list(command.words)
    current = group
    while isinstance(current, click.Group) and words and not words[0].startswith("-"):
        found = current.get_command(context, words[0])
        assert found is not None, f"{command}: {words[0]} is not a command"
        current, words = found, words[1:]
        context = click.Context(current, parent=context, info_name=current.name)
    try:
        current.make_context(str(current.name), words, parent=context.parent)
    except (click.MissingParameter, click.exceptions.Exit, click.exceptions.NoArgsIsHelpError):
        pass  # A sentence may name a command without arguments. --help exits.
    except click.BadParameter as wrong:
        # A word in capitals is a placeholder, and the file in an example may be missing.
        if not re.search(r"'[A-Z][A-Z-]+'|HOLE|does not exist|No such file", str(wrong)):
            pytest.fail(f"{command}: {wrong}")
    except click.UsageError as wrong:
        pytest.fail(f"{command}: {wrong.format_message()}")


def test_commands_are_found_on_pages_and_in_messages() -> None:
    places = {each.place.rsplit(".", 1)[-1] for each in COMMANDS}
    assert places == {"md", "py"}
    assert {each.program for each in COMMANDS} >= {*CHECKED, "oci", "kubectl"}


def test_every_command_that_no_test_parses_or_runs_has_a_reason() -> None:
    assert {each.program for each in COMMANDS} <= {*CHECKED, *RUN, *ELSEWHERE}


@pytest.mark.parametrize(
    "words", [("chek", "prod"), ("check", "prod", "--reel"), ("plan", "a", "b")], ids=" ".join
)
def test_a_wrong_command_would_be_found(words: tuple[str, ...]) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        parse(playground, Command("a page", "playground", words))


def test_every_playground_command_parses() -> None:
    for command in commands_of("playground"):
        parse(playground, command)


def test_every_command_of_the_sandbox_itself_parses() -> None:
    for command in commands_of("sandbox"):
        if command.words and command.words[0] in OWN:
            parse(cli, command)


def test_every_make_target_exists_and_reads_its_variables() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for command in commands_of("make"):
        named = [word for word in command.words if "=" not in word]
        if not named or named[0] in PROSE:
            continue
        assert set(named) <= {*targets, "&&", "make"}, str(command)
        assert {word.split("=")[0] for word in command.words if "=" in word} <= VARIABLES, str(command)


def test_the_next_steps_of_a_summary_parse() -> None:
    for told in (*NEXT_STEPS, *REAL_NEXT_STEPS):
        words = told.format(bin="", stack="staging", unprotect=" UNPROTECT=1").split()
        assert words[0] in CHECKED
        if words[0] == "playground":
            parse(playground, Command("the summary", words[0], tuple(words[1:])))
        elif words[0] == "sandbox":
            parse(cli, Command("the summary", words[0], tuple(words[1:])))
        elif words[0] == "make":
            assert {word.split("=")[0] for word in words if "=" in word} <= VARIABLES


def test_every_python_module_to_run_exists() -> None:
    for command in commands_of("python"):
        if command.words[:1] == ("-m",):
            assert importlib.util.find_spec(command.words[1]), str(command)


@cache
def _help(path: tuple[str, ...]) -> str:
    engine = obtain_engine(print)
    return subprocess.run(
        [str(engine.path), *path, "--help"], capture_output=True, text=True, check=False
    ).stdout


UNLISTED = "--event-log"
"""An option of the engine's debugging, which `--help` does not list. Source: pkg/cmd/pulumi/operations/preview.go."""


@pytest.mark.engine
def test_every_command_of_the_engine_exists_with_its_options() -> None:
    for command in commands_of("pulumi", "sandbox"):
        words = command.words
        if (
            not words
            or (command.program == "sandbox" and words[0] in OWN)
            or not re.fullmatch("[a-z]+", words[0])
        ):
            continue
        path = words[:1]
        if len(words) > 1 and re.fullmatch("[a-z-]+", words[1]) and f"\n  {words[1]} " in _help(path):
            path = words[:2]
        told = _help(path)
        assert f"pulumi {' '.join(path)}" in told, (
            f"{command}: {' '.join(path)} is not a command of the engine"
        )
        for word in words:
            option = word.split("=")[0]
            if option.startswith("--") and option != UNLISTED:
                assert f" {option}" in told, f"{command}: the engine has no option {option}"


def test_make_with_the_real_provider_adds_it_to_those_that_the_user_named() -> None:
    for target in ("up", "preview", "down"):
        words = ["make", "-n", target, "REAL=1", "-o", ".venv/.ready"]
        shown = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        assert 'SANDBOX_PROVIDERS="$SANDBOX_PROVIDERS,oci=real" .venv/bin/' in shown
