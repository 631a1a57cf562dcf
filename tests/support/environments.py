"""A Python environment of a test's own that has this one's packages, and not this project's code."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path


def own_environment(folder: Path) -> Path:
    """A virtual environment in `folder`; the place of what is installed in it alone."""
    venv.create(folder, symlinks=True, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    # Of a folder that a .pth file names, the .pth files are not read: so the way to this project's code stays out.
    (packages / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return packages


def install(environment: Path, package: Path) -> None:
    """Install a wheel or a source folder, without what it needs."""
    python = str(environment / "bin" / "python")
    words = ["-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-warn-script-location"]
    subprocess.run([sys.executable, *words, str(package)], check=True)
