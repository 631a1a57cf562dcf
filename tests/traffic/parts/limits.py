"""The limits of the gateway's BackendTrafficPolicies, as Envoy Gateway gives them to the rate limit service.

egctl does not print this part of the translation. It is repeated here for rules without a match, which are all that the
gateway has. A test compares its keys with those that egctl gives to Envoy.
Source: internal/xds/translator/ratelimit.go and internal/gatewayapi (helpers.go: names; backendtrafficpolicy.go: costs)
of envoyproxy/gateway v1.8.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from serving.gateway.gateway_plan import GatewayPlan
from serving.gateway.model_gateway_args import ModelGatewayArgs, TenantArgs
from serving.gateway.specs import GATEWAY
from serving.gateway.tenant_route import route_name
from serving.platform.chart_values import RATE_LIMIT_TIMEOUT

Json = dict[str, Any]

FILTER = "envoy.filters.http.ratelimit"
CLUSTER = "ratelimit_cluster"
TIMEOUT = f"{int(RATE_LIMIT_TIMEOUT.removesuffix('ms')) / 1000}s"
"""How long Envoy waits for the service, by the chart's values. With Envoy's default, 20 ms, bursts pass uncounted."""

_KIND = "type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3."


@dataclass(frozen=True, kw_only=True)
class Counting:
    """Where Envoy asks, and what it does without an answer."""

    port: int
    fail_closed: bool = False


def policy(args: ModelGatewayArgs, tenant: TenantArgs) -> Json:
    """The tenant's BackendTrafficPolicy."""
    return GatewayPlan(args).limits(tenant)


def rules(spec: Json) -> Sequence[Json]:
    """The rules of a policy."""
    return spec.get("rateLimit", {}).get("global", {}).get("rules", ())


def domain(args: ModelGatewayArgs) -> str:
    """The listener's name (irListenerName)."""
    return f"{args.namespace}/{GATEWAY}/{GatewayPlan(args).listening.name}"


def route_key(args: ModelGatewayArgs, tenant: str, rule: int) -> str:
    """The name of a rule's route (irRouteName, with the host). AI Gateway's HTTPRoute has the AIGatewayRoute's name."""
    host = args.host_name.replace(".", "_")
    return f"httproute/{args.namespace}/{route_name(tenant)}/rule/{rule}/match/0/{host}"


def _rule_key(index: int) -> str:
    return f"rule-{index}-match--1"


def service_config(args: ModelGatewayArgs) -> Json:
    """The configuration of the rate limit service (BuildRateLimitServiceConfig), of each tenant and model."""
    descriptors: list[Json] = []
    for tenant in args.tenants:
        limits = [
            {"key": _rule_key(index), "value": _rule_key(index), "rate_limit": _limit(rule["limit"])}
            for index, rule in enumerate(rules(policy(args, tenant)))
        ]
        keys = [route_key(args, tenant.name, rule) for rule in range(len(tenant.models))] if limits else []
        descriptors += [{"key": key, "value": key, "descriptors": limits} for key in keys]
    return {"domain": domain(args), "descriptors": descriptors}


def _limit(limit: Json) -> Json:
    return {"requests_per_unit": limit["requests"], "unit": limit["unit"].lower()}


def cluster(counting: Counting) -> Json:
    """The service's cluster (createRateLimitServiceCluster), without the TLS between the two."""
    protocol = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    address = {"socketAddress": {"address": "127.0.0.1", "portValue": counting.port}}
    return {
        "name": CLUSTER,
        "type": "STATIC",
        "connectTimeout": "10s",
        "loadAssignment": {
            "clusterName": CLUSTER,
            "endpoints": [{"lbEndpoints": [{"endpoint": {"address": address}}]}],
        },
        "typedExtensionProtocolOptions": {
            protocol: {
                "@type": f"type.googleapis.com/{protocol}",
                "explicitHttpConfig": {"http2ProtocolOptions": {}},
            }
        },
    }
