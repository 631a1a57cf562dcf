"""Rules for the gateway itself: its host name, header, sizes, time limits and backends."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from facts.problem import Problem
from serving.edge.edge_gateways import envoy_problems
from serving.engine.options.arguments import PORT
from serving.traces import find_collector

from .entry_script import CLIENT_HEADER
from .model_gateway_args import GatewayTargetArgs
from .sizes import BYTES_A_TOKEN, body_bytes, request_seconds
from .tenants import ServedModel

TENANT_HEADER = "x-playground-tenant"

ROUTER_HEADERS = (
    "x-session-id",
    "x-claude-code-session-id",
    "x-user-id",
    "x-tenant-id",
    "x-correlation-id",
    "x-trace-id",
    "x-request-id",
    "x-data-parallel-rank",
    "x-worker-priority",
    "x-prefer-pd",
    "x-max-cost",
    "x-smg-routing-key",
    "x-smg-routing-tokens",
    "x-smg-target-worker",
    "x-smg-tenant-id",
    "x-smg-priority",
)
"""Headers by which a router chooses an engine. Source: the texts of the programs vllm-router 0.1.17 and smg 1.13.0."""

_OF_CLIENTS = ("x-session-id", "x-claude-code-session-id", "x-request-id")

STEERING_HEADERS = tuple(each for each in ROUTER_HEADERS if each not in _OF_CLIENTS)
"""Those that a client may not send: they would let it choose engines or another tenant's place in a queue."""

ANSWER_HEADERS = ("x-smg-routed-worker-id", "x-smg-cache-trace")
"""Headers of the router's answers with addresses of engines, which no client may see. Source: smg 1.13.0."""

MOST_BYTES = 2**32 - 1
"""Longest body that Envoy's buffers can have: Envoy Gateway refuses a higher limit (internal/gatewayapi,
clienttrafficpolicy.go and backendtrafficpolicy.go)."""

MOST_SECONDS = 99_999
"""Longest time limit of a route: five digits (Duration in apis/v1/shared_types.go of Gateway API)."""

_RESERVED = ("x-envoy-", "x-forwarded-", "x-ai-eg-", CLIENT_HEADER)
"""Envoy and AI Gateway set these themselves (Envoy, "HTTP header manipulation"; AI Gateway, internal/internalapi)."""

_LONGEST_HEADER = 256
"""Longest name of a header in a route (HeaderName in apis/v1/shared_types.go of Gateway API)."""

_HEADER = re.compile(r"x-[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
COLLECTOR = (
    "must be the host name in lower case and the port of a collector, e.g. "
    "collector.monitoring.svc.cluster.local:4317"
)

_OBJECT = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", re.ASCII)
_LONGEST_OBJECT = 253
"""Names of Kubernetes' objects ("Object Names and IDs": DNS subdomain names)."""

_HOST = re.compile(r"([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?", re.ASCII)


class GatewayChoices(Protocol):
    """The plain values of the gateway, which the component's args and the settings share."""

    @property
    def envoys(self) -> int | None: ...
    @property
    def tenant_header(self) -> str | None: ...
    @property
    def traces(self) -> str | None: ...


class Sizes(Protocol):
    """The sizes that a user may choose."""

    @property
    def body_limit_bytes(self) -> int | None: ...
    @property
    def longest_request_seconds(self) -> int | None: ...


class LimitedModel(ServedModel, Protocol):
    """A model with the times of its answers."""

    @property
    def answer_seconds(self) -> int: ...
    @property
    def stream_seconds(self) -> int: ...


def gateway_problems(choices: GatewayChoices, *, path: str) -> Iterator[Problem]:
    """Problems at `path`.envoys, .tenantHeader and .traces."""
    header = choices.tenant_header
    yield from envoy_problems(choices.envoys, f"{path}.envoys")
    if choices.traces is not None and not is_collector(choices.traces):
        yield Problem(f"{path}.traces", choices.traces, COLLECTOR)
    if header is not None and header in ROUTER_HEADERS:
        allowed = "is a header by which routers choose an engine: a tenant would get one engine only"
        yield Problem(f"{path}.tenantHeader", header, allowed, f"Leave it out: {TENANT_HEADER}")
    elif header is not None and header.startswith(_RESERVED):
        allowed = "is a header that the gateway sets to another value: no request would have a tenant"
        yield Problem(f"{path}.tenantHeader", header, allowed, f"Leave it out: {TENANT_HEADER}")
    elif header is not None and not (_HEADER.fullmatch(header) and len(header) <= _LONGEST_HEADER):
        allowed = (
            f"must be the name of a header that begins with x-, in lower case, at most {_LONGEST_HEADER} long"
        )
        yield Problem(f"{path}.tenantHeader", header, allowed)


def is_collector(address: str) -> bool:
    """Whether Envoy Gateway can send traces to `host:port`. It knows only host names in lower case with a dot
    (`validateHostname` in internal/gatewayapi/backend.go)."""
    collector = find_collector(address)
    return collector is not None and bool(_HOST.fullmatch(address.rpartition(":")[0]))


def host_problems(host: str, path: str) -> Iterator[Problem]:
    """A host name that a Gateway cannot have."""
    if not (_HOST.fullmatch(host) and len(host) <= 253):
        yield Problem(path, host, "must be a host name in lower case, e.g. models.example.com")


def issuer_problems(issuer: str, path: str) -> Iterator[Problem]:
    """A name that no ClusterIssuer can have: the certificate would never be issued."""
    if not (_OBJECT.fullmatch(issuer) and len(issuer) <= _LONGEST_OBJECT):
        allowed = "must be the name of a ClusterIssuer: a-z, 0-9, - and periods, at most 253"
        yield Problem(path, issuer, allowed)


def size_problems(sizes: Sizes, models: Sequence[LimitedModel], *, path: str) -> Iterator[Problem]:
    """Sizes below what the models need, at `path`.bodyLimitBytes and .longestRequestSeconds."""
    given, least = sizes.body_limit_bytes, body_bytes(models)
    if given is not None and given < least:
        largest = max(models, key=lambda model: model.context_tokens)
        allowed = (
            f"must be {least:,} or more: {BYTES_A_TOKEN} bytes for each of the {largest.context_tokens:,} tokens of "
            f"{largest.name}"
        )
        yield Problem(f"{path}.bodyLimitBytes", given, allowed, "Leave it out")
    elif given is not None and given > MOST_BYTES:
        yield Problem(f"{path}.bodyLimitBytes", given, f"must be {MOST_BYTES:,} or less", "Leave it out")
    seconds, slowest = sizes.longest_request_seconds, max(models, key=request_seconds, default=None)
    if seconds is not None and slowest is not None and seconds < request_seconds(slowest):
        allowed = (
            f"must be {request_seconds(slowest):,} or more: the longest stream of {slowest.name} and its hops"
        )
        yield Problem(f"{path}.longestRequestSeconds", seconds, allowed, "Leave it out")
    elif seconds is not None and seconds > MOST_SECONDS:
        yield Problem(
            f"{path}.longestRequestSeconds", seconds, f"must be {MOST_SECONDS:,} or less", "Leave it out"
        )


def name_problems(names: Mapping[str, str]) -> Iterator[Problem]:
    """Two models or adapters with one name. `names`: the name at each path."""
    seen = set[str]()
    for path, name in names.items():
        if name in seen:
            allowed = (
                "is the name of another model or adapter behind the gateway: requests could not be told apart"
            )
            yield Problem(path, name, allowed)
        seen.add(name)


def backend_name(target: GatewayTargetArgs) -> str:
    """Name of a Service's backend. A Service's name is unique only in its namespace."""
    return f"{target.namespace}-{target.service}"


def target_problems(targets: Mapping[str, GatewayTargetArgs]) -> Iterator[Problem]:
    """Two Services whose backends would have one name. `targets`: the Service at each path."""
    owners: dict[str, GatewayTargetArgs] = {}
    for path, target in targets.items():
        called = backend_name(target)
        owner = owners.setdefault(called, target)
        if _address(owner) != _address(target):
            allowed = (
                f"would share the backend {called} with {_address(owner)}: requests would reach the wrong one"
            )
            yield Problem(path, _address(target), allowed, "Rename the model or its namespace")


def _address(target: GatewayTargetArgs) -> str:
    return f"{target.service}.{target.namespace}:{target.port or PORT}"
