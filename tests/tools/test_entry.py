"""The tools behind `make up` and `make down` do nothing for an option that they do not know."""

import sys

import pytest

from tools.entry import stack_named


def test_without_a_name_the_stack_is_staging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make_down.py", "--verbose"])
    assert stack_named("--verbose") == "staging"
    monkeypatch.setattr(sys, "argv", ["make_down.py", "prod", "--verbose"])
    assert stack_named("--verbose") == "prod"


@pytest.mark.parametrize("word", ["--version", "-h", "--unprotectt", "--yes"])
def test_an_unknown_option_ends_the_tool(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setattr(sys, "argv", ["make_down.py", "prod", word])
    with pytest.raises(SystemExit, match=f"^{word} is not an option of `make_down`. There are: --unprotect"):
        stack_named("--unprotect", "--verbose")
