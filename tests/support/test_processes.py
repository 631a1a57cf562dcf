"""Servers of the tests end with the test run."""

import subprocess
import sys

from tools.component_rules import ROOT

RUN = """
import sys, time
from tests.support.processes import start_server
start_server(["sleep", "600"])
print("started", flush=True)
time.sleep(600)
"""


def test_a_server_ends_when_its_test_run_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"started\n"
        run.kill()
        # The server has inherited the pipe, so its end is read only after the server has ended.
        rest, _ = run.communicate(timeout=300)
    assert rest == b""
