"""Finds the Pulumi project from the folder in which a command runs, not from the folder of the installed code."""

from pathlib import Path

PROJECT_FILE = "Pulumi.yaml"


class NoProjectError(Exception):
    """The folder is not in a Pulumi project."""


def find_project(start: Path) -> Path:
    """The nearest folder, `start` or above it, with a Pulumi.yaml. The engine searches in the same way."""
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise NoProjectError(f"no Pulumi.yaml in {start} or above it: run this inside a Pulumi project")
