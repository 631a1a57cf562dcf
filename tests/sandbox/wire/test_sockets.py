"""The sockets of the servers."""

import asyncio
import socket

from sandbox.wire.record import LOOPBACK
from sandbox.wire.server import bind


def test_a_small_answer_is_sent_at_once() -> None:
    assert asyncio.run(_no_delay(LOOPBACK)) != 0


async def _no_delay(host: str) -> int:
    """TCP_NODELAY of a connection that a server accepted."""
    found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted: socket.socket = writer.get_extra_info("socket")
        found.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with bind(host, 0) as bound:
        async with await asyncio.start_server(connected, sock=bound):
            _, writer = await asyncio.open_connection(host, bound.getsockname()[1])
            option = await found
            writer.close()
            return option
