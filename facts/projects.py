"""Where a Pulumi project stands: the folder that a command is run in counts, not where its code was installed from."""

from pathlib import Path

PROJECT_FILE = "Pulumi.yaml"


class NoProjectError(Exception):
    """There is no Pulumi project here."""


def find_project(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a Pulumi.yaml, as the engine looks for it."""
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise NoProjectError(f"no Pulumi.yaml in {start} or above it: run this inside a Pulumi project")
