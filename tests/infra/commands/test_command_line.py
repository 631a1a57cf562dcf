"""Rules for all commands of the project: both help options, a version, and no error when the reader closes the pipe."""

import re
import subprocess
from collections.abc import Iterator

import click
import click.testing
import pytest

from genai_playground import commands as scripts
from infra.commands.cli import main as playground
from sandbox.cli import cli as sandbox
from tools.system_tools import BIN


def commands(group: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    """Every command and group with its own help. Options of the engine have the engine's help."""
    yield path
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            if found:
                yield from commands(found, *path, name)


CUT_OFF = re.compile(r"^ {2}.*\.\.\.$|e\.g\.?$", re.MULTILINE)

ALL = [*commands(playground, "playground"), *commands(sandbox, "sandbox")]


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_explains_itself_within_80_columns(words: tuple[str, ...], option: str) -> None:
    root = playground if words[0] == "playground" else sandbox
    # Click leaves the last two columns of a terminal empty.
    found = click.testing.CliRunner().invoke(root, [*words[1:], option], terminal_width=78)
    assert found.exit_code == 0, found.output
    assert found.output.startswith("Usage: ")
    assert all(len(line) <= 80 for line in found.output.splitlines())
    assert not CUT_OFF.search(found.output), "a sentence is cut off"


@pytest.mark.parametrize(
    "words", [each for each in ALL if len(each) == 1] + [("sandbox", "cloud")], ids=" ".join
)
def test_a_narrow_terminal_cuts_no_line_of_a_group_off(words: tuple[str, ...]) -> None:
    root = playground if words[0] == "playground" else sandbox
    found = click.testing.CliRunner().invoke(root, [*words[1:], "--help"], terminal_width=50)
    assert found.exit_code == 0, found.output
    assert not CUT_OFF.search(found.output)


@pytest.mark.parametrize("name", ["playground", "sandbox"])
def test_every_program_prints_its_version(name: str) -> None:
    done = subprocess.run([BIN / name, "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(rf"{name} .*\d+\.\d+\.\d+\n", done.stdout)


@pytest.mark.parametrize("words", [["playground", "--help"], ["playground", "plan", "prod"]], ids=" ".join)
def test_a_closed_pipe_causes_no_traceback(words: list[str]) -> None:
    with subprocess.Popen(
        [BIN / words[0], *words[1:]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait() >= 0, "no signal ended it"
    assert "Traceback" not in said
    assert "BrokenPipeError" not in said


@pytest.mark.parametrize("name", ["playground", "sandbox"])
def test_ctrl_c_while_the_modules_load_causes_no_traceback(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scripts, "_enter", interrupted)
    with pytest.raises(SystemExit) as ended:
        getattr(scripts, name)()
    assert ended.value.code == 1
    assert capsys.readouterr().err == "\nAborted!\n"
