"""A real Envoy with the configuration of the gateway's own objects.

Envoy Gateway's translation is repeated here by hand, for the fields that the gateway's objects set. Tests that have no
need of egctl use it. test_translation.py holds it to Envoy Gateway's own: filters, header rules, routes, time limits,
circuit breakers, limits. `limits.py` has the limits per minute.

Where AI Gateway's processor would be, a script buffers the body, reads the model from it, and at the end of an answer
tells the rate limit filter the tokens that the engine reported. AI Gateway cannot be had from a package registry.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from facts.gateways import TOKEN_METADATA
from serving.gateway.gateway_plan import GatewayPlan
from serving.gateway.model_gateway_args import ModelGatewayArgs, TenantArgs
from serving.gateway.tenant_route import TOKENS, route_name, route_spec
from tests.support.processes import start_server
from tests.traffic.parts import limits

Json = dict[str, Any]

_HTTP = "type.googleapis.com/envoy.extensions.filters.http."

_READS_MODEL = """\
function envoy_on_request(handle)
  local body = handle:body()
  if body == nil then return end
  local model = string.match(body:getBytes(0, body:length()), '"model"%s*:%s*"([^"]+)"')
  if model ~= nil then handle:headers():replace("x-ai-eg-model", model) end
end
"""

READS_TOKENS = """\
function envoy_on_response(handle)
  local known, tokens = "", nil
  for chunk in handle:bodyChunks() do
    known = known .. chunk:getBytes(0, chunk:length())
    for found in string.gmatch(known, '"total_tokens"%s*:%s*(%d+)') do tokens = tonumber(found) end
    known = string.sub(known, -40)
  end
  if tokens ~= nil then handle:streamInfo():dynamicMetadata():set("METADATA", "TOKENS", tokens) end
end
""".replace("METADATA", TOKEN_METADATA).replace("TOKENS", TOKENS)
"""The processor's part in answers: it tells the rate limit filter their tokens."""


def configuration(
    args: ModelGatewayArgs,
    keys: Mapping[str, str],
    *,
    port: int,
    upstream: int | Mapping[str, int],
    counting: limits.Counting | None = None,
    admin: int | None = None,
) -> Json:
    """Envoy's configuration.

    `keys`: the API key of each client id. `upstream`: the port of all models, of each, or of each Service. `counting`:
    the rate limit service; without it nothing is counted. `admin`: port of Envoy's own metrics.
    """
    plan = GatewayPlan(args)
    ports = upstream if isinstance(upstream, Mapping) else {each.name: upstream for each in args.models}
    clusters = [
        _cluster(args, tenant, rule, endpoints(args, model, ports))
        for tenant in args.tenants
        for rule, model in enumerate(tenant.models)
    ]
    clusters += [limits.cluster(counting)] if counting else []
    own = {"admin": {"address": _address(admin)}} if admin else {}
    listener = _listener(args, plan, keys, port, counting)
    return {**own, "staticResources": {"listeners": [listener], "clusters": clusters}}


def _listener(
    args: ModelGatewayArgs,
    plan: GatewayPlan,
    keys: Mapping[str, str],
    port: int,
    counting: limits.Counting | None,
) -> Json:
    policies: Any = plan.policies(["keys"])
    client = policies["ClientTrafficPolicy"]
    counted = [limits.filter_config(args, counting)] if counting else []
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3."
        "HttpConnectionManager",
        "statPrefix": "http",
        "accessLog": [access_log()],
        "commonHttpProtocolOptions": {"headersWithUnderscoresAction": "REJECT_REQUEST"},
        "earlyHeaderMutationExtensions": [_removed(client["headers"]["earlyRequestHeaders"]["remove"])],
        "http2ProtocolOptions": {"maxConcurrentStreams": client["http2"]["maxConcurrentStreams"]},
        "httpFilters": _filters(policies, keys, counted),
        "mergeSlashes": True,
        "normalizePath": True,
        "pathWithEscapedSlashesAction": "UNESCAPE_AND_REDIRECT",
        "requestTimeout": client["timeout"]["http"]["requestReceivedTimeout"],
        "streamIdleTimeout": client["timeout"]["http"]["streamIdleTimeout"],
        "routeConfig": {"name": "models", "virtualHosts": [_host(args, plan)]},
    }
    return {
        "name": "models",
        "address": _address(port),
        "perConnectionBufferLimitBytes": int(client["connection"]["bufferLimit"]),
        "filterChains": [
            {"filters": [{"name": "envoy.filters.network.http_connection_manager", "typedConfig": manager}]}
        ],
    }


def start_envoy(program: Path, config: Json, folder: Path, drain: str) -> "subprocess.Popen[bytes]":
    """Envoy with a configuration. Its logs are in `folder`. `drain`: how long it waits for running requests."""
    file = folder / "envoy.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    with (folder / "access.log").open("wb") as access, (folder / "envoy.log").open("wb") as log:
        command = [
            str(program), "-c", str(file), "--concurrency", "1", "-l", "info", "--use-dynamic-base-id",
            "--file-flush-interval-msec", "50",
            # As in internal/infrastructure/common/proxy_args.go of Envoy Gateway.
            "--drain-strategy", "immediate", "--drain-time-s", drain.removesuffix("s"),
        ]  # fmt: skip
        return start_server(command, output=access, errors=log)


def _filters(policies: Any, keys: Mapping[str, str], counted: Sequence[Json]) -> list[Json]:
    """In the order of internal/xds/translator/httpfilters.go: health check, headers, key, script, processor, limits."""
    auth, script = (
        policies["SecurityPolicy"]["apiKeyAuth"],
        policies["EnvoyExtensionPolicy"]["lua"][0]["inline"],
    )
    client = policies["ClientTrafficPolicy"]
    health = client.get("healthCheck")
    hidden = [{"remove": each} for each in client["headers"]["lateResponseHeaders"]["remove"]]
    checked = {
        "health_check.v3.HealthCheck": {
            "passThroughMode": False,
            "headers": [{"name": ":path", "stringMatch": {"exact": health["path"]}}],
        }
    } if health else {}  # fmt: skip
    found: Json = {
        **checked,
        "header_mutation.v3.HeaderMutation": {"mutations": {"responseMutations": hidden}},
        "api_key_auth.v3.ApiKeyAuth": {
            "credentials": [{"client": client, "key": key} for client, key in keys.items()],
            "keySources": [{"header": header} for header in auth["extractFrom"][0]["headers"]],
            "forwarding": {
                "header": auth["forwardClientIDHeader"],
                "hideCredentials": auth["sanitize"],
            },
        },
        "lua.v3.Lua": {"defaultSourceCode": {"inlineString": script}},
    }
    filters = [{"name": name, "typedConfig": {"@type": _HTTP + name, **each}} for name, each in found.items()]
    processor = {
        "@type": f"{_HTTP}lua.v3.Lua",
        "defaultSourceCode": {"inlineString": _READS_MODEL + READS_TOKENS},
    }
    router = {"@type": f"{_HTTP}router.v3.Router", "suppressEnvoyHeaders": True}
    return [
        *filters,
        {"name": "processor", "typedConfig": processor},
        *({"name": limits.FILTER, "typedConfig": each} for each in counted),
        {"name": "router", "typedConfig": router},
    ]


def _removed(headers: list[str]) -> Json:
    kind = "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation"
    mutations = [{"remove": each} for each in headers]
    return {
        "name": "removed",
        "typedConfig": {"@type": f"type.googleapis.com/{kind}", "mutations": mutations},
    }


def managers(listener: Json) -> Iterator[Json]:
    """The configurations of a listener's managers of HTTP connections."""
    chains = [*listener.get("filterChains", ()), listener.get("defaultFilterChain", {})]
    for each in (each for chain in chains for each in chain.get("filters", ())):
        if "httpFilters" in each["typedConfig"]:
            yield each["typedConfig"]


def access_log(fields: Mapping[str, str] | None = None) -> Json:
    """Envoy's access log: with these fields as JSON, or in Envoy's own form."""
    kind = "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog"
    form = {"logFormat": {"jsonFormat": dict(fields)}} if fields else {}
    return {"name": "stdout", "typedConfig": {"@type": kind, **form}}


def _host(args: ModelGatewayArgs, plan: GatewayPlan) -> Json:
    routes = [each for tenant in args.tenants for each in _routes(args, plan, tenant)]
    routes.append({"match": {"prefix": "/"}, "directResponse": {"status": 404}})
    return {"name": "models", "domains": [plan.listening.host_name], "routes": routes}


def _routes(args: ModelGatewayArgs, plan: GatewayPlan, tenant: TenantArgs) -> Iterator[Json]:
    own = {name: each for name in tenant.models for each in args.models if each.name == name}
    spec: Any = route_spec(
        tenant.name,
        {name: [("backend", 1)] for name in own},
        header=plan.header,
        listening=plan.listening,
        seconds={name: plan.seconds(model) for name, model in own.items()},
        priorities={},
    )
    for number, rule in enumerate(spec["rules"]):
        headers = [
            {"name": each["name"], "stringMatch": {"exact": each["value"]}}
            for each in rule["matches"][0]["headers"]
        ]
        action = {
            "cluster": cluster_name(args, tenant.name, number),
            "timeout": rule["timeouts"]["request"],
            "idleTimeout": f"{plan.silent_seconds}s",
        }
        counted = limits.route_config(args, tenant, number)
        yield {"match": {"prefix": "/", "headers": headers}, "route": action, "typedPerFilterConfig": counted}


def cluster_name(args: ModelGatewayArgs, tenant: str, rule: int) -> str:
    """Each rule of a tenant's route has a cluster of its own (irRouteDestinationName)."""
    return f"httproute/{args.namespace}/{route_name(tenant)}/rule/{rule}"


def endpoints(args: ModelGatewayArgs, name: str, ports: Mapping[str, int]) -> list[Json]:
    """The endpoints of a model's Services. With several, each is a locality with its weight; one without weight is left
    out, as in the translation of egctl 1.8.3."""
    (targets,) = [each.targets for each in args.models if each.name == name]
    if len(targets) == 1:
        return [{"lbEndpoints": [{"endpoint": {"address": _address(ports[name])}}]}]
    return [
        {
            "lbEndpoints": [
                {"endpoint": {"address": _address(ports[each.service])}, "loadBalancingWeight": 1}
            ],
            "loadBalancingWeight": each.weight,
            "locality": {"region": each.service},
        }
        for each in targets
        if each.weight
    ]


_LEAST = "envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest"
_BY_WEIGHT = {
    "policies": [
        {
            "typedExtensionConfig": {
                "name": "envoy.load_balancing_policies.least_request",
                "typedConfig": {
                    "@type": f"type.googleapis.com/{_LEAST}",
                    "localityLbConfig": {"localityWeightedLbConfig": {}},
                },
            }
        }
    ]
}


def _cluster(args: ModelGatewayArgs, tenant: TenantArgs, rule: int, behind: list[Json]) -> Json:
    bound = limits.policy(args, tenant)["circuitBreaker"]
    threshold = {
        "maxConnections": bound["maxConnections"],
        "maxPendingRequests": bound["maxPendingRequests"],
        "maxRequests": bound["maxParallelRequests"],
        "maxRetries": bound["maxParallelRetries"],
    }
    name = cluster_name(args, tenant.name, rule)
    return {
        "name": name,
        "type": "STATIC",
        "circuitBreakers": {"thresholds": [threshold]},
        "loadBalancingPolicy": _BY_WEIGHT,
        "loadAssignment": {"clusterName": name, "endpoints": behind},
    }


def _address(port: int) -> Json:
    return {"socketAddress": {"address": "127.0.0.1", "portValue": port}}
