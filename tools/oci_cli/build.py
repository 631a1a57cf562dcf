"""Installs the OCI CLI into an environment of its own, beside the engine in the cache."""

import subprocess
import sys
from pathlib import Path

from sandbox.engine.cache import cache_folder, only_one

LOCK = Path(__file__).parent / "requirements.lock"
VERSION = "3.95.1"


def folder() -> Path:
    """The environment of this version and this Python."""
    return cache_folder().parent / f"oci-cli-{VERSION}-py{sys.version_info.major}.{sys.version_info.minor}"


def obtain() -> Path:
    """The program `oci`, installed where need be: about 460 MB, most of it Oracle's SDK."""
    environment, done = folder() / "env", folder() / "installed"
    program = environment / "bin" / "oci"
    if done.exists():
        return program
    with only_one(print, folder()):
        if not done.exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
            install = [
                str(environment / "bin" / "python"),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--require-hashes",
            ]
            subprocess.run([*install, "-r", str(LOCK)], check=True)
            done.touch()
    return program
