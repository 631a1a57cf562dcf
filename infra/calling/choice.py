"""Which model a call asks, as which tenant, and what its engine costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from facts.problem import InvalidInput, Problem
from facts.pydantic_words import MISSING
from infra.settings import Settings
from infra.settings.traffic import TenantSettings
from infra.settings.traffic.candidates import with_candidates
from infra.settings.traffic.served import owner_of, served_names
from infra.settings.traffic.watching_rules import hour_prices
from serving.routing.target import STABLE, TRACKS, server_name


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A model that a tenant may call."""

    model: str
    """Name in the request: a model's, or an adapter's."""

    tenant: TenantSettings
    host_name: str
    hour_price: float | None
    """Price in USD of one engine in an hour, the dearest that may answer. None if its GPUs have no price."""


def choose(settings: Settings, model: str, tenant: str | None) -> Choice:
    """The choice of a user. Raises InvalidInput: no gateway, unknown model, or a tenant that is unknown, may not call
    the model, or is not the only one."""
    traffic = settings.traffic
    if not traffic.tenants or traffic.host_name is None:
        allowed = "has no gateway to call: traffic.tenants is empty"
        raise InvalidInput([Problem("STACK", settings.environment, allowed, "docs/tenants.md adds a tenant")])
    known = served_names(settings.serving)
    if model not in known:
        allowed = f"is not a model of this stack: {', '.join(known) or 'there are none'}"
        unknown = Problem.not_one_of("MODEL", model, known, allowed)
        names = [each.name for each in traffic.tenants]
        also = [] if tenant is None or tenant in names else [_unknown_tenant(tenant, names)]
        raise InvalidInput([unknown, *also])
    chosen = _tenant(traffic.tenants, model, tenant)
    return Choice(
        model=model,
        tenant=chosen,
        host_name=traffic.host_name,
        hour_price=_hour_price(settings, model),
    )


def _hour_price(settings: Settings, model: str) -> float | None:
    """The price of the dearest engine that may answer: the model's, or that of a candidate with a share of the
    requests. None if one has no price."""
    candidates = settings.traffic.candidates
    owner = owner_of(settings.serving, model)
    if owner is None:
        return None
    prices = hour_prices(settings.gpu, with_candidates(settings.serving, candidates))
    wanted = candidates.get(owner.name)
    tracks = TRACKS if wanted is not None and wanted.weight else (STABLE,)
    found = [prices.get(server_name(owner.name, track)) for track in tracks]
    known = [each for each in found if each is not None]
    return max(known) if len(known) == len(found) else None


def _tenant(tenants: Sequence[TenantSettings], model: str, wanted: str | None) -> TenantSettings:
    allowed = [each for each in tenants if model in each.models]
    found = [each for each in allowed if wanted in (None, each.name)]
    if len(found) == 1:
        return found[0]
    raise InvalidInput([*_tenant_problems(tenants, allowed, model, wanted)])


def _unknown_tenant(wanted: str, names: Sequence[str]) -> Problem:
    return Problem.not_one_of("--tenant", wanted, names, f"is not a tenant of this stack: {', '.join(names)}")


def _tenant_problems(
    tenants: Sequence[TenantSettings], allowed: Sequence[TenantSettings], model: str, wanted: str | None
) -> Iterator[Problem]:
    names, able = [each.name for each in tenants], [each.name for each in allowed]
    may = f"may call {model}: {', '.join(able)}" if able else f"may call {model}: no tenant may"
    if wanted is None and not able:
        fix = "Add the model to a tenant of traffic.tenants"
        yield Problem("MODEL", model, "is not in `models` of any tenant: the gateway answers 404", fix)
    elif wanted is None:
        yield Problem("--tenant", MISSING, f"must name one of the tenants that {may}")
    elif wanted not in names:
        yield _unknown_tenant(wanted, names)
    else:
        yield Problem("--tenant", wanted, f"must be a tenant that {may}")
