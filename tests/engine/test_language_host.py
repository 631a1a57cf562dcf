"""The sandbox's own language host, with the real engine."""

import os
import signal
import time
import venv
from pathlib import Path

import pytest

from sandbox.session import PLACEHOLDER_SECRET
from tests.support.environments import own_environment
from tests.support.processes import ends, named
from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]


SLEEPER = "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(600)\n"


def started_program(project: SandboxProject) -> int:
    """The process id of the program SLEEPER, once it runs."""
    pid_file = project.folder / "program" / "pid"
    for _ in range(1200):
        if pid_file.exists() and pid_file.read_text():
            return int(pid_file.read_text())
        time.sleep(0.1)
    raise TimeoutError("the program did not start")


OWN_FOLDERS = ("components", "facts", "infra", "sandbox", "tests", "program", "language")
"""Names of folders that the sandbox or its language host has as well."""


def test_a_program_runs_in_its_own_environment_and_sees_none_of_the_sandboxs_folders(tmp_path: Path) -> None:
    source = "\n".join(f"from {name} import MINE as {name}_is" for name in (*OWN_FOLDERS, "installed"))
    source += "\nimport sys, pulumi\npulumi.export('prefix', sys.prefix)\n"
    project = SandboxProject.with_program(tmp_path / "project", source)
    packages = own_environment(project.folder / "venv")
    for folder, name in (
        (packages, "installed"),
        *((project.folder / "program", own) for own in OWN_FOLDERS),
    ):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("MINE = True\n")
    project.use_environment("venv")
    assert f'prefix: "{project.folder}/venv"' in project.up().check().output


def test_a_program_whose_environment_is_missing_does_not_run_in_the_sandboxs(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", "print('it ran')\n")
    project.use_environment("venv")
    ran = project.preview()
    assert ran.status != 0
    assert f"runtime.options.virtualenv: {project.folder}/venv; must be a virtual environment" in ran.output
    assert "it ran" not in ran.output
    venv.create(project.folder / "venv", symlinks=True)
    told = project.preview().output
    told_where = (
        f"the program's environment {project.folder}/venv does not contain grpc: install `pulumi` there"
    )
    assert told_where in told


def test_a_failing_program_shows_its_own_traceback_and_nothing_of_the_host(tmp_path: Path) -> None:
    project = SandboxProject.with_program(
        tmp_path / "project", "def inner():\n    raise ValueError('as it happens')\n\ninner()\n"
    )
    ran = project.preview()
    assert ran.status != 0
    assert "ValueError: as it happens" in ran.output
    assert f'"{tmp_path}/project/program/__main__.py", line 2, in inner' in ran.output
    for foreign in ("runpy", "sandbox/host", "run_in_stack", "grpc"):
        assert foreign not in ran.output, foreign


def test_a_call_that_fails_after_the_last_line_shows_what_failed_and_nothing_of_the_host(
    tmp_path: Path,
) -> None:
    source = (
        "import pulumi\npulumi.export('it', pulumi.Output.from_input(\n"
        "    pulumi.runtime.invoke_async('oci:Nowhere/getNothing:getNothing', {})))\n"
    )
    ran = SandboxProject.with_program(tmp_path / "project", source).preview()
    assert ran.status != 0
    assert "getNothing" in ran.output
    for foreign in ("Traceback", "sandbox/host", "asyncio"):
        assert foreign not in ran.output, ran.output


def test_a_syntax_error_in_the_program_shows_its_line(tmp_path: Path) -> None:
    ran = SandboxProject.with_program(tmp_path / "project", "x = (\n").preview()
    assert "SyntaxError: '(' was never closed" in ran.output
    assert f'"{tmp_path}/project/program/__main__.py", line 1' in ran.output
    assert "runpy" not in ran.output


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("SANDBOX_DEPLOYER", "insde", "'insde'; must be inside or outside"),
        ("SANDBOX_KUBECONFIG", "/nowhere", "'/nowhere'; must be a readable kubeconfig file"),
    ],
)
def test_a_wrong_variable_is_refused_before_the_program_runs(
    tmp_path: Path, variable: str, value: str, told: str
) -> None:
    project = SandboxProject.with_program(tmp_path / "project", "print('it ran')\n")
    ran = project.sandbox("preview", **{variable: value})
    assert ran.status == 1
    assert f"{variable}: {told}" in ran.output
    assert "it ran" not in ran.output


def test_an_error_meant_for_the_user_has_no_traceback(tmp_path: Path) -> None:
    project = SandboxProject.with_program(
        tmp_path / "project", "import pulumi\nraise pulumi.RunError('two problems in the settings')\n"
    )
    ran = project.preview()
    assert ran.status != 0
    assert "two problems in the settings" in ran.output
    assert "Traceback" not in ran.output


def test_what_the_program_prints_is_shown(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", "print('said in passing')\n")
    shown = project.preview("--debug").check().output
    assert "said in passing" in shown
    assert "debug: run_pulumi_func completed" in " ".join(shown.split()), "debug messages of the SDK"


def test_config_and_outputs_keep_their_secrets(tmp_path: Path) -> None:
    source = (
        "import pulumi\nconfig = pulumi.Config()\n"
        "pulumi.export('token', config.require_secret('token'))\npulumi.export('size', config.require_int('size'))\n"
    )
    project = SandboxProject.with_program(
        tmp_path / "project",
        source,
        {"genai-playground:token": {"secure": "v1:x"}, "genai-playground:size": 3},
    )
    ran = project.up().check()
    assert "token: [secret]" in ran.output
    assert "genai-playground:token is encrypted for the real stack" in ran.output
    assert '"size": 3' in project.sandbox("stack", "output", "--json", "--stack", "staging").check().output
    files = [
        each
        for each in project.home.rglob("*")
        if each.suffix in (".json", ".yaml", ".db") and each.is_file()
    ]
    assert {".json", ".db"} <= {each.suffix for each in files}
    for file in files:
        assert PLACEHOLDER_SECRET.encode() not in file.read_bytes(), file


def test_ctrl_c_ends_engine_and_program_and_the_next_run_works(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", SLEEPER)
    running = project.start("preview", "--stack", "staging")
    program = started_program(project)
    os.killpg(running.pid, signal.SIGINT)
    output, _ = running.communicate(timeout=300)
    assert running.returncode != 0
    assert "Traceback" not in output
    assert ends(program), "the program must not outlive the run"
    project.write_program("")
    project.up().check()


def test_any_number_of_runs_start_from_a_clean_interpreter(tmp_path: Path) -> None:
    source = (
        "import sys, pulumi\nassert 'seen' not in sys.__dict__\nsys.seen = True\npulumi.export('ok', True)\n"
    )
    project = SandboxProject.with_program(tmp_path / "project", source)
    project.sandbox("up", "--yes", "--stack", "staging").check()
    project.sandbox("up", "--yes", "--stack", "staging").check()


def test_a_killed_engine_is_reported(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", SLEEPER)
    running = project.start("preview", "--stack", "staging")
    started_program(project)
    os.kill(named(running.pid, "pulumi"), signal.SIGKILL)
    said, _ = running.communicate(timeout=300)
    assert "the engine was stopped by SIGKILL: the next command recovers first" in said
    assert running.returncode == 128 + signal.SIGKILL


def test_a_killed_sandbox_ends_its_program(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", SLEEPER)
    running = project.start("preview", "--stack", "staging")
    program = started_program(project)
    running.kill()
    running.communicate(timeout=300)
    assert ends(program), "the program must not outlive the run"


def test_an_unknown_stack_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", "")
    ran = project.sandbox("up", "--stack", "stagging")
    assert ran.status == 1
    assert "--stack: 'stagging'; must be one of staging" in ran.output


def test_a_mistyped_word_gets_a_suggestion(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", "")
    ran = project.sandbox("preveiw")
    assert ran.status != 0
    assert "Did you mean `preview`?" in ran.output, (
        "the error must not be about an option that the user did not type"
    )


def test_config_cannot_be_set_on_the_copy(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", "")
    ran = project.sandbox("config", "set", "size", "3")
    assert ran.status == 1
    assert "edit Pulumi.STACK.yaml" in ran.output
