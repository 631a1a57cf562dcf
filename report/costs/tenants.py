"""Which tenants and models the gateway of a stack serves, and the cost of the models' GPUs divided among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facts.gateways import MODEL_HEADER
from facts.prices import PriceList
from report.cluster_networks import as_node_pools
from report.costs.usage_file import Usage
from report.gpu_pools import engines_of, gpu_pools
from report.resources import Resource, as_mapping, as_number, as_sequence

ROUTE = "kubernetes:aigateway.envoyproxy.io/v1beta1:AIGatewayRoute"

Backends = Mapping[str, float]
"""The share of each backend of a model by its name."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one tenant asked of one model, and its share of the cost of the model's GPUs."""

    tenant: str
    model: str
    prompt_tokens: float
    answer_tokens: float
    requests: float
    cost: float | None
    """None: the price of the GPUs or the engines of the model are not known."""


@dataclass(frozen=True, kw_only=True)
class Division:
    """The cost of the GPUs in the interval, divided among the tenants."""

    shares: Sequence[Share]
    gpu_cost: float
    """Of all GPU pools with a price, in the interval."""

    unused: float
    """The part that no tenant's tokens carry: GPUs without a model, and models that nobody asked."""


def tenants_of(resources: Sequence[Resource]) -> dict[str, dict[str, Backends]]:
    """The models of each tenant of the gateway, with the backends of each model."""
    found: dict[str, dict[str, Backends]] = {}
    for route in resources:
        rules = as_sequence(as_mapping(route.inputs.get("spec")).get("rules")) if route.type == ROUTE else ()
        for rule in map(as_mapping, rules):
            refs = [as_mapping(each) for each in as_sequence(rule.get("backendRefs"))]
            weights = {str(ref.get("name")): as_number(ref.get("weight", 1)) or 0.0 for ref in refs}
            total = sum(weights.values()) or 1.0
            for match in map(as_mapping, as_sequence(rule.get("matches"))):
                headers = [as_mapping(each) for each in as_sequence(match.get("headers"))]
                models = [str(each.get("value")) for each in headers if each.get("name") == MODEL_HEADER]
                tenants = [str(each.get("value")) for each in headers if each.get("name") != MODEL_HEADER]
                for tenant in tenants:
                    for model in models:
                        found.setdefault(tenant, {})[model] = {
                            name: weight / total for name, weight in weights.items()
                        }
    return found


def divided(resources: Sequence[Resource], prices: PriceList, usage: Usage) -> Division:
    """Divide the GPUs' cost: the tenants of an engine pay for it by their tokens."""
    tenants = tenants_of(resources)
    cost, whole = _costs(resources, prices, usage.hours)
    weights: dict[str, dict[tuple[str, str], float]] = {}
    for (tenant, model), asked in usage.asked.items():
        for backend, share in tenants.get(tenant, {}).get(model, {}).items():
            tokens = share * (asked.prompt_tokens + usage.answer_weight * asked.answer_tokens)
            weights.setdefault(backend, {})[tenant, model] = tokens
    paid: dict[tuple[str, str], float] = {}
    for backend, tokens in weights.items():
        total = sum(tokens.values())
        for key, count in tokens.items():
            if backend in cost and total:
                paid[key] = paid.get(key, 0.0) + cost[backend] * count / total
            elif backend in cost:
                paid.setdefault(key, 0.0)
    shares = [
        Share(
            tenant=tenant,
            model=model,
            prompt_tokens=asked.prompt_tokens,
            answer_tokens=asked.answer_tokens,
            requests=asked.requests,
            cost=paid.get((tenant, model)),
        )
        for (tenant, model), asked in usage.asked.items()
    ]
    return Division(
        shares=sorted(shares, key=lambda each: (-(each.cost or 0.0), each.tenant, each.model)),
        gpu_cost=whole,
        unused=whole - sum(paid.values()),
    )


def _costs(resources: Sequence[Resource], prices: PriceList, hours: float) -> tuple[dict[str, float], float]:
    """The cost of the engines behind each backend in the interval, and that of all GPU pools."""
    rates: dict[str, float] = {}
    whole = 0.0
    for pool in gpu_pools(resources):
        price = prices.gpu_hour(pool.shape)
        if price is not None and pool.known:
            gpus = pool.nodes * pool.gpus
            whole += gpus * price * hours
            # Engines that wait for a node cost nothing: together they never cost more than their pool.
            rates[pool.name] = price * hours * min(1.0, gpus / max(1, pool.requested))
    found: dict[str, float] = {}
    for resource in as_node_pools(resources):
        pool, engines = engines_of(resource) or ("", None)
        if engines is None or pool not in rates:
            continue
        metadata = as_mapping(resource.inputs.get("metadata"))
        name = f"{metadata.get('namespace')}-{engines.name}"
        amount = engines.pod.gpus * engines.pods * engines.replicas * rates[pool]
        # A backend is the model's Service or its router's (serving/gateway).
        for backend in (name, f"{name}-router"):
            found[backend] = found.get(backend, 0.0) + amount
    return found, whole
