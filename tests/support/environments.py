"""A separate Python environment with the packages of this one, but without this project's code."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path


def own_environment(folder: Path) -> Path:
    """Create a virtual environment in `folder`. Returns the folder for packages of its own."""
    venv.create(folder, symlinks=True, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    # Python reads no .pth files in a folder that a .pth file names, so the one for this project's code has no effect.
    (packages / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return packages


def install(environment: Path, package: Path) -> None:
    """Install a wheel or a source folder without its dependencies."""
    python = str(environment / "bin" / "python")
    words = ["-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-warn-script-location"]
    subprocess.run([sys.executable, *words, str(package)], check=True)
