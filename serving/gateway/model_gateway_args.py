"""The inputs of the gateway of the models."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True)
class GatewayTargetArgs:
    """A Service that gets requests for a model."""

    service: str
    """Name of the Service."""

    namespace: str
    """Namespace of the Service."""

    port: int | None = None
    """Port of the Service. Default: 8000."""

    weight: int | None = None
    """Share of the model's requests, in proportion to the other targets', 0 to 1,000,000. Default: 1."""

    ready: pulumi.Input[str] | None = None
    """Any value that is known when the Service's engines are ready: routes are changed only then. Default: at once."""


@dataclass(frozen=True, kw_only=True)
class GatewayModelArgs:
    """A model behind the gateway."""

    name: str
    """Name of the model in requests: the model's own name, or the name of an adapter."""

    targets: Sequence[GatewayTargetArgs]
    """Services of the model: its routers, or its engines."""

    context_tokens: int
    """Longest context in tokens. The body limit follows from it."""

    answer_seconds: int
    """How long the longest answer takes."""

    stream_seconds: int
    """How long a running answer may continue when its engine must stop."""

    by_priority: bool | None = None
    """Whether its engines schedule requests by priority. Default: no."""

    counts_tokens: bool | None = None
    """Whether its engines report the tokens of every stream, also if the client does not ask. Default: no."""


@dataclass(frozen=True, kw_only=True)
class TenantArgs:
    """A tenant: who it is, what it may call, and how much."""

    name: str
    """Name of the tenant: lower-case letters, digits and hyphens. Routers get it in a header."""

    models: Sequence[str]
    """Names of the models that it may call, 1 to 15."""

    keys: Sequence[str]
    """Names of the secrets in the vault with its API keys: one, or two during a rotation. Both are then valid."""

    requests_per_minute: int | None = None
    """Requests per minute to each of its models. Default: no limit."""

    tokens_per_minute: int | None = None
    """Tokens of prompts and answers per minute at each of its models. An answer is counted at its end. Default: no
    limit."""

    concurrent_requests: int | None = None
    """Requests to each of its models at the same time, in each Envoy, 1 to 10,000. Default: 64."""

    priority: int | None = None
    """Priority of its requests at engines that schedule by priority. Lower values come first. Default: 0."""

    prompt_tokens: int | None = None
    """Longest prompt that it is promised, in tokens. Default: no promise."""


@dataclass(frozen=True, kw_only=True)
class ModelGatewayArgs:
    """The inputs of the gateway. Plain values decide which objects exist."""

    namespace: pulumi.Input[str]
    """Namespace of Envoy Gateway, known after its release and that of AI Gateway, which bring the custom kinds."""

    host_name: str
    """Host name of the gateway. Requests with another one are answered with 404."""

    models: Sequence[GatewayModelArgs]
    """Models behind the gateway."""

    tenants: Sequence[TenantArgs]
    """Tenants. Without a tenant, every request is answered with 404."""

    vault_store: pulumi.Input[str]
    """Name of the store that reads the vault (`VaultStore.store_name`)."""

    tls_secret: str | None = None
    """Name of the Secret with the certificate, of type kubernetes.io/tls, in the gateway's namespace. Default: none,
    TLS ends at the public load balancer, or `models-tls` with `issuer`."""

    issuer: str | None = None
    """ClusterIssuer of cert-manager that issues the certificate. Default: none."""

    port: int | None = None
    """Port of the gateway, 1,024 to 65,535. Default: 8443."""

    health_path: str | None = None
    """Path of the public load balancer's health check. Default: none, there is no such balancer."""

    health_port: int | None = None
    """Port of that health check. Default: `port`."""

    envoys: int | None = None
    """Number of Envoys, 1 to 20. Default: 2."""

    tenant_header: str | None = None
    """Header in which routers get the tenant's name. vllm-router passes it on to engines, smg does not. A client cannot
    set it. Default: x-playground-tenant."""

    body_limit_bytes: int | None = None
    """Longest body of a request. A longer one is answered with 413. Default: 8 bytes for each token of the longest
    context."""

    longest_request_seconds: int | None = None
    """Time limit of a request. Default: the longest answer of its model and 30 s for the hops behind."""

    traces: str | None = None
    """Collector of traces, as `host:port`: a host name in lower case with a dot. It gets one trace for each request, by
    OTLP over gRPC, without TLS. Default: none, the Envoys send no traces."""

    cache_login: pulumi.Input[str] | None = None
    """User and password of the rate limit service at the cache, as `user:password`. Required with limits per
    minute. Default: none."""
