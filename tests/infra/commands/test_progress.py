"""A slow command says on a terminal what it is doing, and only there."""

import os
import pty
import subprocess

from tests.support.sandbox_project import BIN, ROOT

COMMAND = [str(BIN / "playground"), "report", "dev"]
TOLD = "running the program of dev"


def test_a_report_shows_its_progress_on_a_terminal() -> None:
    terminal, inside = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=inside
    ) as process:
        os.close(inside)
        assert process.stdout is not None
        answer = process.stdout.read().decode()
        seen = os.read(terminal, 65536).decode()
    os.close(terminal)
    assert process.returncode == 0
    assert TOLD in seen
    assert TOLD not in answer


def test_a_report_shows_no_progress_in_a_file() -> None:
    done = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=True)
    assert TOLD not in done.stdout + done.stderr
