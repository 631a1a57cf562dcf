"""What Envoy AI Gateway v1.1.0 does with our objects, in two steps, because it is no Go module.

1. `generated`: the objects that its controller makes of routes and backends (internal/controller/ai_gateway_route.go,
   `newHTTPRoute` and `generateHTTPRouteFilters`). Envoy Gateway never sees an AIGatewayRoute.
2. `with_processor`: what its extension server changes in Envoy Gateway's translation
   (internal/extensionserver/post_translate_modify.go, `insertAIGatewayExtProcFilter` and
   `enableRouterLevelAIGatewayExtProcOnRoute`). A script stands for the processor: it buffers the body, reads the model
   from it, and answers the two kinds of paths that the processor answers itself (cmd/extproc/mainlib/main.go,
   internal/extproc/models_processor.go). The changes of the clusters are left out: the processor counts tokens there.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from facts.gateways import AI_API, ENVOY_API, GATEWAY_API
from tests.traffic.parts.envoy import READS_TOKENS

Json = dict[str, Any]

PROCESSOR = "envoy.filters.http.ext_proc/aigateway"

_AFTER = ("ext_proc", "wasm", "lua", "rbac", "local_ratelimit", "ratelimit", "custom_response", "credential_injector",
          "compressor", "router")  # fmt: skip
"""Filters before which it puts its processor (`afterExtProcFilterPrefixes`)."""

_BUFFER = "envoy.filters.http.buffer"

_PATHS = ("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/cohere/v2/rerank",
          "/v1/audio/speech", "/v1/images/generations", "/anthropic/v1/messages", "/tokenize")  # fmt: skip

_SCRIPT = """\
local paths = {%(paths)s}
function envoy_on_request(handle)
  local headers = handle:headers()
  local path = string.match(headers:get(":path"), "^[^?]*")
  if path == "/v1/models" then
    handle:respond({[":status"] = "200", ["content-type"] = "application/json"}, '%(models)s')
    return
  end
  if not paths[path] then
    handle:respond({[":status"] = "404"}, "unsupported path: " .. path)
    return
  end
  local body = handle:body()
  if body == nil then return end
  local model = string.match(body:getBytes(0, body:length()), '"model"%%s*:%%s*"([^"]+)"')
  if model ~= nil then handle:headers():replace("x-ai-eg-model", model) end
end
"""


def generated(objects: Iterable[Json]) -> list[Json]:
    """The objects with its own kinds replaced."""
    given = list(objects)
    backends = {
        each["metadata"]["name"]: each["spec"] for each in given if each["kind"] == "AIServiceBackend"
    }
    found = [each for each in given if not each["apiVersion"].startswith(f"{AI_API}/")]
    for route in (each for each in given if each["kind"] == "AIGatewayRoute"):
        found += _route(route, backends)
    return found


def _route(route: Json, backends: Mapping[str, Json]) -> list[Json]:
    place, spec = route["metadata"], route["spec"]
    rewrite, missing = (
        f"ai-eg-host-rewrite-{place['name']}",
        f"ai-eg-route-not-found-response-{place['name']}",
    )
    path = {"path": {"type": "PathPrefix", "value": "/"}}
    rules: list[Json] = [
        {
            "matches": [{"headers": each["headers"], **path} for each in rule["matches"]],
            "backendRefs": [
                {**backends[each["name"]]["backendRef"], "weight": each["weight"]}
                for each in rule["backendRefs"]
            ],
            "filters": [_reference(rewrite)],
            "timeouts": rule["timeouts"],
        }
        for rule in spec["rules"]
    ]
    rules.append({"name": "route-not-found", "matches": [path], "filters": [_reference(missing)]})
    made = {"parentRefs": spec["parentRefs"], "hostnames": spec["hostnames"], "rules": rules}
    text = {"type": "Inline", "inline": "No matching route found."}
    filters = {
        rewrite: {"urlRewrite": {"hostname": {"type": "Backend"}}},
        missing: {"directResponse": {"statusCode": 404, "body": text}},
    }
    return [
        _object("HTTPRoute", f"{GATEWAY_API}/v1", place["name"], place["namespace"], made),
        *(
            _object("HTTPRouteFilter", f"{ENVOY_API}/v1alpha1", name, place["namespace"], each)
            for name, each in filters.items()
        ),
    ]


def _object(kind: str, version: str, name: str, namespace: str, spec: Json) -> Json:
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }


def _reference(name: str) -> Json:
    return {
        "type": "ExtensionRef",
        "extensionRef": {"group": ENVOY_API, "kind": "HTTPRouteFilter", "name": name},
    }


def with_processor(filters: Sequence[Json], models: Iterable[str]) -> list[Json]:
    """The filters with the processor where it is put. It is off, and the routes turn it on."""
    names = [each["name"] for each in filters]
    place = next(
        place
        for place, name in enumerate(names)
        if name.startswith(tuple(f"envoy.filters.http.{each}" for each in _AFTER))
    )
    buffers = [place for place, name in enumerate(names) if name.startswith(_BUFFER)]
    if buffers and buffers[-1] >= place:
        place = buffers[-1] + 1
    return [*filters[:place], _processor(models), *filters[place:]]


def _processor(models: Iterable[str]) -> Json:
    listed = json.dumps({"object": "list", "data": [{"id": name} for name in models]})
    script = _SCRIPT % {"paths": ", ".join(f"['{each}'] = true" for each in _PATHS), "models": listed}
    script += READS_TOKENS
    kind = "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua"
    return {
        "name": PROCESSOR,
        "disabled": True,
        "typedConfig": {"@type": kind, "defaultSourceCode": {"inlineString": script}},
    }


def turned_on(route: Json) -> Json:
    """A route of Envoy with the processor, if AI Gateway generated it."""
    # It knows its routes by an annotation, which egctl leaves out. All HTTPRoutes of this gateway are its own.
    resources = (
        route.get("metadata", {}).get("filterMetadata", {}).get("envoy-gateway", {}).get("resources", [])
    )
    if not any(each["kind"] == "HTTPRoute" for each in resources):
        return route
    on = {"@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", "config": {}}
    return {**route, "typedPerFilterConfig": {**route.get("typedPerFilterConfig", {}), PROCESSOR: on}}
