"""Installs the packages of a lock file into an environment of their own, beside the engine in the cache."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from sandbox.engine.cache import cache_folder, only_one
from tools.system_tools import ROOT


def folder(name: str, lock: Path) -> Path:
    """The environment of these packages and this Python. Another lock file has another folder."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    return cache_folder().parent / f"{name}-{digest}-py{sys.version_info.major}.{sys.version_info.minor}"


def programs(name: str, lock: Path) -> Path:
    """The folder `bin` of the environment, which is installed if it is missing."""
    environment, done = folder(name, lock) / "env", folder(name, lock) / "installed"
    if not done.exists():
        with only_one(print, folder(name, lock)):
            if not done.exists():
                _install(environment, lock)
                done.touch()
    return environment / "bin"


def _install(environment: Path, lock: Path) -> None:
    """Install the lock file's packages, by uv where `make setup` has it: pip takes minutes."""
    uv = shutil.which("uv") or str(ROOT / ".tools" / "uv" / "bin" / "uv")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
    python = str(environment / "bin" / "python")
    if Path(uv).exists():
        command = [uv, "pip", "sync", "--quiet", "--python", python]
    else:
        command = [python, "-m", "pip", "install", "--quiet", "--requirement"]
    subprocess.run([*command, str(lock), "--require-hashes"], check=True)
