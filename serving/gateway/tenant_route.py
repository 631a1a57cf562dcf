"""The route and the limits of one tenant: one rule for each model that the tenant may call.

Each rule has its own cluster and its own counters in Envoy, so a limit concerns one tenant and one model. A model
without a rule for the tenant has no route.
"""

from collections.abc import Mapping, Sequence

from facts.gateways import ENVOY_API, GATEWAY_API, MODEL_HEADER, TOKEN_METADATA

from .specs import GATEWAY, Listening, Spec

TOKENS = "total_tokens"
"""Key of the metadata with an answer's tokens."""


def route_name(tenant: str) -> str:
    """Name of a tenant's route."""
    return f"tenant-{tenant}"


def route_spec(
    tenant: str,
    models: Mapping[str, Sequence[tuple[str, int]]],
    *,
    header: str,
    listening: Listening,
    seconds: Mapping[str, int],
    priorities: Mapping[str, int],
) -> Spec:
    """`models`: names and weights of each model's backends. `priorities`: of models that schedule by priority."""
    return {
        "parentRefs": [
            {"group": GATEWAY_API, "kind": "Gateway", "name": GATEWAY, "sectionName": listening.name}
        ],
        "hostnames": [listening.host_name],
        "llmRequestCosts": [{"metadataKey": TOKENS, "type": "TotalToken"}],
        "rules": [
            {
                "matches": [
                    {
                        "headers": [
                            {"type": "Exact", "name": header, "value": tenant},
                            {"type": "Exact", "name": MODEL_HEADER, "value": model},
                        ]
                    }
                ],
                "backendRefs": [_backend(name, weight, priorities.get(model)) for name, weight in backends],
                "timeouts": {"request": f"{seconds[model]}s"},
                "modelsOwnedBy": "genai-playground",
            }
            for model, backends in models.items()
        ],
    }


def _backend(name: str, weight: int, priority: int | None) -> Spec:
    spec: Spec = {"name": name, "weight": weight}
    if priority is not None:
        # Also for tenants without a priority: else a client could choose its own.
        spec["bodyMutation"] = {"set": [{"path": "priority", "value": str(priority)}]}
    return spec


def traffic_spec(
    tenant: str,
    *,
    requests_per_minute: int | None,
    tokens_per_minute: int | None,
    concurrent: int,
    silent_seconds: int,
    limit_bytes: int,
) -> Spec:
    """The tenant's limits. Envoy itself repeats nothing: a repeated request would count twice, and routers repeat.

    The request buffer has the limit of the whole gateway. `specs.FILTER_ORDER` says what it is for.
    """
    spec: Spec = {
        "targetRefs": [{"group": GATEWAY_API, "kind": "HTTPRoute", "name": route_name(tenant)}],
        "timeout": {"http": {"streamIdleTimeout": f"{silent_seconds}s"}},
        "requestBuffer": {"limit": str(limit_bytes)},
        "circuitBreaker": {
            "maxParallelRequests": concurrent,
            # Every new connection begins with a waiting request. The bound is the one above.
            "maxPendingRequests": concurrent,
            "maxConnections": 2 * concurrent,
            "maxParallelRetries": 0,
        },
    }
    rules = [*_request_rules(requests_per_minute), *_token_rules(tokens_per_minute)]
    if rules:
        spec["rateLimit"] = {"global": {"rules": rules}}
    return spec


def _request_rules(limit: int | None) -> Sequence[Spec]:
    return [] if limit is None else [{"limit": {"requests": limit, "unit": "Minute"}}]


def _token_rules(limit: int | None) -> Sequence[Spec]:
    """Tokens are known at the end of an answer. A request only checks that some are left."""
    if limit is None:
        return []
    cost = {
        "request": {"from": "Number", "number": 0},
        "response": {"from": "Metadata", "metadata": {"namespace": TOKEN_METADATA, "key": TOKENS}},
    }
    return [{"limit": {"requests": limit, "unit": "Minute"}, "cost": cost}]


def backend_spec(host: object, port: int) -> Spec:
    """The address of a Service. AI Gateway accepts no Service itself (api/v1beta1/ai_service_backend.go)."""
    return {"endpoints": [{"fqdn": {"hostname": host, "port": port}}]}


def ai_backend_spec(name: str) -> Spec:
    """The same address, with the API that answers there."""
    return {
        "schema": {"name": "OpenAI", "prefix": "v1"},
        "backendRef": {"group": ENVOY_API, "kind": "Backend", "name": name},
    }
