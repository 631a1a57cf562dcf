"""Text on a terminal: a long line continues on the next one, and no word is cut."""

import shutil
import sys
import textwrap
from typing import IO, Any

from facts.own_commands import as_run_here

NARROWEST = 40
"""The least width, in columns, for which lines are wrapped."""


def columns() -> int:
    """The width of the terminal. The variable COLUMNS overrides it."""
    return max(shutil.get_terminal_size().columns, NARROWEST)


def wrapped(text: str, stream: IO[Any], *, before: str = "") -> str:
    """The text for a stream: wrapped for a terminal, unchanged for a file or a pipe, where lines are searched.

    Lines break only between words, never inside an option or a path, so that both can be copied. `before` is printed
    directly before the text on the same line. Commands of the project are written as this user can run them.
    """
    text = as_run_here(text)
    if not stream.isatty():
        return text
    first, *rest = (before + text).split("\n")
    return "\n".join([_filled(first)[len(before) :], *map(_filled, rest)])


def _filled(line: str) -> str:
    start = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line,
        columns(),
        subsequent_indent=f"{start}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def wrap_message(error: Any) -> None:
    """Wrap the message of an error of click's, which click prints on standard error after `Error: `."""
    vars(error)["message"] = wrapped(error.message, sys.stderr, before="Error: ")
