"""`make test`: all tests except the long proofs, with the engine and the system tools that they need."""

import os
import subprocess
import sys

from tools.entry import start
from tools.system_tools import BIN, CLOUD_INIT, ensure, report_left_out, with_tools_on_path


def main() -> int:
    """Install what the tests need, then run them."""
    missing = ensure([CLOUD_INIT])
    get_engine()
    return pytest("-m", "not prove", "--dist", "worksteal", *sys.argv[1:]) or report_left_out(missing)


def get_engine() -> None:
    """Install the engine. Raises CalledProcessError if that fails, after the command has printed the reason."""
    subprocess.run([str(BIN / "sandbox"), "engine"], check=True)


def pytest(*words: str, spare: int = 0) -> int:
    """Run pytest in parallel, with `spare` more workers than processors. Returns its exit status."""
    workers = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") or str((os.cpu_count() or 2) + spare)
    command = [str(BIN / "python"), "-m", "pytest", "-n", workers, "-p", "tools.frozen", *words]
    environment = with_tools_on_path() | {"PULUMI_ERROR_OUTPUT_STRING": "1"}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    start(main)
