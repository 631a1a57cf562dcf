"""Finds the real OCI provider: the plugin that `pulumi plugin install resource oci` puts into Pulumi's folder."""

import os
import shutil
from importlib.metadata import version
from pathlib import Path

from sandbox.home import Home

NAME = "pulumi-resource-oci"


def installed_plugin(home: Home) -> Path | None:
    """The plugin of the SDK's own version, else the newest; first one on PATH. None if there is none.

    It looks into the sandbox's own folder of plugins, then into the user's (PULUMI_HOME, default ~/.pulumi).
    """
    on_path = shutil.which(NAME)
    if on_path:
        return Path(on_path)
    users = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    found = [
        folder / NAME
        for root in (home.plugins, users)
        for folder in sorted((root / "plugins").glob("resource-oci-v*"), key=_version, reverse=True)
        if os.access(folder / NAME, os.X_OK)
    ]
    same = (each for each in found if each.parent.name == f"resource-oci-v{wanted_version()}")
    return next(same, found[0] if found else None)


def wanted_version() -> str:
    """The version of the SDK with which the program is written."""
    return version("pulumi-oci")


def offer() -> str:
    """What to say where no plugin is installed."""
    version = wanted_version()
    return (
        "the real OCI provider is not installed, so the stand-in serves. To install it: "
        f"`pulumi plugin install resource oci {version}` or `sandbox plugin install resource oci {version}`"
    )


def _version(folder: Path) -> tuple[int, ...]:
    parts = folder.name.removeprefix("resource-oci-v").split("-")[0].split(".")
    return tuple(int(part) if part.isdecimal() else 0 for part in parts)
