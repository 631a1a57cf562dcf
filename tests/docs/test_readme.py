"""The commands and links in the README work."""

import re
import subprocess
from pathlib import Path

import click
import pytest

from infra.commands.cli import COMMANDS
from sandbox.cli import cli as sandbox
from tools.system_tools import BIN, ROOT

README = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("command", sorted(set(re.findall(r"\bplayground ([a-z]+(?:-[a-z]+)*)", README))))
def test_every_playground_command_that_is_named_exists(command: str) -> None:
    helped = subprocess.run([str(BIN / "playground"), command, "--help"], capture_output=True, check=False)
    assert helped.returncode == 0


def table() -> set[str]:
    """The commands in the table. A span without a program continues the one before it: `playground check`, `plan`."""
    found: set[str] = set()
    for row in re.findall(r"^\| (`(?:playground|sandbox) .*?) \|", README, re.MULTILINE):
        before: list[str] = []
        for span in re.findall(r"`([^`]+)`", row):
            # What follows an argument is an argument too.
            words = re.findall(r"[a-z-]+(?= |$)", re.split(r" --| [A-Z]", span)[0])
            before = words if words[:1] in (["playground"], ["sandbox"]) else [*before[:-1], *words]
            found.add(" ".join(before))
    return found


def own_commands() -> set[str]:
    """Every command of `playground`, and those of `sandbox` that are not the engine's."""
    context = click.Context(sandbox)
    mine = {name: sandbox.get_command(context, name) for name in sandbox.list_commands(context)}
    below = {
        f"sandbox {name} {inner}"
        for name, each in mine.items()
        if isinstance(each, click.Group)
        for inner in each.commands
    }
    alone = {f"sandbox {name}" for name, each in mine.items() if not isinstance(each, click.Group)}
    return {*(f"playground {name}" for name in COMMANDS), *alone, *below}


def test_the_table_has_every_command() -> None:
    assert own_commands() - table() == set()


def test_every_command_of_the_table_exists() -> None:
    of_the_engine = {f"sandbox {name}" for name in ("up", "preview", "refresh", "destroy", "stack")}
    assert {
        each for each in table() if len(each.split()) < 4 and "--" not in each
    } - own_commands() == of_the_engine


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)\b", README)) - {"it"}))
def test_every_make_target_that_is_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_a_preview_has_one_command() -> None:
    asked = subprocess.run(
        ["make", "--dry-run", "preview", "STACK=prod"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "python -m tools.make_preview prod" in asked.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_have_a_target(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target
