"""Without a terminal, `make up` prints a page and not a line for each step."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sandbox_project import ROOT, SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

MOST_LINES = 120
"""Lines of the settings check, the memory plan, the engine's counts and the summary of staging."""


def test_make_up_prints_at_most_a_page_off_a_terminal(tmp_path: Path) -> None:
    project = SandboxProject.of_this_repository(tmp_path / "project")
    done = subprocess.run(
        [sys.executable, "-m", "tools.make_up", "staging"],
        cwd=project.folder,
        env=project.environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = (done.stdout + done.stderr).splitlines()
    assert len(lines) <= MOST_LINES
    assert sum("placeholder" in line for line in lines) == 1, "only the settings check counts them"
    assert any(line.strip().endswith(" created") for line in lines)
