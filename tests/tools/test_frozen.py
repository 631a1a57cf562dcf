"""The garbage collector leaves out the objects that every test keeps."""

import gc

import pytest

from tools import frozen, make_test


def test_what_exists_before_the_tests_is_never_visited_again() -> None:
    kept = [{"kept": number} for number in range(100)]
    before = gc.get_freeze_count()
    frozen.pytest_collection_finish()
    assert gc.get_freeze_count() >= before + len(kept)
    assert not any(each is kept for each in gc.get_objects())


def test_every_run_of_the_tests_uses_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    class Done:
        returncode = 0

    monkeypatch.setattr(make_test.subprocess, "run", lambda command, **_: ran.append(command) or Done())
    assert make_test.pytest("-x") == 0
    assert " ".join(ran[0]).endswith("-p tools.frozen -x")
