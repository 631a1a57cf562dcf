"""A free port is below those that the system gives, and is given to one process."""

import contextlib
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ports
from tests.support.sandbox_project import ROOT

SYSTEM = Path("/proc/sys/net/ipv4/ip_local_port_range")
FEW = 20


def test_two_processes_never_get_the_same_port(monkeypatch: pytest.MonkeyPatch) -> None:
    start = ports.free_port()
    few = f"range({start}, {start + FEW})"
    code = (
        f"from tests.support import ports; ports.PORTS = {few}; print(ports.free_port(), flush=True); input()"
    )
    monkeypatch.setattr(ports, "PORTS", range(start, start + FEW))
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        theirs = int(other.stdout.readline())
        ours = _all()
        other.communicate("\n")
    assert len(ours) > FEW // 2
    assert not ours & {start, theirs}


def _all() -> set[int]:
    """Every port that is left."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        while True:
            found.add(ports.free_port())
    return found


def test_a_port_with_a_listener_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", ports.free_port())) as server:
        taken = server.getsockname()[1]
        monkeypatch.setattr(ports, "PORTS", range(taken, taken + 1))
        monkeypatch.setattr(ports, "_KEPT", type(ports._KEPT)())
        with pytest.raises(OSError, match="no free port"):
            ports.free_port()


@pytest.mark.skipif(not SYSTEM.exists(), reason="only Linux says which ports it gives")
def test_the_system_gives_none_of_these_ports() -> None:
    assert int(SYSTEM.read_text().split()[0]) >= ports.PORTS.stop
