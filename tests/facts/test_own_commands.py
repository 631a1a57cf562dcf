"""A message names a command of the project as this user can run it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from facts.own_commands import as_run_here, bin_folder
from infra.commands.cli import COMMANDS
from sandbox.cli import cli
from sandbox.engine.words import COMMANDS as OF_THE_ENGINE
from tools.system_tools import BIN, ROOT

FOLDERS = ("components", "facts", "infra", "policies", "report", "sandbox", "serving", "tools")
WORDS = sorted({*COMMANDS, *OF_THE_ENGINE, *cli.list_commands(click.Context(cli))})
BARE = re.compile(rf"(?<![`\w./}}-])(?:playground|sandbox) (?:{'|'.join(WORDS)})\b")


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH without the project's commands."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def test_a_command_on_the_path_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(BIN))
    assert as_run_here("run `playground check prod`") == "run `playground check prod`"
    assert bin_folder() == ""


def test_the_command_of_another_checkout_on_the_path_is_not_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "playground"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(ROOT)
    assert bin_folder() == ".venv/bin/"


@pytest.mark.usefixtures("elsewhere")
def test_other_commands_get_their_folder_as_seen_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    told = (
        "Run `playground check prod`, or `sandbox …`. The `sandbox` and `pulumi up`, sandbox: `sandbox-x y`"
    )
    shown = "Run `.venv/bin/playground check prod`, or `.venv/bin/sandbox …`. The `sandbox` and `pulumi up`, sandbox: "
    assert as_run_here(told) == f"{shown}`sandbox-x y`"
    assert as_run_here(as_run_here(told)) == as_run_here(told)
    monkeypatch.chdir(ROOT / "docs")
    assert bin_folder() == "../.venv/bin/"


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sandbox", "up", "staging"], "`.venv/bin/sandbox up --stack staging`"),
        (["sandbox", "up", "staging", "--json"], "`.venv/bin/sandbox up --stack staging`"),
        (["sandbox", "cloud", "recover", "x"], "`.venv/bin/sandbox cloud list --deleted`"),
    ],
    ids=str,
)
def test_what_a_program_says_can_be_copied(words: list[str], said: str, tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "SANDBOX_HOME": str(tmp_path)}
    ran = subprocess.run(
        [BIN / words[0], *words[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert said in ran.stdout + ran.stderr


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module with their lines, without docstrings. The values of an f-string are `}`."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.Expr | ast.JoinedStr):
                continue
            if isinstance(child, ast.JoinedStr):
                parts = [str(each.value) if isinstance(each, ast.Constant) else "}" for each in child.values]
                yield child.lineno, "".join(parts)
            elif isinstance(child, ast.Constant) and isinstance(child.value, str):
                yield child.lineno, child.value


def test_every_message_has_the_projects_commands_in_backticks() -> None:
    """`as_run_here` finds them there."""
    assert BARE.search("use sandbox up")
    assert not BARE.search("use `sandbox up`, {bin}sandbox up, .venv/bin/sandbox up")
    found = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for folder in FOLDERS
        for file in (ROOT / folder).rglob("*.py")
        if ".venv" not in file.parts and BARE.search(file.read_text(encoding="utf-8"))
        for line, text in texts(file)
        if BARE.search(text)
    ]
    assert found == []
