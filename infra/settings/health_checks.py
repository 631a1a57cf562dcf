"""Health checks from outside, and the rules for them."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from components.observability.health_check import health_check_problems, host_problems
from facts.health_checks import METHODS
from facts.problem import Problem

from .base import Section
from .network import Network


class HealthCheckSettings(Section):
    """Requests from several places of the internet to the public load balancer."""

    hosts: tuple[str, ...] | None = None
    """Host names to call. Default: all of `network.edge`."""

    path: str = "/"
    """Path of the request. It must need no key."""

    method: str = "GET"
    """`GET` or `HEAD`."""

    headers: dict[str, str] = Field(default_factory=dict[str, str])
    """Headers of the request. `Authorization` is not possible."""

    interval_seconds: int = 30
    """Seconds between two requests from each place: 10, 30 or 60. 10 costs more."""

    timeout_seconds: int = 10
    """Seconds to wait for the response: 10, 20, 30 or 60, not more than the interval."""

    vantage_points: tuple[str, ...] | None = None
    """Places that call, such as `aws-iad`. Default: three places at three providers."""


def health_check_setting_problems(
    checks: Mapping[str, HealthCheckSettings], *, path: str
) -> Iterator[Problem]:
    """Checks that OCI does not offer."""
    for name, check in checks.items():
        yield from health_check_problems(check, path=f"{path}.{name}")
        yield from host_problems(check.hosts or (), path=f"{path}.{name}.hosts")
        if check.hosts is not None and not check.hosts:
            yield Problem(f"{path}.{name}.hosts", [], "must name a host, or be left out for all hosts")


def public_edge_problems(
    checks: Mapping[str, HealthCheckSettings], network: Network, *, path: str
) -> Iterator[Problem]:
    """Checks without a public load balancer: the places that call are outside of the network."""
    balancer = network.edge.load_balancer
    for name, check in checks.items():
        if balancer is None or balancer.private:
            allowed = "must be left out: the network has no public load balancer (network.edge.loadBalancer)"
            yield Problem(f"{path}.{name}", check.path, allowed)
        elif check.hosts is None and not network.edge.hostnames:
            fix = "Set the hosts, or `hostnames` of a backend set"
            yield Problem(f"{path}.{name}.hosts", None, "must be set: network.edge names no host", fix)
        firewall = network.edge.firewall
        methods = firewall.allowed_methods if firewall else None
        if methods and check.method in METHODS and check.method not in methods:
            allowed = "must be in network.edge.firewall.allowedMethods, or the firewall blocks the check"
            yield Problem.not_one_of(f"{path}.{name}.method", check.method, methods, allowed)
