"""`make test`: every test, with the engine and the system's tools it needs."""

import os
import subprocess
import sys
from pathlib import Path

from tools.entry import start
from tools.system_tools import CLOUD_INIT, SHELLCHECK, ensure, report_left_out, with_tools_on_path

BIN = Path(sys.executable).parent


def main() -> int:
    """Get what the tests need, run them all in parallel."""
    missing = ensure([SHELLCHECK, CLOUD_INIT])
    engine = subprocess.run([str(BIN / "sandbox"), "engine"], check=False).returncode
    if engine:
        return engine
    environment = with_tools_on_path() | {"PULUMI_ERROR_OUTPUT_STRING": "1"}
    workers = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") or str(os.cpu_count() or 2)
    tests = subprocess.run(
        [str(BIN / "python"), "-m", "pytest", "-n", workers, "--dist", "worksteal", *sys.argv[1:]],
        env=environment,
        check=False,
    ).returncode
    return tests or report_left_out(missing)


if __name__ == "__main__":
    start(main)
