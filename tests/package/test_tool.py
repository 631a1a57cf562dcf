"""The installed commands run without the checkout, and run a program in the program's own environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from facts.product import version
from tests.package.wheels import ROOT, built_wheel
from tests.support.environments import own_environment
from tests.support.processes import descendants, ends

COMMANDS = {"playground", "pulumi-resource-genai", "sandbox"}
FOLDERS = ("components", "facts", "infra", "report", "sandbox", "serving", "tests", "tools")
"""The names of this project's folders."""

PROGRAM = """\
import sys

import pulumi

from components.shape import NODES

pulumi.export("nodes", NODES)
pulumi.export("environment", sys.prefix)
pulumi.export("foreign", sum("genai_playground" in path for path in sys.path))
"""


def write_project(folder: Path) -> Path:
    """A program with folders that have the names of this project's folders. Importing most of them raises."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(
            f"raise RuntimeError('{name} of the program was imported')\n"
        )
    (folder / "components" / "__init__.py").write_text("")
    (folder / "components" / "shape.py").write_text("NODES = 2\n")
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "Pulumi.yaml").write_text(
        "name: mine\nruntime:\n  name: python\n  options: {virtualenv: venv}\n"
    )
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    return folder


def variables(project: Path) -> dict[str, str]:
    """A user's environment variables. Folders on PYTHONPATH must not hide the commands' own code."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")}
    return kept | {"PYTHONPATH": str(project), "NO_COLOR": "1"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sandbox", "--version"], f"sandbox {version()} with Pulumi"),
        (["playground", "--version"], f"playground {version()}"),
        (["playground", "--help"], "Check the settings of STACK"),
        (["playground", "plan", "qwen3-32b"], "weights"),
        (["sandbox", "cloud", "list"], ""),
    ],
    ids=" ".join,
)
def test_a_command_runs_despite_folders_of_the_same_names(
    tool: Path, tmp_path: Path, words: list[str], told: str
) -> None:
    project = write_project(tmp_path / "project")
    command = [str(tool / words[0]), *words[1:]]
    ran = subprocess.run(
        command, cwd=project, env=variables(project), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert told in ran.stdout


def preview_in_its_own_environment(tool: Path, project: Path) -> None:
    own_environment(project / "venv")
    done = subprocess.run(
        [str(tool / "sandbox"), "preview", "--stack", "dev"],
        cwd=project,
        env=variables(project),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for line in ("nodes      : 2", f'environment: "{project}/venv"', "foreign    : 0"):
        assert line in done.stdout


@pytest.mark.engine
def test_a_program_runs_in_its_own_environment_with_its_own_folders(tool: Path, tmp_path: Path) -> None:
    preview_in_its_own_environment(tool, write_project(tmp_path / "project"))


@pytest.mark.engine
@pytest.mark.prove
def test_uv_installs_the_commands_as_a_tool(tmp_path: Path) -> None:
    # `make setup` uses uv from PATH, or installs it there.
    uv = shutil.which("uv") or str(ROOT / ".tools" / "uv" / "bin" / "uv")
    places = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    locked = ["--constraints", str(ROOT / "requirements.lock"), "--python", sys.executable]
    command = [uv, "tool", "install", "--quiet", *locked, str(built_wheel())]
    subprocess.run(command, env=os.environ | places, check=True)
    assert {each.name for each in (tmp_path / "bin").iterdir()} == COMMANDS
    preview_in_its_own_environment(tmp_path / "bin", write_project(tmp_path / "project"))


def test_an_installed_command_refuses_to_write_files_of_a_checkout(tool: Path, tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    ran = subprocess.run(
        [str(tool / "playground"), "schema"],
        cwd=project,
        env=variables(project),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "must be a checkout of genai-playground" in ran.stderr


def test_the_plugin_ends_when_its_engine_is_killed(tool: Path, tmp_path: Path) -> None:
    plugin = str(tool / "pulumi-resource-genai")
    engine = f"import subprocess; subprocess.run([{plugin!r}, '127.0.0.1:1'])"
    with subprocess.Popen(
        [sys.executable, "-c", engine], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline().strip().isdecimal(), "it prints its port when it is ready"
        (process,) = set(descendants(started.pid)) - {started.pid}
        started.kill()
        assert ends(process, within_seconds=60)
