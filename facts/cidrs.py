"""Networks in CIDR notation: an address, a slash, and a prefix length in digits. Source: RFC 4632, section 3.1."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network

_FORM = re.compile(r"[0-9A-Fa-f.:]+/(?:0|[1-9][0-9]{0,2})")


def parse_network(text: str) -> IPv4Network | IPv6Network | None:
    """The network in a text, or None. Python also parses masks (10.0.0.0/255.0.0.0) and bare addresses."""
    if not _FORM.fullmatch(text):
        return None
    try:
        return ip_network(text)
    except ValueError:
        return None
