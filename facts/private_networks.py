"""Address ranges that do not exist on the internet.

Source: RFC 1918 and RFC 6598. OCI also accepts other ranges for a VCN, and the internet hosts with those addresses are
then unreachable. Oracle's page "VCNs and Subnets" recommends the ranges of RFC 1918.
"""

from ipaddress import IPv4Network

RECOMMENDED = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""The ranges of RFC 1918."""

PRIVATE = tuple(sorted((*RECOMMENDED, IPv4Network("100.64.0.0/10"))))


def is_private(network: IPv4Network) -> bool:
    """Whether all addresses of a network are private."""
    return any(network.subnet_of(each) for each in PRIVATE)


def not_private(network: IPv4Network) -> str | None:
    """What a network must be, or None if it is private."""
    return None if is_private(network) else f"must be in a private range: {', '.join(map(str, PRIVATE))}"
