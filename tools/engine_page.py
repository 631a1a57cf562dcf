"""A summary of the engine's output when there is no terminal: refusals, warnings and counts, without a line per
step."""

import subprocess
import sys
from collections.abc import Iterable, Iterator

from tools.system_tools import BIN

KEPT = ("Diagnostics:", "Resources:", "Duration:", "Policies:", "error:", "warning:")
"""Beginnings of the parts that are shown. The rest of a run is a line for each step of each resource."""
_BEGUN = ("Updating (", "Previewing update (", "Destroying (", "Refreshing (")
_LAST = 40
"""Number of last lines that are shown if a run ended without any of those parts."""


def page(lines: Iterable[str]) -> Iterator[str]:
    """The lines to show, in the engine's order."""
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


def output_of(*words: str) -> str:
    """The output of `sandbox WORDS`."""
    command = [str(BIN / "sandbox"), *words]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def run_engine(words: list[str], *, verbose: bool) -> int:
    """Run one of the engine's commands. Without a terminal its output is summarised, unless `verbose`."""
    if verbose or sys.stdout.isatty():
        return subprocess.run(words, check=False).returncode
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - asked for above
        for line in page(process.stdout):
            sys.stdout.write(line)
            sys.stdout.flush()
        return process.wait()
