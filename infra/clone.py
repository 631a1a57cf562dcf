"""Whose code runs: a clone's environment may be called from within another clone, whose code may differ."""

from pathlib import Path

from facts.projects import NoProjectError, find_project

_OWN = Path(__file__).resolve().parent


def code_elsewhere(start: Path) -> str | None:
    """What to say where the project around `start` has code of its own that is not what runs; None if all is one."""
    try:
        project = find_project(start)
    except NoProjectError:
        return None
    theirs = project / _OWN.name
    if not (theirs / "cli.py").is_file() or theirs.resolve() == _OWN:
        return None
    return (
        f"the code comes from {_OWN.parent}, the stack files from {project}. "
        f"`make setup` and `.venv/bin/playground` in {project} run what stands there"
    )
