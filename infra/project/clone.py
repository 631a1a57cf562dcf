"""Detects code from another clone: a command of one clone's environment may run in the folder of another clone."""

from pathlib import Path

from facts.product import NAME
from facts.projects import NoProjectError, find_project

_OWN = Path(__file__).resolve().parents[1]


def code_elsewhere(start: Path) -> str | None:
    """The warning if the project around `start` has its own code but other code runs; None otherwise."""
    try:
        project = find_project(start)
    except NoProjectError:
        return None
    theirs = project / _OWN.name
    # A user's own `infra` folder is not ours. A clone of ours also contains this package.
    if not (project / NAME.replace("-", "_")).is_dir() or theirs.resolve() == _OWN:
        return None
    return (
        f"the code comes from {_OWN.parent}, the stack files from {project}. "
        f"`make setup` and `.venv/bin/playground` in {project} run the code in that folder"
    )
