"""The start of the server is measured only if it starts."""

import sys
from pathlib import Path

import pytest

from tests.bench import wire


def test_a_server_that_ends_at_once_has_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "sandbox"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(RuntimeError, match="ended with 3"):
        wire.start()


def test_the_server_starts_in_a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_HOME", str(tmp_path / "mine"))
    took, used = wire.start()
    assert took > 0
    assert used > 0
    assert not (tmp_path / "mine").exists()
