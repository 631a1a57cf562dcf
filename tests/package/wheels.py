"""The wheel of this project, built once for all tests of a process."""

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FOLDER = tempfile.TemporaryDirectory(prefix="wheel-")


@cache
def built_wheel() -> Path:
    """The wheel, as `pip` and `uv` build it. It is deleted when the process ends."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", _FOLDER.name]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = Path(_FOLDER.name).glob("*.whl")
    return wheel
