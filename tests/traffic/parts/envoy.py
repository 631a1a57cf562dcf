"""A real Envoy with the configuration of the gateway's own objects.

Envoy Gateway's translation is repeated here by hand, for the fields that the gateway's objects set. It was compared
with the output of `egctl experimental translate` of Envoy Gateway 1.8.1 for the same objects: filters and their order,
header rules, routes, time limits, circuit breakers. Where AI Gateway's processor would be, a script buffers the body
and reads the model from it. The rate limit filter is left out.
"""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from serving.gateway.gateway_plan import GatewayPlan
from serving.gateway.model_gateway_args import ModelGatewayArgs
from serving.gateway.tenant_route import route_name, route_spec, traffic_spec

Json = dict[str, Any]

_HTTP = "type.googleapis.com/envoy.extensions.filters.http."

_PROCESSOR = """\
function envoy_on_request(handle)
  local body = handle:body()
  if body == nil then return end
  local model = string.match(body:getBytes(0, body:length()), '"model"%s*:%s*"([^"]+)"')
  if model ~= nil then handle:headers():replace("x-ai-eg-model", model) end
end
"""


def configuration(args: ModelGatewayArgs, keys: Mapping[str, str], *, port: int, upstream: int) -> Json:
    """Envoy's configuration. `keys`: the API key of each client id."""
    plan = GatewayPlan(args)
    policies: Any = plan.policies(["keys"])
    client = policies["ClientTrafficPolicy"]
    filters = _filters(policies, keys, client["healthCheck"]["path"])
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3."
        "HttpConnectionManager",
        "statPrefix": "http",
        "accessLog": [_access_log()],
        "commonHttpProtocolOptions": {"headersWithUnderscoresAction": "REJECT_REQUEST"},
        "earlyHeaderMutationExtensions": [_removed(client["headers"]["earlyRequestHeaders"]["remove"])],
        "httpFilters": filters,
        "mergeSlashes": True,
        "normalizePath": True,
        "pathWithEscapedSlashesAction": "UNESCAPE_AND_REDIRECT",
        "requestTimeout": client["timeout"]["http"]["requestReceivedTimeout"],
        "streamIdleTimeout": client["timeout"]["http"]["streamIdleTimeout"],
        "routeConfig": {"name": "models", "virtualHosts": [_host(args, plan)]},
    }
    listener = {
        "name": "models",
        "address": {"socketAddress": {"address": "127.0.0.1", "portValue": port}},
        "perConnectionBufferLimitBytes": int(client["connection"]["bufferLimit"]),
        "filterChains": [
            {"filters": [{"name": "envoy.filters.network.http_connection_manager", "typedConfig": manager}]}
        ],
    }
    clusters = [_cluster(args, plan, each.name, upstream) for each in args.tenants]
    return {"staticResources": {"listeners": [listener], "clusters": clusters}}


def start_envoy(program: Path, config: Json, folder: Path) -> "subprocess.Popen[bytes]":
    """Envoy with a configuration. Its logs are in `folder`."""
    file = folder / "envoy.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    with (folder / "access.log").open("wb") as access, (folder / "envoy.log").open("wb") as log:
        command = [str(program), "-c", str(file), "--concurrency", "1", "-l", "info", "--use-dynamic-base-id"]
        return subprocess.Popen(
            [*command, "--file-flush-interval-msec", "50"],
            stdout=access,
            stderr=log,
        )


def _filters(policies: Any, keys: Mapping[str, str], health_path: str) -> list[Json]:
    """In the order of internal/xds/translator/httpfilters.go: health check, key, script, processor, router."""
    auth, script = (
        policies["SecurityPolicy"]["apiKeyAuth"],
        policies["EnvoyExtensionPolicy"]["lua"][0]["inline"],
    )
    found = {
        "health_check.v3.HealthCheck": {
            "passThroughMode": False,
            "headers": [{"name": ":path", "stringMatch": {"exact": health_path}}],
        },
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
    processor = {"@type": f"{_HTTP}lua.v3.Lua", "defaultSourceCode": {"inlineString": _PROCESSOR}}
    router = {"@type": f"{_HTTP}router.v3.Router", "suppressEnvoyHeaders": True}
    return [
        *filters,
        {"name": "processor", "typedConfig": processor},
        {"name": "router", "typedConfig": router},
    ]


def _removed(headers: list[str]) -> Json:
    kind = "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation"
    mutations = [{"remove": each} for each in headers]
    return {
        "name": "removed",
        "typedConfig": {"@type": f"type.googleapis.com/{kind}", "mutations": mutations},
    }


def _access_log() -> Json:
    kind = "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog"
    return {"name": "stdout", "typedConfig": {"@type": f"type.googleapis.com/{kind}"}}


def _host(args: ModelGatewayArgs, plan: GatewayPlan) -> Json:
    routes: list[Json] = []
    for tenant in args.tenants:
        own = {model.name: model for model in args.models if model.name in tenant.models}
        spec: Any = route_spec(
            tenant.name,
            {name: [("backend", 1)] for name in own},
            header=plan.header,
            listening=plan.listening,
            seconds={name: plan.seconds(model) for name, model in own.items()},
            priorities={},
        )
        for rule in spec["rules"]:
            headers = [
                {"name": each["name"], "stringMatch": {"exact": each["value"]}}
                for each in rule["matches"][0]["headers"]
            ]
            action = {
                "cluster": route_name(tenant.name),
                "timeout": rule["timeouts"]["request"],
                "idleTimeout": f"{plan.silent_seconds}s",
            }
            routes.append({"match": {"prefix": "/", "headers": headers}, "route": action})
    routes.append({"match": {"prefix": "/"}, "directResponse": {"status": 404}})
    return {"name": "models", "domains": [plan.listening.host_name], "routes": routes}


def _cluster(args: ModelGatewayArgs, plan: GatewayPlan, name: str, upstream: int) -> Json:
    tenant = next(each for each in args.tenants if each.name == name)
    limits: Any = traffic_spec(
        name,
        requests_per_minute=None,
        tokens_per_minute=None,
        concurrent=plan.concurrent(tenant),
        silent_seconds=plan.silent_seconds,
    )
    bound = limits["circuitBreaker"]
    threshold = {
        "maxConnections": bound["maxConnections"],
        "maxPendingRequests": bound["maxPendingRequests"],
        "maxRequests": bound["maxParallelRequests"],
        "maxRetries": bound["maxParallelRetries"],
    }
    address = {"socketAddress": {"address": "127.0.0.1", "portValue": upstream}}
    return {
        "name": route_name(name),
        "type": "STATIC",
        "circuitBreakers": {"thresholds": [threshold]},
        "loadAssignment": {
            "clusterName": route_name(name),
            "endpoints": [{"lbEndpoints": [{"endpoint": {"address": address}}]}],
        },
    }
