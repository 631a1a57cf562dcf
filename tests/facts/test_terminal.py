"""A terminal gets whole words in its width, and a pipe gets whole lines."""

import io

import pytest

from facts.terminal import wrapped


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


TEXT = (
    "network.cidr: '10.0.0.0/33'; must be an IPv4 range. " * 3
    + "\n  "
    + "storage.buckets[0].name is unknown " * 3
)


def test_a_terminal_gets_whole_words_in_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = wrapped(TEXT, Terminal(), before="Error: ").split("\n")
    assert len(f"Error: {lines[0]}") <= 80
    assert all(len(line) <= 80 for line in lines)
    assert len(lines) > 2
    assert " ".join(lines).split() == TEXT.split()
    assert lines[-1].startswith("    "), "a line that continues is indented more than its first line"


def test_an_address_longer_than_the_width_stays_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    address = "https://" + "long-name." * 10 + "example.com"
    assert address in wrapped(f"see {address} for more", Terminal())


def test_a_pipe_gets_the_text_unchanged() -> None:
    assert wrapped(TEXT, io.StringIO()) == TEXT
