"""What a reader off a terminal needs of the engine's output: refusals, warnings, counts; not a line a step."""

import subprocess
import sys
from collections.abc import Iterable, Iterator

KEPT = ("Diagnostics:", "Resources:", "Duration:", "Policies:", "error:", "warning:")
"""Beginnings of the parts that are shown; all else of a run is a line for every step of every resource."""
_BEGUN = ("Updating (", "Previewing update (", "Destroying (", "Refreshing (")
_LAST = 40
"""Lines that are shown of a run that ended without any of those parts."""


def page(lines: Iterable[str]) -> Iterator[str]:
    """The lines worth reading; they come as the engine writes them."""
    begun = shown = False
    dropped: list[str] = []
    for line in lines:
        if line.startswith(_BEGUN):
            begun, shown = True, False
        elif begun and line.startswith("Outputs:"):
            shown = False
        elif line.startswith(KEPT):
            shown, dropped = True, []
        if shown or not begun:
            yield line
        elif line.strip():
            dropped = [*dropped[-_LAST + 1 :], line]
    if begun and not shown:
        yield from dropped


def run_engine(words: list[str], *, verbose: bool) -> int:
    """Run one of the engine's commands; off a terminal its output is a page, unless all of it is wanted."""
    if verbose or sys.stdout.isatty():
        return subprocess.run(words, check=False).returncode
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - asked for above
        for line in page(process.stdout):
            sys.stdout.write(line)
            sys.stdout.flush()
        return process.wait()
