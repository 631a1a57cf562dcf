"""The Python environment of a program. It is never the environment in which the sandbox is installed.

It is chosen as Pulumi's own Python host does. Source: sdk/python/toolchain of pulumi 3.259.0.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

BIN = "bin"
DEFAULT = ".venv"
"""The default folder of uv's environment."""

UV_ENVIRONMENT = "UV_PROJECT_ENVIRONMENT"

Toolchain = Literal["pip", "poetry", "uv"]
LOCKS: Mapping[Toolchain, str] = {"uv": "uv.lock", "poetry": "poetry.lock"}
"""Lock files that choose the toolchain if none is declared, in this order."""


class NoEnvironmentError(Exception):
    """The program has no Python; the text says where it was searched and how to create it."""


def environment_folder(project: Path, program: Path, options: Mapping[str, Any]) -> Path | None:
    """The virtual environment that `runtime.options` in Pulumi.yaml select; None means the Python on PATH.

    The folder may not exist. `program` is the program's folder, in which a lock file chooses the toolchain.
    """
    declared = str(options.get("virtualenv") or "")
    chosen = project / declared if declared else None
    toolchain = _toolchain(program, options)
    if toolchain == "uv":
        return chosen or _uv_environment(program)
    return _poetry_environment(program) if toolchain == "poetry" else chosen


def interpreter(environment: str) -> str:
    """The Python of a virtual environment, or the first one on the user's PATH if `environment` is empty.

    Raises NoEnvironmentError if it does not exist. The PATH of the engine and of programs is not searched: it ends with
    the sandbox's own commands, which include a Python.
    """
    if not environment:
        found = shutil.which("python3") or shutil.which("python")
        if found is None:
            raise NoEnvironmentError(
                "runtime.options.virtualenv: missing; PATH has no python3. Set it to the program's environment"
            )
        return found
    python = Path(environment) / BIN / "python"
    if not python.is_file():
        raise NoEnvironmentError(
            f"runtime.options.virtualenv: {environment}; must be a virtual environment, but contains no Python. "
            "Create it with `pulumi install`, or with `python3 -m venv` and the program's requirements"
        )
    return str(python)


def activated(variables: Mapping[str, str], environment: str) -> dict[str, str]:
    """The variables of a program that runs in a virtual environment, as its `activate` sets them."""
    if not environment:
        return dict(variables)
    kept = {name: value for name, value in variables.items() if name != "PYTHONHOME"}
    path = os.pathsep.join([str(Path(environment) / BIN), variables.get("PATH", os.defpath)])
    return kept | {"VIRTUAL_ENV": environment, "PATH": path}


def _toolchain(program: Path, options: Mapping[str, Any]) -> Toolchain:
    declared = options.get("toolchain")
    for name, lock in LOCKS.items():
        if declared == name or (not declared and _above(program, lock)):
            return name
    return "pip"


def _uv_environment(program: Path) -> Path:
    folder = _above(program, "uv.lock") or _above(program, "pyproject.toml") or program
    return folder / os.environ.get(UV_ENVIRONMENT, DEFAULT)


def _poetry_environment(program: Path) -> Path:
    try:
        done = subprocess.run(
            ["poetry", "env", "info", "--path"], cwd=program, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        # Poetry is missing, or has no environment yet. In the project, its environment would be this folder.
        return program / DEFAULT
    return Path(done.stdout.strip())


def _above(start: Path, name: str) -> Path | None:
    return next((folder for folder in (start, *start.parents) if (folder / name).is_file()), None)
