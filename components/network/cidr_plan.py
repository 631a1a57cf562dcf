"""The plan of a VCN's subnets: a pure function from the VCN's CIDR to one CIDR per role.

The layout comes from the requirement and oci-hpc-oke. Pods have the upper half. The lower half has equal blocks: the
first for the API endpoint and the load balancers, the next four for public, private, gpu and database. For example,
10.0.0.0/16 gives 10.0.1.0/24 to 10.0.4.0/24. If explicit CIDRs or needs do not allow this layout, the subnets are
placed again, largest first. The smallest VCN is a /25 without needs, and a /24 with one CPU node of 31 pods and one GPU
node of 64. The bastion's subnet is planned last, in the free space, so a new bastion moves no other subnet.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, collapse_addresses

from facts.cidrs import parse_network
from facts.kubernetes import RESERVED_ADDRESSES, usable_addresses
from facts.private_networks import not_private
from facts.problem import Problem, refuse

Subnets = Mapping[str, IPv4Network]
"""Subnets by role."""

ROLES: tuple[str, ...] = ("public", "private", "gpu", "database", "api", "loadbalancers", "pods")
"""The roles of the subnets in every VCN."""

BASTION = "bastion"
"""The role of a subnet that exists only in a VCN with a bastion: the needs or the explicit CIDRs contain the role."""

LARGEST_VCN, SMALLEST_SUBNET = 16, 30
"""Prefix lengths that OCI allows. A VCN can be as small as a /30 too."""

MINIMUM: Mapping[str, int] = {
    "public": 5,
    "private": 5,
    "gpu": 5,
    "database": 5,
    "api": 5,  # The endpoint's address, with room for a replacement.
    "loadbalancers": 5,  # Two addresses per load balancer.
    "pods": 29,
    BASTION: 1,
}
"""Fewest usable addresses of a planned subnet, even if it needs fewer."""

UNUSABLE = tuple(
    IPv4Network(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")
)
"""Ranges in which OCI accepts no VCN: this host, loopback, its own link-local services, multicast, reserved."""

_BASTION_PREFIX = 28
"""Prefix length of the bastion's subnet if there is room. Otherwise the subnet is smaller."""

_PUBLIC_BLOCK, _PRIVATE_BLOCK, _GPU_BLOCK, _DATABASE_BLOCK, _API_BLOCK, _LB_BLOCK = 1, 2, 3, 4, 5, 6


def plan_subnets(
    cidr: str, explicit: Mapping[str, str] | None = None, needs: Mapping[str, int] | None = None
) -> Mapping[str, str]:
    """One CIDR for each of `ROLES` inside the VCN's `cidr`, disjoint and aligned. Raises InvalidInput.

    The bastion's subnet is included if it is explicit or needed.
    `explicit` CIDRs override the plan. `needs`: the usable addresses that a role must have, e.g. the nodes of the gpu
    subnet, or `pods_needed`. OCI reserves 3 addresses of every subnet.
    """
    refuse(plan_problems(cidr, explicit, needs, path="network"), "the subnets")
    planned = _plan(IPv4Network(cidr), _networks(explicit), needs or {})
    assert planned is not None  # noqa: S101  plan_problems has just found it
    return {role: str(planned[role]) for role in _roles(planned)}


def pods_needed(pools: Iterable[tuple[int, int]]) -> int:
    """Pod addresses of node pools. Each pool is given as its largest number of nodes and its pods per node."""
    return sum(nodes * max_pods for nodes, max_pods in pools)


def plan_problems(
    cidr: str,
    explicit: Mapping[str, str] | None = None,
    needs: Mapping[str, int] | None = None,
    *,
    path: str,
) -> Iterator[Problem]:
    """Problems of `path`.cidr and `path`.subnets: first each value alone, then all values together."""
    found = [*vcn_problems(cidr, path=f"{path}.cidr")]
    found += role_problems(explicit or {}, f"{path}.subnets")
    found += _need_problems(needs or {}, f"{path}.needs")
    if not found:
        vcn, fixed = IPv4Network(cidr), _networks(explicit)
        found += place_problems([vcn], fixed, f"{path}.subnets")
        found += size_problems(fixed, needs or {}, f"{path}.subnets")
        if not found and _plan(vcn, fixed, needs or {}) is None:
            found.append(_no_room(cidr, fixed, needs or {}, path))
    yield from found


def vcn_problems(cidr: str, *, path: str) -> Iterator[Problem]:
    """A CIDR that OCI refuses for a VCN."""
    network = _parse(cidr)
    if network is None:
        yield _malformed(cidr, path)
    elif not LARGEST_VCN <= network.prefixlen <= SMALLEST_SUBNET:
        yield Problem(path, cidr, f"must be from /{LARGEST_VCN} to /{SMALLEST_SUBNET}")
    elif any(network.overlaps(unusable) for unusable in UNUSABLE):
        yield Problem(
            path, cidr, "must not be in a range that OCI reserves", "Use a private range, e.g. 10.0.0.0/16"
        )
    elif allowed := not_private(network):
        yield Problem(path, cidr, allowed, "The internet hosts with these addresses would be unreachable")


def cidr_problems(cidr: str, *, path: str) -> Iterator[Problem]:
    """A text that is not an IPv4 network."""
    if _parse(cidr) is None:
        yield _malformed(cidr, path)


def within(cidr: str, wider: Iterable[str]) -> bool:
    """Whether `wider` together contain the whole network `cidr`. A text that is not a network contains nothing."""
    networks = collapse_addresses(filter(None, map(_parse, wider)))
    return any(IPv4Network(cidr).subnet_of(each) for each in networks)


def role_problems(explicit: Mapping[str, str], path: str) -> Iterator[Problem]:
    """Unknown roles, texts that are not networks, and networks that are too small for a subnet."""
    for role, cidr in explicit.items():
        network = _parse(cidr)
        if role not in MINIMUM:
            yield _unknown_role(role, cidr, path)
        elif network is None:
            yield _malformed(cidr, f"{path}.{role}")
        elif network.prefixlen > SMALLEST_SUBNET:
            yield Problem(f"{path}.{role}", cidr, f"must be /{SMALLEST_SUBNET} or larger")


def _need_problems(needs: Mapping[str, int], path: str) -> Iterator[Problem]:
    for role, need in needs.items():
        if role not in MINIMUM:
            yield _unknown_role(role, need, path)
        elif need < 0:
            yield Problem(f"{path}.{role}", need, "must be 0 or more addresses")


def _unknown_role(role: str, value: object, path: str) -> Problem:
    allowed = f"must be a role: {', '.join(MINIMUM)}"
    return Problem.not_one_of(f"{path}.{role}", role, MINIMUM, allowed, shown=value)


def place_problems(ranges: Sequence[IPv4Network], fixed: Subnets, path: str) -> Iterator[Problem]:
    """Subnets outside the VCN's ranges, if these are known, and subnets that overlap."""
    roles = list(fixed)
    for index, role in enumerate(roles):
        if ranges and not any(fixed[role].subnet_of(each) for each in ranges):
            allowed = f"must be inside the VCN, {', '.join(map(str, ranges))}"
            yield Problem(f"{path}.{role}", str(fixed[role]), allowed)
        for other in roles[:index]:
            if fixed[role].overlaps(fixed[other]):
                allowed = f"must not overlap {other}, {fixed[other]}"
                yield Problem(f"{path}.{role}", str(fixed[role]), allowed)


def size_problems(fixed: Subnets, needs: Mapping[str, int], path: str) -> Iterator[Problem]:
    """Subnets with fewer usable addresses than they need, or than 1."""
    for role, network in fixed.items():
        usable, need = usable_addresses(network.prefixlen), needs.get(role, 1)
        if usable < need:
            allowed = f"has {usable} usable addresses and must have {need} or more"
            yield Problem(f"{path}.{role}", str(network), allowed, f"/{_prefix_for(need)} is large enough")


def _no_room(cidr: str, fixed: Subnets, needs: Mapping[str, int], path: str) -> Problem:
    roles = (role for role in _roles({*ROLES, *needs}) if role not in fixed)
    wanted = ", ".join(f"{role} /{_minimal(role, needs)}" for role in roles)
    beside = " beside the explicit ones" if fixed else ""
    fix = "Use a larger VCN, fewer nodes, or fewer pods per node"
    if _plan_roles(IPv4Network(cidr), fixed, needs) is not None:
        fix = f"The others leave no room for the bastion: set {path}.subnets.{BASTION}, or use a larger VCN"
    return Problem(f"{path}.cidr", cidr, f"must have room{beside} for {wanted}", fix)


def _plan(vcn: IPv4Network, fixed: Subnets, needs: Mapping[str, int]) -> Subnets | None:
    return _search(vcn, tuple(fixed.items()), tuple(needs.items()))


@lru_cache  # The check and the plan, and the settings and the program, run the same search.
def _search(
    vcn: IPv4Network, given: tuple[tuple[str, IPv4Network], ...], needed: tuple[tuple[str, int], ...]
) -> Subnets | None:
    fixed, needs = dict(given), dict(needed)
    planned = _plan_roles(vcn, fixed, needs)
    if planned is None or BASTION in fixed or not needs.get(BASTION):
        return planned
    for prefix in range(_BASTION_PREFIX, _minimal(BASTION, needs) + 1):
        place = _first_free(vcn, prefix, planned.values())
        if place is not None:
            return {**planned, BASTION: place}
    return None


def _plan_roles(vcn: IPv4Network, fixed: Subnets, needs: Mapping[str, int]) -> dict[str, IPv4Network] | None:
    preferred = _layout(vcn)
    smallest = {role: _minimal(role, needs) for role in ROLES if role not in fixed}
    sizes = {role: min(preferred[role].prefixlen, limit) for role, limit in smallest.items()}
    usual = _default_places(preferred, fixed, smallest)
    planned = _pack(vcn, usual, {role: size for role, size in sizes.items() if role not in usual})
    while planned is None:
        planned = _pack(vcn, fixed, sizes)
        spare = [role for role, size in sizes.items() if size < smallest[role]]
        if planned is None and not spare:
            return None
        if planned is None:
            # The largest shrinks first. Equal subnets are ordered by name, so that the plan is always the same.
            sizes[min(spare, key=lambda role: (sizes[role], role))] += 1
    return planned


def _default_places(
    preferred: Subnets, fixed: Subnets, smallest: Mapping[str, int]
) -> dict[str, IPv4Network]:
    """Fixed networks, and every default network that does not overlap them: the needs of one role should not move
    others."""
    places = dict(fixed)
    for role, limit in smallest.items():
        network = preferred[role]
        if network.prefixlen <= limit and not any(network.overlaps(other) for other in fixed.values()):
            places[role] = network
    return places


def _pack(vcn: IPv4Network, fixed: Subnets, sizes: Mapping[str, int]) -> dict[str, IPv4Network] | None:
    """Largest first, each at the first free aligned place. For powers of two, no other order fits more."""
    planned = dict(fixed)
    for role in sorted(sizes, key=lambda role: (sizes[role], ROLES.index(role))):
        place = _first_free(vcn, sizes[role], planned.values())
        if place is None:
            return None
        planned[role] = place
    return planned


def _first_free(vcn: IPv4Network, prefix: int, taken: Iterable[IPv4Network]) -> IPv4Network | None:
    if prefix < vcn.prefixlen:
        return None
    step = 2 ** (32 - prefix)
    address, end = int(vcn.network_address), int(vcn.broadcast_address)
    # In order of address, so that each obstacle is visited only once.
    for other in sorted(taken, key=lambda network: int(network.network_address)):
        first, last = int(other.network_address), int(other.broadcast_address)
        if first < address + step and last >= address:
            address = (last // step + 1) * step
    return IPv4Network((address, prefix)) if address + step - 1 <= end else None


def _layout(vcn: IPv4Network) -> dict[str, IPv4Network]:
    block = min(max(24, vcn.prefixlen + 4), 32)
    roomy = block <= 26
    api = _block(vcn, 0, 28) if roomy else _block(vcn, _API_BLOCK, block)
    balancers = _block(vcn, 1, 27) if roomy else _block(vcn, _LB_BLOCK, block)
    return {
        "public": _block(vcn, _PUBLIC_BLOCK, block),
        "private": _block(vcn, _PRIVATE_BLOCK, block),
        "gpu": _block(vcn, _GPU_BLOCK, block),
        "database": _block(vcn, _DATABASE_BLOCK, block),
        "api": api,
        "loadbalancers": balancers,
        "pods": _block(vcn, 1, vcn.prefixlen + 1),
    }


def _block(vcn: IPv4Network, index: int, prefix: int) -> IPv4Network:
    return IPv4Network((int(vcn.network_address) + index * 2 ** (32 - prefix), prefix))


def _minimal(role: str, needs: Mapping[str, int]) -> int:
    return _prefix_for(max(MINIMUM[role], needs.get(role, 0)))


def _prefix_for(addresses: int) -> int:
    return 32 - (addresses + RESERVED_ADDRESSES - 1).bit_length()


def _roles(known: Collection[str]) -> Iterator[str]:
    return (role for role in MINIMUM if role in known)


def _networks(explicit: Mapping[str, str] | None) -> dict[str, IPv4Network]:
    return {role: IPv4Network(cidr) for role, cidr in (explicit or {}).items()}


def _parse(cidr: str) -> IPv4Network | None:
    network = parse_network(cidr)
    return network if isinstance(network, IPv4Network) else None


def _malformed(cidr: str, path: str) -> Problem:
    address, _, prefix = cidr.partition("/")
    try:
        loose = IPv4Network((IPv4Address(address), int(prefix)), strict=False)
    except ValueError:
        return Problem(path, cidr, "must be an IPv4 network, e.g. 10.0.0.0/16")
    return Problem(path, cidr, "must be a network address, without host bits", f"Use {loose}")
