"""Addresses that stand for nothing on the internet.

Source: RFC 1918 and RFC 6598. OCI takes others for a VCN too, and what has those addresses on the internet is then out
of reach; Oracle's page "VCNs and Subnets" advises those of RFC 1918.
"""

from ipaddress import IPv4Network

PRIVATE = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
)


def is_private(network: IPv4Network) -> bool:
    """Whether no address of a network stands for anything on the internet."""
    return any(network.subnet_of(each) for each in PRIVATE)


def not_private(network: IPv4Network) -> str | None:
    """What a network must be, or None where it is."""
    return None if is_private(network) else f"must be in a private range: {', '.join(map(str, PRIVATE))}"
