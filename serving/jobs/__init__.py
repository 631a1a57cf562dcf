"""Scripts that run in the cluster, each a single file for the standard library of Python 3.11 or newer."""

from pathlib import Path

_FOLDER = Path(__file__).parent


def script(name: str) -> str:
    """The text of a script, e.g. `smoke_test.py`, as a ConfigMap carries it."""
    return (_FOLDER / name).read_text(encoding="utf-8")
