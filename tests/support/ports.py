"""Ports of this machine, each for one process.

Who connects, or listens without a wish, gets a port that the system chooses: from 32,768 on Linux
(ip_local_port_range, Documentation/networking/ip-sysctl.rst), from 49,152 on macOS. A port below those is still free
when a server listens on it seconds later.
"""

import contextlib
import secrets
import socket
from collections import deque

PORTS = range(20_000, 32_000)
KEPT = 100
"""Newest ports of a process that no other process gets. Each keeps a file open."""

_KEPT: deque[socket.socket] = deque()


def free_port() -> int:
    """A port that nobody listens on and that no other process has from here.

    Raises OSError if there is none.
    """
    for _ in PORTS:
        port = secrets.choice(PORTS)
        with contextlib.suppress(OSError):
            # No server here uses UDP, so its port is a mark that every process sees, and that ends with its process.
            _keep(_bound(port, socket.SOCK_DGRAM))
            _bound(port, socket.SOCK_STREAM).close()
            return port
    raise OSError(f"no free port from {PORTS.start} to {PORTS.stop - 1}")


def _bound(port: int, kind: socket.SocketKind) -> socket.socket:
    made = socket.socket(socket.AF_INET, kind)
    try:
        made.bind(("127.0.0.1", port))
    except OSError:
        made.close()
        raise
    return made


def _keep(mark: socket.socket) -> None:
    _KEPT.append(mark)
    if len(_KEPT) > KEPT:
        _KEPT.popleft().close()
