"""A bug in the program is one line for the user, or a traceback on request."""

import errno
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from facts.unforeseen import VARIABLE, unforeseen


def caught() -> Exception:
    try:
        raise KeyError("no such\nkey")
    except KeyError as error:
        return error


def test_a_bug_is_one_line_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    said = unforeseen(caught())
    assert "\n" not in said
    assert "KeyError" in said
    assert "test_unforeseen.py:" in said
    assert f"{VARIABLE}=1" in said


def test_the_place_is_where_the_error_was_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "tracebacklimit", 1, raising=False)
    with pytest.raises(ValueError, match="Expecting value") as caught_in:
        json.loads("text")
    assert "decoder.py:" in unforeseen(caught_in.value)


def test_the_variable_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    assert "Traceback" in unforeseen(caught())


def test_a_file_error_is_only_the_file_and_the_reason() -> None:
    assert (
        unforeseen(PermissionError(13, "Permission denied", "/some/file")) == "/some/file: Permission denied"
    )


def test_a_full_disk_is_no_bug() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert unforeseen(full) == "No space left on device: free some, then run the command again"
    assert "a bug in the program" in unforeseen(OSError(errno.EPIPE, "Broken pipe"))


def test_a_full_database_is_no_bug(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "small.db")
    database.execute("PRAGMA max_page_count = 2")
    database.execute("CREATE TABLE t (x)")
    with pytest.raises(sqlite3.OperationalError) as caught:
        database.execute("INSERT INTO t VALUES (zeroblob(100000))")
    database.close()
    assert unforeseen(caught.value).startswith("no space left for the sandbox's data (SANDBOX_HOME)")
