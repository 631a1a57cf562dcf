"""Secrets in the namespace of the gateway that something else creates, so that no certificate can have their names.

Sources: internal/provider/kubernetes/secrets.go of Envoy Gateway 1.8.3; internal/controller/secret_name.go of Envoy AI
Gateway 1.1, for a Gateway of the name `models`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from facts.charts import CHARTS
from facts.problem import Problem

from .specs import GATEWAY

CACHE_LOGIN = "models-rate-limit"
"""Name of the Secret with the login of the rate limit service at the cache, and its key `auth`."""

_CHARTS = ("envoy-gateway", "envoy", "envoy-rate-limit", "envoy-oidc-hmac")
"""Secrets with keys of Envoy Gateway itself."""

_PROCESSOR = f"{GATEWAY}-{CHARTS['gateway'].namespace}"
"""Begins the names of the Secrets with the configuration of AI Gateway's processor."""


class KeyHolder(Protocol):
    """A tenant, as far as its keys are concerned."""

    @property
    def name(self) -> str: ...
    @property
    def keys(self) -> Sequence[str]: ...


def keys_name(tenant: str) -> str:
    """Name of the Secret with a tenant's keys."""
    return f"tenant-keys-{tenant}"


def tls_secret_problems(
    name: str, tenants: Sequence[KeyHolder], path: str, others: Mapping[str, str] | None = None
) -> Iterator[Problem]:
    """Problems of the name of an existing Secret with a certificate, at `path`. `others`: names of further Secrets, and
    what is in them."""
    taken = {
        **{other: f"it has {what}" for other, what in (others or {}).items()},
        **dict.fromkeys(_CHARTS, "Envoy Gateway has its own keys in it"),
        CACHE_LOGIN: "it has the login of the rate limit service at the cache",
        **{keys_name(tenant.name): f"it has the keys of tenant {tenant.name}" for tenant in tenants},
        **{
            key: f"it is a key of tenant {tenant.name} in the vault"
            for tenant in tenants
            for key in tenant.keys
        },
    }
    reason = taken.get(name)
    if name.startswith(_PROCESSOR):
        reason = "AI Gateway has its configuration in it"
    if reason is not None:
        allowed = f"must be a Secret of type kubernetes.io/tls with the gateway's certificate: {reason}"
        yield Problem(path, name, allowed, "Create one by hand under another name")
