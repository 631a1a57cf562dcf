"""A moved or copied clone runs its own code and reads its own files."""

import os
import shutil
import subprocess
import venv
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.commands.cli import main
from infra.project.clone import code_elsewhere
from infra.project.stackfile import ROOT

SETUP = (ROOT / "tools" / "setup.sh").read_text()


def where_code_is(clone: Path) -> str:
    """The folder in which the clone's own Python finds the code, independent of the current folder."""
    python = clone / ".venv" / "bin" / "python"
    command = [str(python), "-c", "import infra; print(infra.__path__[0])"]
    done = subprocess.run(
        command, cwd="/", capture_output=True, text=True, check=True, env={"PATH": os.defpath}
    )
    return done.stdout.strip()


def test_the_environment_finds_the_code_next_to_it_after_a_move(tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "infra").mkdir(parents=True)
    (first / "infra" / "__init__.py").touch()
    venv.create(first / ".venv", symlinks=True, with_pip=False)
    line = next(line for line in SETUP.splitlines() if "_genai_playground.pth" in line)
    subprocess.run(["sh", "-ec", line], cwd=first, check=True)
    assert where_code_is(first) == str(first / "infra")
    shutil.copytree(first, second, symlinks=True)
    assert where_code_is(second) == str(second / "infra"), "not the folder of the original"
    first.rename(tmp_path / "third")
    assert where_code_is(tmp_path / "third") == str(tmp_path / "third" / "infra")


def test_the_commands_of_an_environment_find_its_own_python():
    assert "venv --quiet --relocatable" in SETUP, "a script with a fixed path would use the former folder"


def test_the_folder_decides_and_code_from_another_folder_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "Pulumi.yaml").write_text("name: genai-playground\n")
    (tmp_path / "Pulumi.mine.yaml").write_text("config: {}\n")
    monkeypatch.chdir(tmp_path)
    assert code_elsewhere(tmp_path) is None, "a project without its own code uses the installed one"
    assert "Stacks here: mine" in CliRunner().invoke(main, ["check", "other"]).output
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "__init__.py").touch()
    assert code_elsewhere(tmp_path) is None, "the user's own folder may have any name"
    (tmp_path / "genai_playground").mkdir()
    said = CliRunner().invoke(main, ["check", "mine"]).stderr
    assert f"the code comes from {ROOT}, the stack files from {tmp_path}" in said
    assert f"`make setup` and `.venv/bin/playground` in {tmp_path}" in said
    assert code_elsewhere(ROOT) is None
