"""Addresses that the cloud assigns: private ones from a subnet, public ones from the documentation ranges."""

import ipaddress
from itertools import chain

from sandbox.oci.cloud import Cloud

_PUBLIC = [*map(ipaddress.ip_network, ("203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"))]
_FALLBACK = "10.255.0.0/16"
_FIRST_HOST = 2
"""OCI keeps the network address and the next address, which is the subnet's virtual router."""

_RESERVED = 3
"""Those two addresses and the broadcast address."""


def private_addresses(cloud: Cloud, subnet_id: str, count: int = 1) -> list[str]:
    """The next free addresses of a subnet. No address is assigned twice until the range is used up."""
    network = ipaddress.ip_network(subnet_cidr(cloud, subnet_id), strict=False)
    usable = max(network.num_addresses - _RESERVED, 1)
    start = _take(cloud, subnet_id, count)
    return [str(network[_FIRST_HOST + (start + place) % usable]) for place in range(count)]


def public_address(cloud: Cloud) -> str:
    """The next public address. No host has it: RFC 5737 reserves these ranges for documentation."""
    place = _take(cloud, "public", 1) % (254 * len(_PUBLIC))
    return str(
        next(address for at, address in enumerate(chain(*(n.hosts() for n in _PUBLIC))) if at == place)
    )


def room_in(cloud: Cloud, subnet_id: str) -> int:
    """How many addresses a subnet has for resources: all except those that OCI keeps."""
    return ipaddress.ip_network(subnet_cidr(cloud, subnet_id), strict=False).num_addresses - _RESERVED


def subnet_cidr(cloud: Cloud, subnet_id: str) -> str:
    """The range of a subnet. A subnet that is only assumed has a fixed range."""
    subnet = cloud.find(subnet_id)
    found = subnet and (subnet.outputs.get("cidrBlock") or (subnet.outputs.get("ipv4cidrBlocks") or [""])[0])
    return found or _FALLBACK


def _take(cloud: Cloud, key: str, count: int) -> int:
    with cloud.transaction():
        used = (cloud.store.get("oci-addresses", key) or {"used": 0})["used"]
        cloud.store.put("oci-addresses", key, {"used": used + count})
    return int(used)
