"""A health check from outside: HTTP requests from other clouds to a public endpoint."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import healthchecks

from components.options import child
from facts.checked_args import CheckedArgs
from facts.health_checks import (
    FORBIDDEN_HEADER,
    INTERVALS,
    METHODS,
    PROTOCOLS,
    TIMEOUTS,
    VANTAGE_POINTS,
)
from facts.problem import Problem, refuse
from facts.web_addresses import is_public_host

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header. Source: RFC 9110, section 5.6.2."""

_PATH = re.compile(r"/(?!/)[!-\"$-~]*")
_POINT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


@dataclass(frozen=True, kw_only=True)
class HealthCheckArgs:
    """Arguments of a HealthCheck."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the monitor."""

    targets: Sequence[pulumi.Input[str]]
    """Host names or addresses to call. Their network must let the vantage points in, whose addresses are not
    published."""

    path: str | None = None
    """Path of the request. Default: /."""

    protocol: str | None = None
    """`HTTP` or `HTTPS`. Default: HTTPS."""

    port: int | None = None
    """TCP port. Default: that of the protocol, 443 or 80."""

    method: str | None = None
    """`GET` or `HEAD`. Default: GET."""

    headers: Mapping[str, str] | None = None
    """Headers of the request. `Authorization` is not possible: everyone who reads the monitor sees them. Default:
    none."""

    interval_seconds: int | None = None
    """Seconds between two requests from each vantage point: 10, 30 or 60. 10 costs more. Default: 30."""

    timeout_seconds: int | None = None
    """Seconds to wait for the response: 10, 20, 30 or 60, not more than the interval. Default: 10."""

    vantage_points: Sequence[str] | None = None
    """Names of the places that call, such as `aws-iad`. Default: three places at three providers."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class HealthCheck(CheckedArgs, pulumi.ComponentResource):
    """An HTTP monitor. Its results are metrics in the namespace `oci_healthchecks`."""

    monitor_id: pulumi.Output[str]
    """OCID of the monitor."""

    def __init__(self, name: str, args: HealthCheckArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"the health check {name}")
        super().__init__("genai:index:HealthCheck", name, {}, opts)
        monitor = healthchecks.HttpMonitor(
            f"{name}-monitor",
            healthchecks.HttpMonitorArgs(
                compartment_id=args.compartment_id,
                display_name=name,
                targets=[*args.targets],
                protocol=args.protocol or PROTOCOLS[1],
                path=args.path or "/",
                port=args.port,
                method=args.method or METHODS[0],
                headers=args.headers,
                interval_in_seconds=_interval(args.interval_seconds),
                timeout_in_seconds=_timeout(args.timeout_seconds),
                vantage_point_names=[*(args.vantage_points or VANTAGE_POINTS)],
                is_enabled=True,
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        self.monitor_id = monitor.id
        self.register_outputs({"monitorId": self.monitor_id})


def _interval(seconds: int | None) -> int:
    return INTERVALS[1] if seconds is None else seconds


def _timeout(seconds: int | None) -> int:
    return TIMEOUTS[0] if seconds is None else seconds


class HealthCheckChoices(Protocol):
    """The plain values of a health check, which the component's args and the settings both have."""

    @property
    def path(self) -> str | None: ...
    @property
    def method(self) -> str | None: ...
    @property
    def headers(self) -> Mapping[str, str] | None: ...
    @property
    def interval_seconds(self) -> int | None: ...
    @property
    def timeout_seconds(self) -> int | None: ...
    @property
    def vantage_points(self) -> Sequence[str] | None: ...


def health_check_problems(check: HealthCheckChoices, *, path: str) -> Iterator[Problem]:
    """Times and methods that are not offered, and headers that are not supported. Settings and component use the same
    messages."""
    interval, timeout = check.interval_seconds, check.timeout_seconds
    if interval is not None and interval not in INTERVALS:
        yield Problem(f"{path}.intervalSeconds", interval, f"must be {_or(INTERVALS)} seconds")
    if timeout is not None and timeout not in TIMEOUTS:
        yield Problem(f"{path}.timeoutSeconds", timeout, f"must be {_or(TIMEOUTS)} seconds")
    elif _interval(interval) in INTERVALS and _timeout(timeout) > _interval(interval):
        allowed = f"must not be longer than the interval of {_interval(interval)} seconds"
        yield Problem(f"{path}.timeoutSeconds", timeout, allowed)
    yield from _request_problems(check, path)
    if check.vantage_points is not None and not check.vantage_points:
        yield Problem(f"{path}.vantagePoints", [], "must name a vantage point, or be left out")
    for index, point in enumerate(check.vantage_points or ()):
        if not _POINT.fullmatch(point) or point in list(check.vantage_points or ())[:index]:
            allowed = "must be a name such as aws-iad, and not be repeated"
            yield Problem(f"{path}.vantagePoints[{index}]", point, allowed)


def _request_problems(check: HealthCheckChoices, path: str) -> Iterator[Problem]:
    if check.method is not None and check.method not in METHODS:
        yield Problem.not_one_of(f"{path}.method", check.method, METHODS)
    if check.path is not None and not _PATH.fullmatch(check.path):
        allowed = "must begin with /, without spaces, # and other characters than ASCII"
        yield Problem(f"{path}.path", check.path, allowed)
    for name, value in (check.headers or {}).items():
        if not _TOKEN.fullmatch(name) or not value.isprintable():
            allowed = "must have a name of letters, digits and hyphens, and one line as value"
            yield Problem(f"{path}.headers", name, allowed)
        if name.lower() == FORBIDDEN_HEADER:
            fix = "Check a path that needs no key"
            yield Problem(f"{path}.headers", name, "must not be Authorization: OCI does not send it", fix)


def host_problems(hosts: Sequence[object], *, path: str) -> Iterator[Problem]:
    """Hosts that no vantage point can call. Hosts that are not known yet pass."""
    for index, host in enumerate(hosts):
        if isinstance(host, str) and not is_public_host(host):
            allowed = "must be a host name or an address on the internet, without a scheme, port or path"
            yield Problem(f"{path}[{index}]", host, allowed)
        elif isinstance(host, str) and host in hosts[:index]:
            yield Problem(f"{path}[{index}]", host, "must not be repeated")


def _or(numbers: Sequence[int]) -> str:
    *most, last = map(str, numbers)
    return f"{', '.join(most)} or {last}"


def _problems(args: HealthCheckArgs, path: str) -> Iterator[Problem]:
    yield from health_check_problems(args, path=path)
    yield from host_problems(args.targets, path=f"{path}.targets")
    if not args.targets:
        yield Problem(f"{path}.targets", [], "must name a host or an address")
    if args.protocol is not None and args.protocol not in PROTOCOLS:
        yield Problem.not_one_of(f"{path}.protocol", args.protocol, PROTOCOLS)
