"""Tenants of the gateway: what they may call and how much, and the rules for them."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from facts.gateways import MOST_ROUTE_RULES
from facts.problem import Problem
from serving.platform.vault_names import vault_name_problems

MOST_KEYS = 2
"""Keys of a tenant that are valid at the same time: the old one and the new one."""

MOST = 4_294_967_295
"""The largest limit of Envoy Gateway's rate limits (api/v1alpha1/ratelimit_types.go)."""

MOST_CONCURRENT = 10_000

MOST_PRIORITY = 2**31 - 1
"""Far from the 64 bits in which vLLM's parts send each other a priority: beyond them, every request fails."""


class TenantChoices(Protocol):
    """The plain values of a tenant, which the component's args and the settings share."""

    @property
    def keys(self) -> Sequence[str]: ...
    @property
    def requests_per_minute(self) -> int | None: ...
    @property
    def tokens_per_minute(self) -> int | None: ...
    @property
    def concurrent_requests(self) -> int | None: ...
    @property
    def priority(self) -> int | None: ...
    @property
    def prompt_tokens(self) -> int | None: ...


class NamedTenant(TenantChoices, Protocol):
    """A tenant with its name and its models."""

    @property
    def name(self) -> str: ...
    @property
    def models(self) -> Sequence[str]: ...


class ServedModel(Protocol):
    """What the rules need to know of a model behind the gateway."""

    @property
    def name(self) -> str: ...
    @property
    def context_tokens(self) -> int: ...
    @property
    def by_priority(self) -> bool | None: ...
    @property
    def counts_tokens(self) -> bool | None: ...


def tenant_problems(tenants: Sequence[NamedTenant], *, path: str) -> Iterator[Problem]:
    """Problems of the tenants alone, at `path`[0].models and so on."""
    owners: dict[str, str] = {}
    for index, tenant in enumerate(tenants):
        place = f"{path}[{index}]"
        if tenant.name in [other.name for other in tenants[:index]]:
            yield Problem(f"{place}.name", tenant.name, "is the name of another tenant too")
        if not 1 <= len(tenant.models) <= MOST_ROUTE_RULES:
            allowed = f"must name 1 to {MOST_ROUTE_RULES} models: a route of AI Gateway has no more rules"
            yield Problem(f"{place}.models", list(tenant.models), allowed)
        for each, name in enumerate(tenant.models):
            if name in tenant.models[:each]:
                yield Problem(f"{place}.models[{each}]", name, "must not be named twice")
        yield from _key_problems(tenant, owners, place)
        yield from _limit_problems(tenant, place)


def tenant_model_problems(
    tenants: Sequence[NamedTenant], models: Sequence[ServedModel], *, path: str
) -> Iterator[Problem]:
    """Models that do not exist, and promises that a tenant's models cannot keep."""
    known = {model.name: model for model in models}
    for index, tenant in enumerate(tenants):
        place = f"{path}[{index}]"
        for each, name in enumerate(tenant.models):
            if name not in known:
                allowed = f"is not a model behind the gateway: {', '.join(known) or 'there are none'}"
                yield Problem.not_one_of(f"{place}.models[{each}]", name, known, allowed)
            else:
                yield from _promise_problems(tenant, known[name], place)


def _key_problems(tenant: NamedTenant, owners: dict[str, str], place: str) -> Iterator[Problem]:
    if not 1 <= len(tenant.keys) <= MOST_KEYS:
        allowed = f"must be 1 or {MOST_KEYS} names of secrets in the vault: the key, and during a rotation the new key"
        yield Problem(f"{place}.keys", f"{len(tenant.keys)} keys", allowed)
    for index, name in enumerate(tenant.keys):
        at = f"{place}.keys[{index}]"
        wrong = [*vault_name_problems(name, at)]
        if wrong:
            yield from wrong
        elif name in tenant.keys[:index]:
            yield Problem(at, name, "must not be named twice")
        elif name in owners:
            allowed = f"is a key of tenant {owners[name]} too: the gateway could not tell the two apart"
            yield Problem(at, name, allowed, "Give each tenant its own secrets")
        owners.setdefault(name, tenant.name)


def _limit_problems(tenant: TenantChoices, place: str) -> Iterator[Problem]:
    limits = {
        "requestsPerMinute": (tenant.requests_per_minute, MOST),
        "tokensPerMinute": (tenant.tokens_per_minute, MOST),
        "concurrentRequests": (tenant.concurrent_requests, MOST_CONCURRENT),
    }
    for key, (value, most) in limits.items():
        if value is not None and not 1 <= value <= most:
            yield Problem(f"{place}.{key}", value, f"must be 1 to {most:,}")
    if tenant.priority is not None and abs(tenant.priority) > MOST_PRIORITY:
        yield Problem(
            f"{place}.priority", tenant.priority, f"must be -{MOST_PRIORITY:,} to {MOST_PRIORITY:,}"
        )
    prompt, tokens = tenant.prompt_tokens, tenant.tokens_per_minute
    if prompt is not None and prompt < 1:
        yield Problem(f"{place}.promptTokens", prompt, "must be 1 token or more")
    if prompt is not None and tokens is not None and tokens < prompt:
        allowed = f"must be {prompt:,} or more: one promised prompt has that many tokens"
        yield Problem(f"{place}.tokensPerMinute", tokens, allowed)


def _promise_problems(tenant: TenantChoices, model: ServedModel, place: str) -> Iterator[Problem]:
    prompt, tokens = tenant.prompt_tokens, tenant.tokens_per_minute
    # The context of an unknown model is 0.
    if prompt is not None and 0 < model.context_tokens <= prompt:
        allowed = (
            f"must be below {model.context_tokens:,}, the context of {model.name}: prompt and answer share it"
        )
        yield Problem(f"{place}.promptTokens", prompt, allowed)
    if tenant.priority is not None and not model.by_priority:
        fix = f"Set engineOptions.scheduling-policy of {model.name} to priority, or remove the priority"
        allowed = f"has no effect: the engines of {model.name} do not schedule by priority"
        yield Problem(f"{place}.priority", tenant.priority, allowed, fix)
    if tokens is not None and not model.counts_tokens:
        fix = f'Set engineOptions.enable-force-include-usage of {model.name} to "true"'
        allowed = f"cannot be counted: streams of {model.name} need not report their tokens"
        yield Problem(f"{place}.tokensPerMinute", tokens, allowed, fix)
