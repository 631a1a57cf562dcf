"""Runs the sandbox's commands for the tools."""

import subprocess

from tools.system_tools import BIN


def output_of(*words: str) -> str:
    """The output of `sandbox WORDS`."""
    command = [str(BIN / "sandbox"), *words]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def run_sandbox(*words: str, verbose: bool) -> int:
    """Run `sandbox WORDS` on this terminal. `verbose`: with the engine's own output. Returns its exit status."""
    command = [str(BIN / "sandbox"), *words, *(["--verbose"] if verbose else [])]
    return subprocess.run(command, check=False).returncode
