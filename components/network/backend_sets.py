"""Backend sets of a load balancer: their backends, health checks and routes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Protocol

from facts.load_balancing import (
    HEALTH_INTERVAL_MS,
    HEALTH_TIMEOUT_MS,
    LONGEST_NAME,
    MOST_BACKEND_SETS,
    MOST_BACKENDS,
    POLICIES,
)
from facts.ports import MODEL_PORTS, NODE_PORTS
from facts.private_networks import not_private
from facts.problem import Problem

_NAME = re.compile(rf"[A-Za-z][A-Za-z0-9_-]{{0,{LONGEST_NAME - 1}}}")
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_PATH = re.compile(r"/[A-Za-z0-9._~%/-]*")

DEFAULT_INTERVAL, DEFAULT_TIMEOUT, DEFAULT_RETRIES = 10, 3, 3


@dataclass(frozen=True, kw_only=True)
class BackendSetArgs:
    """One group of backends for the same requests."""

    port: int
    """TCP port of the backends: 8000 to 9000, or a node port. The security groups allow only these."""

    health_path: str
    """Path for which a healthy backend returns 200, e.g. `/health`."""

    addresses: Sequence[str] | None = None
    """Private IPv4 addresses of the backends, which must never change. Default: one address that is reserved for a
    private load balancer of Kubernetes (output `backend_addresses` of the load balancer)."""

    policy: str | None = None
    """`ROUND_ROBIN`, `LEAST_CONNECTIONS` or `IP_HASH`. Default: LEAST_CONNECTIONS, because responses have different
    lengths."""

    health_port: int | None = None
    """Port of the health check, within the same ranges as `port`. Default: `port`."""

    health_interval_seconds: int | None = None
    """Seconds between two health checks, 1 to 1,800. Default: 10."""

    health_timeout_seconds: int | None = None
    """Timeout of a health check in seconds, at most the interval. Default: 3."""

    health_retries: int | None = None
    """Failed health checks after which a backend gets no more requests, 1 or more. Default: 3."""

    hostnames: Sequence[str] | None = None
    """Hosts whose requests go to this set. Default: any host."""

    paths: Sequence[str] | None = None
    """Path prefixes whose requests go to this set. Default: any path."""

    plain: bool | None = None
    """Whether this set serves plain HTTP on port 80 for ACME challenges, if TLS ends in the cluster. Default: no."""


class SetChoices(Protocol):
    """The plain values of a set, which the component's args and the settings both have."""

    @property
    def port(self) -> int: ...
    @property
    def health_path(self) -> str: ...
    @property
    def addresses(self) -> Sequence[str] | None: ...
    @property
    def policy(self) -> str | None: ...
    @property
    def health_port(self) -> int | None: ...
    @property
    def health_interval_seconds(self) -> int | None: ...
    @property
    def health_timeout_seconds(self) -> int | None: ...
    @property
    def health_retries(self) -> int | None: ...
    @property
    def hostnames(self) -> Sequence[str] | None: ...
    @property
    def paths(self) -> Sequence[str] | None: ...
    @property
    def plain(self) -> bool | None: ...


def is_routed(each: SetChoices) -> bool:
    """Whether a set gets only requests for certain hosts or paths."""
    return bool(each.hostnames or each.paths)


def default_set(sets: Mapping[str, SetChoices]) -> str:
    """Name of the set that gets all requests without a route."""
    return next(name for name, each in sets.items() if not is_routed(each) and not each.plain)


def backend_set_problems(sets: Mapping[str, SetChoices], *, path: str) -> Iterator[Problem]:
    """All problems of the sets of one load balancer, except TLS. `path` ends in the name of the mapping."""
    if not 1 <= len(sets) <= MOST_BACKEND_SETS:
        yield Problem(path, len(sets), f"must be 1 to {MOST_BACKEND_SETS} backend sets")
    for name, each in sets.items():
        at = f"{path}.{name}"
        if not _NAME.fullmatch(name):
            allowed = f"must begin with a letter and have at most {LONGEST_NAME} letters, digits, - and _"
            yield Problem(at, name, allowed)
        yield from _port_problems(each, at)
        yield from _health_problems(each, at)
        yield from _address_problems(each.addresses, at)
        yield from _route_problems(each, at)
        if each.policy is not None and each.policy not in POLICIES:
            yield Problem.not_one_of(f"{at}.policy", each.policy, POLICIES)
    yield from _default_problems(sets, path)


def _default_problems(sets: Mapping[str, SetChoices], path: str) -> Iterator[Problem]:
    """Exactly one set must get the requests without a route."""
    rest = [name for name, each in sets.items() if not is_routed(each) and not each.plain]
    if sets and len(rest) != 1:
        allowed = "must contain exactly one set without hostnames and paths, which gets all other requests"
        yield Problem(path, rest or sorted(sets), allowed)
    seen: dict[tuple[str, str], str] = {}
    for name, each in sets.items():
        for host in each.hostnames or ("",):
            for prefix in each.paths or ("",):
                first = seen.setdefault((host, prefix), name)
                if is_routed(each) and first != name:
                    allowed = (
                        f"must differ from the route of {path}.{first}: only one set can get these requests"
                    )
                    yield Problem(f"{path}.{name}", f"{host}{prefix}", allowed)


def _port_problems(each: SetChoices, path: str) -> Iterator[Problem]:
    for key, port in (("port", each.port), ("healthPort", each.health_port)):
        if port is not None and not any(low <= port <= high for low, high in (MODEL_PORTS, NODE_PORTS)):
            (low, high), (first, last) = MODEL_PORTS, NODE_PORTS
            fix = "The security groups allow no other port"
            yield Problem(f"{path}.{key}", port, f"must be {low} to {high}, or {first} to {last}", fix)
        elif port is not None and port >= NODE_PORTS[0] and not each.addresses:
            low, high = MODEL_PORTS
            allowed = f"must be {low} to {high} without addresses: only nodes have node ports"
            yield Problem(
                f"{path}.{key}",
                port,
                allowed,
                "The load balancer at the reserved address accepts no other ports",
            )


def _health_problems(each: SetChoices, path: str) -> Iterator[Problem]:
    if not _PATH.fullmatch(each.health_path):
        yield Problem(f"{path}.healthPath", each.health_path, "must be a path that begins with /")
    interval = each.health_interval_seconds or DEFAULT_INTERVAL
    timeout = DEFAULT_TIMEOUT if each.health_timeout_seconds is None else each.health_timeout_seconds
    least, most = (bound // 1000 for bound in HEALTH_INTERVAL_MS)
    if each.health_interval_seconds is not None and not least <= each.health_interval_seconds <= most:
        at = f"{path}.healthIntervalSeconds"
        yield Problem(at, each.health_interval_seconds, f"must be {least} to {most} seconds")
    elif not 1 <= timeout <= min(interval, HEALTH_TIMEOUT_MS[1] // 1000):
        allowed = f"must be 1 second or more and at most the interval, {interval}"
        yield Problem(f"{path}.healthTimeoutSeconds", timeout, allowed)
    if each.health_retries is not None and each.health_retries < 1:
        yield Problem(f"{path}.healthRetries", each.health_retries, "must be 1 or more")


def _address_problems(addresses: Sequence[str] | None, path: str) -> Iterator[Problem]:
    if addresses is not None and not 1 <= len(addresses) <= MOST_BACKENDS:
        fix = "Leave it out to reserve an address for a load balancer of Kubernetes"
        yield Problem(f"{path}.addresses", list(addresses), f"must be 1 to {MOST_BACKENDS} addresses", fix)
    for index, address in enumerate(addresses or ()):
        at = f"{path}.addresses[{index}]"
        try:
            allowed = not_private(IPv4Network(IPv4Address(address)))
        except AddressValueError:
            allowed = "must be a private IPv4 address"
        if allowed:
            yield Problem(at, address, allowed)
        elif address in list(addresses or ())[:index]:
            yield Problem(at, address, "must not be repeated")


def _route_problems(each: SetChoices, path: str) -> Iterator[Problem]:
    for index, host in enumerate(each.hostnames or ()):
        if not _HOST.fullmatch(host):
            yield Problem(f"{path}.hostnames[{index}]", host, "must be a host name in lower case")
    for index, prefix in enumerate(each.paths or ()):
        if not _PATH.fullmatch(prefix):
            yield Problem(f"{path}.paths[{index}]", prefix, "must be a path that begins with /")
    if each.plain and is_routed(each):
        yield Problem(f"{path}.plain", each.plain, "must not be combined with hostnames or paths")
