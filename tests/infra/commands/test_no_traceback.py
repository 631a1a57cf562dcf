"""Every error is shown as sentences: by the commands, by the program under the engine, and by the tools."""

import os
import subprocess
import sys
from pathlib import Path

import pulumi
import pytest
from click.testing import CliRunner

from components.options import LateRefusal, refuse_late
from facts.problem import InvalidInput, Problem
from infra.commands.cli import COMMANDS, main
from infra.program.start import plain_errors
from infra.project.stackfile import ROOT
from tools.entry import start

BROKEN = {
    "tab": b"config:\n\tgenai-playground:network: {}\n",
    "encoding": b"config:\n  genai-playground:network: {name: \xe4}\n",
    "list": b"- config\n",
    "alias": b"config:\n  genai-playground:network: *none\n",
    "twice": b"config:\n  network: {}\n  network: {}\n",
    "date": b"config:\n  genai-playground:tenancy: {tags: {Since: 2024-01-01}}\n",
    "empty": b"",
    "null": b"config:\n  genai-playground:network:\n",
    "deep": b"config: " + b"[" * 3000,
    "not a mapping": b"config: {genai-playground:network: {subnets: [1], cidr: {a: b}}, gpu: {pools: [1, null]}}",
    "control": b"config: \x00\n",
    "other": b"config:\n  shop:size: 3\n",
}
STACK_COMMANDS = ("check", "plan", "preflight", "render", "report")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: genai-playground\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PLAYGROUND_TRACEBACK", raising=False)
    return tmp_path


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("command", STACK_COMMANDS)
def test_a_broken_stack_file_is_reported_in_sentences(project: Path, kind: str, command: str):
    (project / "Pulumi.dev.yaml").write_bytes(BROKEN[kind])
    found = CliRunner().invoke(main, [command, "dev"])
    assert found.exit_code == 1
    assert isinstance(found.exception, SystemExit), found.exception
    assert "Traceback" not in found.output
    assert "None" not in found.output
    assert "bug in the program" not in found.output, "it must be an expected error"


def test_a_folder_and_an_unreadable_file_say_what_they_are(project: Path):
    (project / "Pulumi.dev.yaml").mkdir()
    found = CliRunner().invoke(main, ["check", "dev"])
    assert found.exit_code == 1
    assert "is a folder, not a file" in found.output


def test_a_command_outside_of_a_project_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(main, ["check", "dev"])
    assert found.exit_code == 1
    assert f"no Pulumi.yaml in {tmp_path} or above it" in found.output


def test_an_unexpected_error_is_one_line(project: Path, monkeypatch: pytest.MonkeyPatch):
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("so")

    monkeypatch.setattr("infra.commands.common.read_stack_file", fails)
    found = CliRunner().invoke(main, ["check", "dev"])
    assert found.exit_code == 1
    assert "a bug in the program itself: ZeroDivisionError: so" in found.output
    assert "Traceback" not in found.output


def test_every_command_handles_errors_in_the_same_way():
    assert set(STACK_COMMANDS) <= set(COMMANDS)


PROBLEM = Problem("gpu.nodes", 0, "must be 1 or more")


def test_a_refusal_of_a_component_is_an_error_of_the_engine():
    with pytest.raises(pulumi.RunError, match=r"gpu\.nodes: 0; must be 1 or more") as told, plain_errors():
        raise InvalidInput([PROBLEM], "gpu")
    assert told.value.__suppress_context__


def test_an_unexpected_error_of_the_program_is_one_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PLAYGROUND_TRACEBACK", raising=False)
    with pytest.raises(pulumi.RunError, match="a bug in the program itself: KeyError"), plain_errors():
        raise KeyError("x")


def test_a_traceback_is_shown_on_request(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PLAYGROUND_TRACEBACK", "1")
    with pytest.raises(KeyError), plain_errors():
        raise KeyError("x")


def test_a_refusal_inside_an_apply_is_an_error_of_the_engine():
    with pytest.raises(pulumi.RunError, match=r"gpu\.nodes: 0"):
        refuse_late([PROBLEM], "gpu")
    refuse_late([], "gpu")
    assert not issubclass(LateRefusal, ValueError), "Pulumi wraps those, and shows a traceback"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput([PROBLEM], "gpu"), "1 problem in gpu:\n  gpu.nodes: 0; must be 1 or more"),
        (KeyboardInterrupt(), 130),
        (subprocess.CalledProcessError(3, "x"), 3),
    ],
)
def test_a_tool_ends_with_a_status_or_a_sentence(error: BaseException, status: object):
    def fails() -> int:
        raise error

    with pytest.raises(SystemExit) as left:
        start(fails)
    assert left.value.code == status


def test_make_up_of_a_broken_stack_reports_in_sentences(project: Path):
    (project / "Pulumi.dev.yaml").write_bytes(BROKEN["tab"])
    done = subprocess.run(
        [sys.executable, "-m", "tools.make_up", "dev"],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SANDBOX_HOME": str(project / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Pulumi.dev.yaml, line 2" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
