"""The policy pack over a preview or a state: through the engine if the pack's own environment exists, else beside it.

`python -m tools.policies STACK FILE` judges the engine's JSON, with the stack's configuration. FILE - is standard
input.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.entry import start
from tools.system_tools import BIN, ROOT

ANALYZER = ROOT / "policies" / "analyzer"
OWN_PYTHON = ROOT / "policies" / ".venv" / "bin" / "python"
"""Exists once the pack's packages are installed (docs/policies.md). The engine then runs the pack itself."""


def config_of(stack: str) -> Path | None:
    """The stack's levels and settings of the policies, if it has any."""
    file = ROOT / f"policies.{stack}.json"
    return file if file.exists() else None


def engine_words(stack: str) -> list[str]:
    """The engine's options for the pack; empty if the engine cannot run it."""
    if not OWN_PYTHON.exists():
        return []
    config = config_of(stack)
    return ["--policy-pack", str(ANALYZER), *(["--policy-pack-config", str(config)] if config else [])]


def judge(stack: str, file: str, *, given: str | None = None, words: Sequence[str] = ()) -> int:
    """Judge the engine's JSON in a process of its own. Returns its exit status."""
    config = config_of(stack)
    options = ["--config", str(config)] if config else []
    command = [str(BIN / "python"), "-m", "policies", file, *options, *words]
    return subprocess.run(command, cwd=ROOT, input=given, text=True, check=False).returncode


def main() -> int:
    """Judge the file of the command line."""
    if len(sys.argv) < 3:
        sys.exit("usage: python -m tools.policies STACK FILE [--json]")
    stack, file, *words = sys.argv[1:]
    return judge(stack, file, words=words)


if __name__ == "__main__":
    start(main)
