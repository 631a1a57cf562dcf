"""The policy pack over a preview of prod, compared with the preview that it follows.

Both are wall time on the same machine, one after the other. The preview runs on an empty sandbox.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figure import Figure
from tools.system_tools import BIN, ROOT

STACK = "prod"
MOST = 0.10
ROUNDS = 5


def figures() -> list[Figure]:
    """One preview, and the least of several runs of the pack over its events."""
    with TemporaryDirectory() as folder:
        events = Path(folder) / "events.json"
        home = {"SANDBOX_HOME": str(Path(folder) / "home")}
        preview = [str(BIN / "sandbox"), "preview", "--stack", STACK, "--event-log", str(events)]
        previewing = _seconds(preview, home)
        pack = [sys.executable, "-m", "policies", str(events)]
        judging = min(_seconds(pack, {}) for _ in range(ROUNDS))
    return [
        Figure(
            f"the policies over {STACK} against its preview",
            judging / previewing,
            "x",
            f"wall time: {judging:.2f} s, least of {ROUNDS}, against one preview of {previewing:.1f} s",
            MOST,
        )
    ]


def _seconds(command: list[str], extra: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=os.environ | extra, capture_output=True, check=True)
    return time.perf_counter() - begun
