"""Update facts/data/routers from the installed programs. Run it by hand for each new version:

    python -m facts.data.refresh_routers FOLDER [--to FOLDER]

FOLDER contains the programs `smg` and `vllm-router`: `python -m tools.traffic.build` installs the pinned versions and
prints it. Read the diff before you commit: one line is one option. Then set the version in facts/routers.py.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from facts.routers import FOLDER, HELP, PROGRAMS

_OPTION = re.compile(r"  (?:-\w, )?(--\S.*)")
_FORM = re.compile(r"--(?P<name>[a-z0-9-]+)(?: (?P<value>\[?[^,{\[]*(?:\{[^}]*\}|\[[^\]]*\]+)?\]?))?(?:, |$)")
_DEFAULT = re.compile(r"\(default: ([^()]*)\)$")


def options(text: str) -> Iterator[str]:
    """The lines of a file: name, kind, default (`-`: the help states none), and the values of a choice.

    Kinds: `switch` has no value, `value` has one, `list` has several, `choice` has one of the listed values, and
    `alias` is followed by the name of the same option.
    """
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if found := _OPTION.fullmatch(line):
            forms, _, said = found[1].partition("  ")
            below = lines[place + 1] if place + 1 < len(lines) else ""
            if not said and below.startswith(" " * 10):
                said = below.strip()
            yield from _lines(forms, said)


def _lines(forms: str, said: str) -> Iterator[str]:
    (name, value), *others = [(each["name"], each["value"] or "") for each in _FORM.finditer(forms)]
    default = _DEFAULT.search(said)
    shown = default[1].strip().replace(" ", "") if default else ""
    yield f"{name} {_kind(value)} {shown or '-'} {_choices(value)}".rstrip()
    for other, _ in others:
        yield f"{other} switch -" if other.startswith("no-") else f"{other} alias {name}"


def _kind(value: str) -> str:
    if not value:
        return "switch"
    if value.startswith("{"):
        return "choice"
    return "list" if "[" in value else "value"


def _choices(value: str) -> str:
    return value.strip("{}") if value.startswith("{") else ""


def help_of(program: str, folder: Path) -> str:
    """The help of a program, with one line for each text."""
    wide = os.environ | {"COLUMNS": "100000"}
    command = [str(folder / program), *HELP[program]]
    return subprocess.run(command, env=wide, capture_output=True, text=True, check=True).stdout


def write(programs: Path, to: Path) -> list[Path]:
    """Writes a file for each program and returns the paths."""
    written: list[Path] = []
    for program, version in PROGRAMS.items():
        path = to / f"{program}-options-{version}.txt"
        lines = sorted(options(help_of(program, programs)))
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        written.append(path)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("programs", type=Path, help="folder with the programs smg and vllm-router")
    parser.add_argument(
        "--to", type=Path, default=FOLDER, help="folder for the files; default: facts/data/routers"
    )
    given = parser.parse_args()
    try:
        written = write(given.programs, given.to)
    except (OSError, subprocess.CalledProcessError) as error:
        parser.error(f"a router does not run: {error}")
    for path in written:
        count = len(path.read_text(encoding="utf-8").splitlines())
        sys.stdout.write(f"{path}: {count} lines\n")


if __name__ == "__main__":
    main()
