"""Addresses of web servers, as a URL parser and a name server accept them. Sources: RFC 3986 and RFC 1123."""

import re
from collections.abc import Collection
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\.?")

_PRIVATE = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".oraclevcn.com", ".svc", ".test")
"""Domains of private networks: RFC 6761, 6762 and 8375, VCNs, Kubernetes services."""


def split_address(text: str, schemes: Collection[str] = ("https",)) -> SplitResult | None:
    """The parts of an absolute address with one of the schemes, or None for any other text."""
    if not text.isascii() or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return None
    known = parts.scheme in schemes and text.startswith(f"{parts.scheme}://")
    return parts if known and port != 0 and (_HOST.fullmatch(host) or _is_ipv6(host)) else None


def is_public_host(host: str) -> bool:
    """Whether a host can be reached from the internet, as far as its name says: a global address, or a name with a
    domain that is not a private network's."""
    try:
        return ip_address(host).is_global
    except ValueError:
        name = host.lower().rstrip(".")
        return _HOST.fullmatch(host) is not None and "." in name and not name.endswith(_PRIVATE)


def shown_address(text: str) -> str:
    """An address that a user has given, for messages. Hidden if a part of it may be a password or a token."""
    return "[hidden]" if any(each in text for each in "@?#") else text


def _is_ipv6(host: str) -> bool:
    try:
        return bool(IPv6Address(host))
    except ValueError:
        return False
