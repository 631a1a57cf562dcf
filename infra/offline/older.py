"""The settings and resources of a stack at a revision of git."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.project.revisions import Revision
from report.resources import Resource, from_recording

from . import revision_run
from .recording import Registered

_PROGRAM = "infra/__main__.py"
_LONGEST_SECONDS = 600


class OlderProgramError(Exception):
    """The program of a revision refuses, or cannot be run; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Older:
    """What the program of a revision read and registered."""

    settings: Mapping[str, object]
    resources: list[Resource]


def has_program(revision: Revision) -> bool:
    """Whether the revision has a program of its own. A project that uses the installed one has only stack files."""
    return (revision.folder / _PROGRAM).is_file()


def run_older(revision: Revision, stack: str, file: Path) -> Older:
    """Run the program of a revision with its stack file, and with the packages that are installed now. Raises
    OlderProgramError."""
    with TemporaryDirectory(prefix="playground-") as temporary:
        output = Path(temporary, "found.json")
        words = [sys.executable, str(revision_run.__file__), str(output), stack, str(file)]
        own = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONSAFEPATH")}
        try:
            ran = subprocess.run(
                words,
                cwd=revision.folder,
                env=own,
                capture_output=True,
                text=True,
                check=False,
                timeout=_LONGEST_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise OlderProgramError(f"it still runs after {_LONGEST_SECONDS} seconds") from error
        if not output.is_file():
            said = ran.stderr.strip().splitlines() or ["it wrote nothing"]
            raise OlderProgramError(said[-1])
        found: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    if "error" in found:
        raise OlderProgramError(found["error"])
    recorded = [Registered(**each) for each in found["resources"]]
    return Older(settings=found["sections"], resources=from_recording(recorded))
