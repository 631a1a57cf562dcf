"""A proxy on loopback for the provider's requests to Oracle's host names: the sandbox's server answers them.

CLIENT_HOST_OVERRIDES does not reach every request. The provider's general client for work requests ignores it
(oracle/terraform-provider-oci, issue 2620), and identity domains and vaults have addresses of their own. The provider
sends all of these through HTTPS_PROXY (terraform-provider-oci 8.28.0, `BuildHttpClient` in internal/provider) and
accepts the certificates of `custom_cert_location` (`BuildConfigureClientFn` there).

The proxy ends the encryption with a certificate of its own authority and passes the request on. It connects to nothing
but the sandbox's servers.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final

from facts.regions import REGIONS
from sandbox.wire.certificates import Authority

ORACLE: Final = ("oraclecloud.com", "oci.customer-oci.com")
"""The domains of OCI's endpoints in the commercial realm."""

_LONGEST_HEAD = 16 * 1024
_CHUNK = 64 * 1024

Find = Callable[[str], int]
"""The port of a region's server."""


def region_of(host: str, default: str) -> str | None:
    """The region that a host name of Oracle contains, else the default. None for a host of someone else."""
    if not any(host == domain or host.endswith(f".{domain}") for domain in ORACLE):
        return None
    return next((label for label in host.split(".") if label in REGIONS), default)


class Proxy:
    """Answers CONNECT requests. `find` gives the port of a region; `default` is the region of hosts without one."""

    def __init__(self, folder: Path, default: str, find: Find, refused: Callable[[str], None]) -> None:
        self._authority = Authority(folder)
        self._default = default
        self._find = find
        self._refused = refused

    @property
    def certificate(self) -> Path:
        """The file with the authority's certificate."""
        return self._authority.file

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until either side closes it."""
        with contextlib.suppress(
            OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
        ):
            host = _connect_host(await reader.readuntil(b"\r\n\r\n"))
            region = region_of(host, self._default) if host else None
            if region is None:
                self._refused(host)
                writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
                await writer.drain()
            else:
                context = await asyncio.to_thread(self._authority.context, host)
                # Without the pause, the client's greeting could be read before the encryption begins.
                writer.transport.pause_reading()  # pyright: ignore[reportAttributeAccessIssue]
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.start_tls(context)
                await _relay(reader, writer, await asyncio.to_thread(self._find, region))
        writer.close()


def _connect_host(head: bytes) -> str:
    """The host of a CONNECT request in lower case; empty for another request."""
    method, _, rest = head.decode("latin-1").partition(" ")
    target = rest.split(" ", 1)[0]
    return target.rsplit(":", 1)[0].lower() if method == "CONNECT" and len(head) <= _LONGEST_HEAD else ""


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        done, waiting = await asyncio.wait(
            [
                asyncio.create_task(_copy(reader, inner_writer)),
                asyncio.create_task(_copy(inner_reader, writer)),
            ],
            return_when=asyncio.FIRST_COMPLETED,
        )
        for task in waiting:
            task.cancel()
        await asyncio.gather(*done, *waiting, return_exceptions=True)
    finally:
        inner_writer.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while chunk := await source.read(_CHUNK):
        target.write(chunk)
        await target.drain()
