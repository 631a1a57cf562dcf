"""The gateway of the models, and its tenants."""

from infra.settings.base import Name, Section


class GatewayCertificate(Section):
    """Source of the gateway's certificate. Set exactly one."""

    issuer: str | None = None
    """ClusterIssuer of cert-manager that issues the certificate. Needs `serving.platform.certManager`."""

    existing: Name | None = None
    """Name of an existing Secret of type kubernetes.io/tls in the namespace `envoy-gateway-system`."""


class ModelGatewaySettings(Section):
    """The gateway itself."""

    backend_set: str | None = None
    """Backend set of `network.edge.loadBalancer` whose requests this gateway answers. Default: none, the gateway has an
    address in the cluster only, which you reach through the tunnel."""

    envoys: int = 2
    """Number of Envoys, 1 to 20, on different nodes."""

    tenant_header: str | None = None
    """Header in which routers get the tenant's name. vllm-router passes it on to engines, smg does not. Default:
    x-playground-tenant."""

    traces: str | None = None
    """Collector of traces, as `host:port`: a host name in lower case with a dot. It gets one trace for each request, by
    OTLP over gRPC, without TLS. Default: the collector of `router.options`, if the router sends traces; else none."""


class GatewayLimits(Section):
    """Limits of all tenants, and what happens if they cannot be counted."""

    fail_closed: bool = False
    """Whether requests are refused (500) while the rate limit service or its cache does not answer. Default: they
    pass, uncounted."""

    body_limit_bytes: int | None = None
    """Longest body of a request; a longer one is answered with 413. Default: 8 bytes for each token of the longest
    context."""

    longest_request_seconds: int | None = None
    """Time limit of a request. Default: the longest answer of its model and 30 s for the hops behind."""


class TenantSettings(Section):
    """A tenant: an organization, a team or an application with its own key and limits."""

    name: Name
    """Name of the tenant. Routers and engines get it in a header."""

    models: tuple[str, ...]
    """Names of the models or adapters that it may call, 1 to 15."""

    keys: tuple[str, ...]
    """Names of the secrets in the vault with its API keys: one, or two during a rotation. Both are then valid and
    counted together."""

    requests_per_minute: int | None = None
    """Requests per minute to each of its models. Needs `database.cache` with a password. Default: no limit."""

    tokens_per_minute: int | None = None
    """Tokens of prompts and answers per minute at each of its models. An answer is counted at its end. Needs
    `database.cache` with a password. Default: no limit."""

    concurrent_requests: int | None = None
    """Requests to each of its models at the same time, in each Envoy, 1 to 10,000. Default: 64."""

    priority: int | None = None
    """Priority of its requests at engines with `engineOptions.scheduling-policy: priority`. Lower values come first.
    Default: 0."""

    prompt_tokens: int | None = None
    """Longest prompt that it is promised, in tokens. Default: no promise."""
