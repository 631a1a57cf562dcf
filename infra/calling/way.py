"""The way to the gateway: a given address, the edge's load balancer, or a port that kubectl forwards."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from facts.problem import InvalidInput, Problem, refuse
from facts.web_addresses import shown_address, split_address

BALANCER_PORT = 443
"""The edge's load balancer listens there for TLS (components/network/listeners.py)."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where a connection goes, and which host it asks for."""

    address: str
    port: int
    host_name: str
    """Host in the request, and name that the certificate must have."""

    context: ssl.SSLContext | None
    """None: without TLS."""

    named: str
    """The way in words, for messages."""


def url_problems(url: str) -> Iterator[Problem]:
    """Not an address, or a key in plain text over a network."""
    parts, shown = split_address(url, ("http", "https")), shown_address(url)
    host = parts and parts.hostname
    if parts is not None and parts.username is not None:
        # It may be a key.
        yield Problem("--url", shown, "must not have a user or a password")
    elif parts is None or not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        allowed = "must be http or https, a host and perhaps a port, e.g. https://127.0.0.1:8443"
        yield Problem("--url", shown, allowed)
    elif parts.scheme == "http" and not _is_here(host):
        allowed = (
            "must begin with https, or be an address of this machine: the key would be sent in plain text"
        )
        yield Problem("--url", url, allowed)


def given_way(url: str, host_name: str, ca_file: Path | None) -> Way:
    """The way of `--url`. Raises InvalidInput: not an address, or a key in plain text over a network."""
    refuse(url_problems(url))
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    return Way(
        address=parts.hostname or "",
        port=parts.port or (443 if secure else 80),
        host_name=host_name,
        context=tls_context(ca_file) if secure else None,
        named=url,
    )


def balancer_way(host_name: str, ca_file: Path | None) -> Way:
    """The way through the edge's load balancer, where the host's DNS record points."""
    return Way(
        address=host_name,
        port=BALANCER_PORT,
        host_name=host_name,
        context=tls_context(ca_file),
        named=f"the load balancer at https://{host_name}",
    )


def forwarded_way(port: int, host_name: str, ca_file: Path | None) -> Way:
    """The way through a port of this machine that kubectl forwards to the gateway."""
    return Way(
        address="127.0.0.1",
        port=port,
        host_name=host_name,
        context=tls_context(ca_file),
        named=f"kubectl's port {port} of this machine",
    )


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Checks the certificate and its name, with the machine's authorities or those of a file. Raises InvalidInput."""
    try:
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except (ssl.SSLError, OSError):
        allowed = "must be a file with certificates in PEM"
        raise InvalidInput([Problem("--ca-file", str(ca_file), allowed)]) from None


def is_listening(port: int) -> bool:
    """Whether something listens on a port of this machine."""
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
