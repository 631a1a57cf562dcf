"""`sandbox up` on a terminal shows what is lost before it asks, and does what it is answered."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.support.sandbox_project import BIN, SandboxProject

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi
import pulumi_oci as oci
from pulumi_oci import objectstorage

through = pulumi.ResourceOptions(provider=oci.Provider("oci", region="us-ashburn-1"))
namespace = objectstorage.get_namespace(opts=pulumi.InvokeOptions(provider=through.provider)).namespace
objectstorage.Bucket("uploads", objectstorage.BucketArgs(
    compartment_id="ocid1.compartment.oc1.." + "a" * 60, namespace=namespace, name="uploads-LABEL"), opts=through)
"""
QUESTION = "Perform this update?"


def typed(project: SandboxProject, answer: str) -> tuple[int, str]:
    """`sandbox up` on a terminal of its own, with an answer to its question; status and output."""
    terminal, inside = pty.openpty()
    command = [str(BIN / "sandbox"), "up", "--stack", project.stack]
    with subprocess.Popen(
        command, cwd=project.folder, env=project.environment(), stdin=inside, stdout=inside, stderr=inside
    ) as process:
        os.close(inside)
        seen, answered = b"", False
        while chunk := _read(terminal):
            seen += chunk
            if not answered and QUESTION.encode() in seen:
                os.write(terminal, answer.encode())
                answered = True
    os.close(terminal)
    return process.returncode, seen.decode(errors="replace")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's answer once the last program on the terminal has gone
        return b""


@pytest.fixture
def project(tmp_path: Path) -> SandboxProject:
    made = SandboxProject.with_program(tmp_path / "project", PROGRAM.replace("LABEL", "one"))
    made.up().check()
    made.write_program(PROGRAM.replace("LABEL", "two"))
    return made


@pytest.mark.parametrize("answer", ["n\n", "\n", "\x04"], ids=["no", "nothing", "end of input"])
def test_what_is_lost_stands_above_the_question_and_a_no_changes_nothing(
    project: SandboxProject, answer: str
) -> None:
    before = project.owned()
    status, output = typed(project, answer)
    assert status == 1
    lost = output.index("DANGER")
    assert lost < output.index("Previewing update") < output.index(QUESTION)
    assert "nothing was changed" in output
    assert project.owned() == before
    assert not project.home.joinpath("run.json").exists(), "the next command has nothing to recover"


def test_a_yes_does_what_was_shown(project: SandboxProject) -> None:
    before = project.owned()
    status, output = typed(project, "y\n")
    assert status == 0, output
    assert project.owned() != before
    project.up("--expect-no-changes").check()
