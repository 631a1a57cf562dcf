"""Whose code runs: a clone's environment may be called from within another clone, whose code may differ."""

from pathlib import Path

from facts.product import NAME
from facts.projects import NoProjectError, find_project

_OWN = Path(__file__).resolve().parents[1]


def code_elsewhere(start: Path) -> str | None:
    """What to say where the project around `start` has code of its own that is not what runs; None if all is one."""
    try:
        project = find_project(start)
    except NoProjectError:
        return None
    theirs = project / _OWN.name
    # A user's own `infra` is no code of ours: a clone has this package beside it.
    if not (project / NAME.replace("-", "_")).is_dir() or theirs.resolve() == _OWN:
        return None
    return (
        f"the code comes from {_OWN.parent}, the stack files from {project}. "
        f"`make setup` and `.venv/bin/playground` in {project} run what stands there"
    )
