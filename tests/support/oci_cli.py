"""The real OCI CLI. It is imported once for all commands of a test process: that takes most of a command's time."""

import atexit
import json
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tools.oci_cli.build import obtain


def run_cli(words: tuple[str, ...], environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run a command, as the script `oci` does."""
    process = _process()
    assert process.stdin
    assert process.stdout
    with tempfile.TemporaryDirectory() as folder:
        output, errors = Path(folder, "output"), Path(folder, "errors")
        for file in (output, errors):
            file.touch()
        command = {"words": words, "environment": dict(environment)}
        asked = json.dumps(command | {"output": str(output), "errors": str(errors)})
        process.stdin.write(f"{asked}\n")
        process.stdin.flush()
        status = int(process.stdout.readline())
        return subprocess.CompletedProcess(words, status, output.read_text(), errors.read_text())


@cache
def _process() -> "subprocess.Popen[str]":
    """The process whose forks run the commands. It ends when its input does, so that a killed test run leaves none."""
    script = obtain()
    forks = Path(__file__).with_name("oci_cli_forks.py")
    process = subprocess.Popen(
        [str(script.with_name("python")), "-P", str(forks), str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)
    return process
