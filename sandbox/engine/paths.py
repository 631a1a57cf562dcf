"""Paths on the command line.

The engine runs in the sandbox's copy of the project, and would count relative paths from there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sandbox.engine.positional import ArgumentError, takes_next
from sandbox.engine.words import IMPORTS

_READ = frozenset({"--config-file", "--plan"})
"""Options with a file that must exist: the engine reads a missing config file as an empty one."""

_WRITTEN = frozenset({"--event-log", "--generate-resources", "--import-file", "--out", "--save-plan"})
"""Options with a file whose folder must exist: the engine says nothing of an event log that it cannot write."""

_OTHERS = frozenset({"--file", "--policy-pack", "--policy-pack-config", "--profiling"})

SHORT_OF_IMPORT: Mapping[str, str] = {"-f": "--file", "-o": "--out"}
"""-f has another meaning in other commands. Source: `import --help` of the pinned engine."""

_OTHER_FOLDER = re.compile(r"--cwd(=.*)?|-[a-zQ]*C.*")

_PATHS = ("./", "../", "~/")


def with_whole_paths(arguments: Sequence[str], here: Path) -> list[str]:
    """The arguments with every path of a file as an absolute one, counted from `here`, the user's folder.

    Raises ArgumentError for a file to read that does not exist, for a file to write whose folder does not exist, and
    for an option that names another folder for the engine.
    """
    return list(_whole(arguments, here))


def _whole(arguments: Sequence[str], here: Path) -> Iterator[str]:
    short = SHORT_OF_IMPORT if arguments[0] in IMPORTS else {}
    is_graph = list(arguments[:2]) == ["stack", "graph"]
    option = ""
    for index, word in enumerate(arguments):
        name, given, value = word.partition("=")
        if option:
            yield _value(short.get(option, option), word, here)
            option = ""
            continue
        if _OTHER_FOLDER.fullmatch(word):
            raise ArgumentError(
                f"{name}: the sandbox runs the project of the current folder. Change to its folder first: cd FOLDER"
            )
        if takes_next(word) or word in short:
            option = word
        if given and name.startswith("--"):
            yield f"{name}={_value(name, value, here)}"
        elif word.startswith(_PATHS) or (is_graph and index > 1 and not word.startswith("-")):
            yield _absolute(word, here)
        else:
            yield word


def _value(option: str, value: str, here: Path) -> str:
    if option not in _READ | _WRITTEN | _OTHERS or value in ("", "-") or "://" in value:
        return value
    if option == "--policy-pack":
        return ",".join(_absolute(each, here) for each in value.split(","))
    whole = Path(_absolute(value, here))
    if option in _READ and not whole.is_file():
        raise ArgumentError(f"{option}: {value!r}; must be a file that exists")
    if option in _WRITTEN and not whole.parent.is_dir():
        raise ArgumentError(
            f"{option}: {value!r}; must be in a folder that exists. Create {whole.parent} first"
        )
    return str(whole)


def _absolute(path: str, here: Path) -> str:
    return str((here / Path(path).expanduser()).absolute())
