"""The sandbox's own words about an engine that a signal ended."""

import signal

import pytest

from sandbox.cli import _told  # pyright: ignore[reportPrivateUsage]


def test_a_help_text_that_nobody_reads_to_its_end_is_no_kill(capsys: pytest.CaptureFixture[str]) -> None:
    assert _told(-signal.SIGPIPE, helping=True) == 0
    assert capsys.readouterr().err == ""


def test_an_engine_that_a_signal_ended_at_work_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert _told(-signal.SIGKILL, helping=False) == 128 + signal.SIGKILL
    assert "SIGKILL: the next command recovers first" in capsys.readouterr().err
    assert _told(3, helping=False) == 3
