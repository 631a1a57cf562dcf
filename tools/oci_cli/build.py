"""Installs the OCI CLI into an environment of its own, beside the engine in the cache."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from sandbox.engine.cache import cache_folder, only_one
from tools.system_tools import ROOT

LOCK = Path(__file__).parent / "requirements.lock"


def folder(lock: Path = LOCK) -> Path:
    """The environment of these packages and this Python. Another lock file has another folder."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    return cache_folder().parent / f"oci-cli-{digest}-py{sys.version_info.major}.{sys.version_info.minor}"


def obtain() -> Path:
    """The program `oci`, installed where need be: about 460 MB, most of it Oracle's SDK."""
    environment, done = folder() / "env", folder() / "installed"
    program = environment / "bin" / "oci"
    if done.exists():
        return program
    with only_one(print, folder()):
        if not done.exists():
            install(environment)
            done.touch()
    return program


def install(environment: Path) -> None:
    """Install the lock file's packages, by uv where `make setup` has it: pip takes minutes."""
    uv = shutil.which("uv") or str(ROOT / ".tools" / "uv" / "bin" / "uv")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
    python = str(environment / "bin" / "python")
    if Path(uv).exists():
        command = [uv, "pip", "sync", "--quiet", "--python", python]
    else:
        command = [python, "-m", "pip", "install", "--quiet", "--requirement"]
    subprocess.run([*command, str(LOCK), "--require-hashes"], check=True)
