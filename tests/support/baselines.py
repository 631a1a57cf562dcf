"""The baselines that `tools.baseline` saved."""

import tarfile
from pathlib import Path

from tools.baseline import CLOUD, FOLDER, PASSPHRASE, STATE


def unpack(baseline: Path) -> dict[str, bytes]:
    """State, cloud and passphrase of a baseline, by name."""
    found: dict[str, bytes] = {}
    with tarfile.open(baseline) as archive:
        for name in (STATE, CLOUD, PASSPHRASE):
            member = archive.extractfile(name)
            found[name] = member.read() if member else b""
    return found


def baselines() -> list[Path]:
    """All saved baselines, oldest label first."""
    return sorted(FOLDER.glob("*/*.tar.xz"))
