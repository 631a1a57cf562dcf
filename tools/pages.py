"""Writes generated pages, or says which of them are out of date."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from tools.system_tools import ROOT


def write_pages(wanted: Mapping[Path, str], surplus: Iterable[Path] = ()) -> int:
    """Write the pages that changed, and delete the `surplus` ones. With `--check` on the command line, print them
    instead. Returns the exit status: 1 if a check found one."""
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    gone = sorted(surplus)
    if "--check" in sys.argv:
        for path in (*stale, *gone):
            print(f"{path.relative_to(ROOT)} is out of date: run `make docs`")
        return int(bool(stale or gone))
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], "utf-8")
    for path in gone:
        path.unlink()
    return 0
