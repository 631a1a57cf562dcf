"""A range of addresses for a new network, and the addresses of the source moved into it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from facts.cidrs import parse_network
from facts.private_networks import RECOMMENDED, is_private
from facts.problem import InvalidInput, Problem
from infra.settings.values.secrets import leaves

_ADDRESS = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(/\d{1,2})?(?![\w]|\.\d)", re.ASCII)


@dataclass(frozen=True)
class Move:
    """The source's range and the new one."""

    old: IPv4Network
    new: IPv4Network

    def text(self, text: str) -> str:
        """The text with each address and network inside the old range moved into the new one."""
        return text if self.old == self.new else _ADDRESS.sub(self._moved, text)

    def _moved(self, found: re.Match[str]) -> str:
        length = found[2] or ""
        try:
            address = IPv4Address(found[1])
            inside = IPv4Network(f"{address}{length}", strict=False).subnet_of(self.old)
        except (AddressValueError, ValueError):
            return found[0]
        if not inside or found[0] == str(self.old):
            return str(self.new) if found[0] == str(self.old) else found[0]
        offset = int(address) - int(self.old.network_address)
        if offset >= self.new.num_addresses:
            return found[0]
        return f"{self.new.network_address + offset}{length}"


def networks_in(sections: Mapping[str, object]) -> Iterator[IPv4Network]:
    """The private networks that a stack's network and cluster use: ranges, subnets, services, peers."""
    for section in ("network", "cluster"):
        for _, _, value in leaves(section, sections.get(section, {})):
            found = parse_network(value) if isinstance(value, str) else None
            if isinstance(found, IPv4Network) and is_private(found):
                yield found


def free_range(wanted: IPv4Network, used: Sequence[IPv4Network]) -> IPv4Network:
    """The first private range of the size of `wanted` that overlaps no used one. Raises InvalidInput."""
    if not any(wanted.overlaps(each) for each in used):
        return wanted
    for whole in RECOMMENDED:
        if whole.prefixlen > wanted.prefixlen:
            continue
        found = _first(whole, wanted.prefixlen, used)
        if found is not None:
            return found
    size = f"a free /{wanted.prefixlen} is in none of {', '.join(map(str, RECOMMENDED))}"
    raise InvalidInput(
        [Problem("network.cidr", str(wanted), size, "Choose a smaller range with --cidr, or remove a stack")],
        "the new stack",
    )


def _first(whole: IPv4Network, length: int, used: Sequence[IPv4Network]) -> IPv4Network | None:
    """The first free network in `whole`. It skips over each used one, so that small sizes need no long search."""
    step, place = 2 ** (32 - length), int(whole.network_address)
    while place + step - 1 <= int(whole.broadcast_address):
        candidate = IPv4Network((place, length))
        blocking = [each for each in used if candidate.overlaps(each)]
        if not blocking:
            return candidate
        last = max(int(each.broadcast_address) for each in blocking)
        place = max(place + step, (last // step + 1) * step)
    return None
