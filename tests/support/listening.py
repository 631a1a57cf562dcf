"""A server of the standard library, as long as a block runs."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from socketserver import BaseServer

POLL_SECONDS = 0.01
"""How often a server looks whether it shall end. With socketserver's 0.5 s, the end takes most of a short test."""


@contextmanager
def listening(*servers: BaseServer) -> Iterator[None]:
    """Answer requests in threads of their own. At the end of the block the ports are free again."""
    with ExitStack() as ends:
        for server in servers:
            thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
            thread.start()
            ends.callback(server.server_close)
            ends.callback(thread.join)
            ends.callback(server.shutdown)
        yield
