"""Installs the OCI CLI: about 460 MB, most of it Oracle's SDK."""

from pathlib import Path

from tools import locked

LOCK = Path(__file__).parent / "requirements.lock"


def obtain() -> Path:
    """The program `oci`, installed if it is missing."""
    return locked.programs("oci-cli", LOCK) / "oci"
