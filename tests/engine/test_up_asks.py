"""A command on a terminal shows the data that is lost, asks, and acts on the answer."""

import json
import os
import pty
import select
import subprocess
import termios
import time
from pathlib import Path

import pytest

from tests.support.sandbox_project import SandboxProject
from tools.system_tools import BIN

pytestmark = [pytest.mark.engine, pytest.mark.prove]

PROGRAM = """
import pulumi
import pulumi_oci as oci
from pulumi_oci import objectstorage

through = pulumi.ResourceOptions(provider=oci.Provider("oci", region="us-ashburn-1"))
namespace = objectstorage.get_namespace(opts=pulumi.InvokeOptions(provider=through.provider)).namespace
objectstorage.Bucket("uploads", objectstorage.BucketArgs(
    compartment_id="ocid1.compartment.oc1.." + "a" * 60, namespace=namespace, name="uploads-LABEL"), opts=through)
"""
SECOND = """
objectstorage.Bucket("downloads", objectstorage.BucketArgs(
    compartment_id="ocid1.compartment.oc1.." + "a" * 60, namespace=namespace, name="downloads"), opts=through)
"""
QUESTION = "Perform this "
OWN = "[y/N]"
SILENCE_SECONDS = 120
"""Longest time without output. After that the command counts as stuck."""
POLL_SECONDS = 0.1


def typed(project: SandboxProject, answer: str, *words: str, word: str = "up") -> tuple[int, str]:
    """Run a command on its own terminal and answer its question. Returns status and output."""
    terminal, inside = pty.openpty()
    command = [str(BIN / "sandbox"), word, "--stack", project.stack, *words]
    with subprocess.Popen(
        command, cwd=project.folder, env=project.environment(), stdin=inside, stdout=inside, stderr=inside
    ) as process:
        os.close(inside)
        seen, answered, heard = b"", False, time.monotonic()
        while True:
            if select.select([terminal], [], [], POLL_SECONDS)[0]:
                if not (chunk := _read(terminal)):
                    break
                seen, heard = seen + chunk, time.monotonic()
            elif not answered and _asks(seen, terminal):
                os.write(terminal, answer.encode())
                answered = True
            elif time.monotonic() - heard > SILENCE_SECONDS:
                process.kill()
                raise AssertionError(f"stuck after: {seen.decode(errors='replace')}")
    os.close(terminal)
    return process.returncode, seen.decode(errors="replace")


def _asks(seen: bytes, terminal: int) -> bool:
    """Whether the program waits for the answer.

    Our own question reads a line. The engine shows its question before it reads single keys: a Ctrl-C that comes in
    between is lost.
    """
    if QUESTION.lower().encode() not in seen.lower():
        return False
    return OWN.encode() in seen or not termios.tcgetattr(terminal)[3] & termios.ICANON


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux raises this when the last program on the terminal has ended
        return b""


@pytest.fixture
def project(tmp_path: Path) -> SandboxProject:
    made = SandboxProject.with_program(tmp_path / "project", PROGRAM.replace("LABEL", "one"))
    made.up().check()
    made.write_program(PROGRAM.replace("LABEL", "two"))
    return made


@pytest.mark.parametrize("answer", ["n\n", "\n", "\x04"], ids=["no", "nothing", "end of input"])
def test_losses_are_shown_above_the_question_and_no_changes_nothing(
    project: SandboxProject, answer: str
) -> None:
    before = project.owned()
    status, output = typed(project, answer)
    assert status == 1
    lost = output.index("DANGER")
    assert lost < output.index("Previewing update") < output.index("Perform this update?")
    assert "nothing was changed" in output
    assert project.owned() == before
    assert not project.home.joinpath("run.json").exists(), "the next command has nothing to recover"


def test_yes_runs_the_update_that_was_shown(project: SandboxProject) -> None:
    before = project.owned()
    status, output = typed(project, "y\n")
    assert status == 0, output
    assert project.owned() != before
    project.up("--expect-no-changes").check()


def test_destroy_shows_what_is_lost_above_its_question_too(project: SandboxProject) -> None:
    before = project.owned()
    status, output = typed(project, "n\n", word="destroy")
    assert status == 1
    shown = ["uploads (bucket): deleted; you lose its objects", "Previewing destroy", "Perform this destroy?"]
    assert [output.find(each) for each in shown] == sorted(output.find(each) for each in shown)
    assert -1 not in [output.find(each) for each in shown], output
    assert project.owned() == before
    status, output = typed(project, "y\n", word="destroy")
    assert status == 0, output
    assert project.owned() == []


def interrupt(project: SandboxProject) -> tuple[str, list[str]]:
    """Leave a bucket that a killed command did not record. Returns the command's record and the new ids."""
    before = set(project.owned())
    deployment = project.sandbox("stack", "export", "--stack", project.stack).check().output
    project.write_program(PROGRAM.replace("LABEL", "one") + SECOND)
    project.up().check()
    state = project.folder / "before.json"
    state.write_text(deployment[deployment.index("{") :])
    project.sandbox("stack", "import", "--stack", project.stack, "--file", str(state)).check()
    record = json.dumps({"stack": project.stack, "pid": 0})
    project.home.joinpath("run.json").write_text(record)
    return record, sorted(set(project.owned()) - before)


def test_no_after_a_killed_command_keeps_its_resources_for_the_next_command(project: SandboxProject) -> None:
    record, lost = interrupt(project)
    assert len(lost) == 1
    before = project.owned()
    status, output = typed(project, "n\n")
    assert status == 1
    assert "created but not recorded, `up` will adopt them: downloads" in output
    assert "nothing was changed" in output
    assert project.owned() == before
    assert project.home.joinpath("run.json").read_text() == record
    status, output = typed(project, "y\n")
    assert status == 0, output
    assert set(lost) <= set(project.recorded())
    assert not project.home.joinpath("run.json").exists()


def test_the_engine_itself_asks_if_the_option_is_strict(project: SandboxProject) -> None:
    _, output = typed(project, "\x03", "--strict")
    assert "cannot be used with --skip-preview" not in output
    assert "Do you want to perform this update?" in output
