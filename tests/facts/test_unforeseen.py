"""A mistake of the program's own is a line to the user, and a traceback to who asks for one."""

import pytest

from facts.unforeseen import VARIABLE, unforeseen


def caught() -> Exception:
    try:
        raise KeyError("no such\nkey")
    except KeyError as error:
        return error


def test_it_is_one_line_with_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    said = unforeseen(caught())
    assert "\n" not in said
    assert "KeyError" in said
    assert "test_unforeseen.py:" in said
    assert f"{VARIABLE}=1" in said


def test_who_asks_is_shown_how_it_came_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    assert "Traceback" in unforeseen(caught())


def test_a_file_that_cannot_be_used_is_named_alone() -> None:
    assert (
        unforeseen(PermissionError(13, "Permission denied", "/some/file")) == "/some/file: Permission denied"
    )
