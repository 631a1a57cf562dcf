"""What Envoy AI Gateway v1.1.0 does with our objects, because it is no Go module. tools/processor is its processor.

1. `generated`: the objects that its controller makes of routes and backends (internal/controller/ai_gateway_route.go,
   `newHTTPRoute` and `generateHTTPRouteFilters`). Envoy Gateway never sees an AIGatewayRoute.
2. `processor_config`: what its controller gives to its processor (internal/controller/gateway.go).
3. `with_processor`, `turned_on`, `with_backends`, `cluster`: what its extension server changes in Envoy Gateway's
   translation (internal/extensionserver/post_translate_modify.go). egctl has no extension server.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from facts.gateways import AI_API, ENVOY_API, GATEWAY_API, MODEL_HEADER, TOKEN_METADATA

Json = dict[str, Any]

PROCESSOR = "envoy.filters.http.ext_proc/aigateway"
CLUSTER = "ai-gateway-extproc-uds"

_TYPE = "type.googleapis.com/envoy.extensions."
_PROTOCOL = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
_NAMESPACE, _BACKEND = "aigateway.envoy.io", "per_route_rule_backend_name"

_AFTER = ("ext_proc", "wasm", "lua", "rbac", "local_ratelimit", "ratelimit", "custom_response", "credential_injector",
          "compressor", "router")  # fmt: skip
"""Filters before which it puts its processor (`afterExtProcFilterPrefixes`)."""

_BUFFER = "envoy.filters.http.buffer"


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


def _ai_routes(objects: Iterable[Json]) -> Iterator[Json]:
    return (each for each in objects if each["kind"] == "AIGatewayRoute")


def processor_config(objects: Iterable[Json]) -> Json:
    """The configuration of the processor."""
    models: dict[str, Json] = {}
    costs: dict[str, Json] = {}
    backends: Json = {}
    for route in _ai_routes(objects):
        costs |= {each["metadataKey"]: each for each in route["spec"].get("llmRequestCosts", ())}
        for number, rule in enumerate(route["spec"]["rules"]):
            named = [
                header["value"]
                for match in rule["matches"]
                for header in match["headers"]
                if header["name"] == MODEL_HEADER
            ]
            owner = {"object": "model", "owned_by": rule["modelsOwnedBy"]}
            models |= {name: {"id": name, **owner} for name in named}
            backends |= {
                _backend_name(route, number, place): each.get("bodyMutation", {})
                for place, each in enumerate(rule["backendRefs"])
            }
    return {"models": [*models.values()], "costs": [*costs.values()], "backends": backends}


def _backend_name(route: Json, rule: int, place: int) -> str:
    """`PerRouteRuleRefBackendName` of internal/internalapi."""
    where, name = route["metadata"], route["spec"]["rules"][rule]["backendRefs"][place]["name"]
    return f"{where['namespace']}/{name}/route/{where['name']}/rule/{rule}/ref/{place}"


def with_processor(filters: Sequence[Json]) -> list[Json]:
    """The filters of a listener with the processor where it is put. It is off, and the routes turn it on."""
    names = [each["name"] for each in filters]
    place = next(
        place
        for place, name in enumerate(names)
        if name.startswith(tuple(f"envoy.filters.http.{each}" for each in _AFTER))
    )
    buffers = [place for place, name in enumerate(names) if name.startswith(_BUFFER)]
    if buffers and buffers[-1] >= place:
        place = buffers[-1] + 1
    mode = {
        "requestHeaderMode": "SEND", "requestBodyMode": "BUFFERED", "requestTrailerMode": "SKIP",
        "responseHeaderMode": "SEND", "responseBodyMode": "BUFFERED", "responseTrailerMode": "SKIP",
    }  # fmt: skip
    return [*filters[:place], {**_processor(mode), "disabled": True}, *filters[place:]]


def _processor(mode: Json, **more: Any) -> Json:
    asked = {
        "@type": f"{_TYPE}filters.http.ext_proc.v3.ExternalProcessor",
        "allowModeOverride": True,
        "grpcService": {"envoyGrpc": {"clusterName": CLUSTER}},
        "messageTimeout": "10s",
        "metadataOptions": {"receivingNamespaces": {"untyped": [TOKEN_METADATA]}},
        "processingMode": mode,
        **more,
    }
    return {"name": PROCESSOR, "typedConfig": asked}


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


def with_backends(cluster: Json, objects: Iterable[Json]) -> Json:
    """A cluster of Envoy with the names of its backends, and with the processor behind the choice of an endpoint."""
    _, namespace, name, _, rule = cluster["name"].split("/")
    (route,) = (
        each
        for each in _ai_routes(objects)
        if (each["metadata"]["namespace"], each["metadata"]["name"]) == (namespace, name)
    )
    # Envoy Gateway leaves out backends without weight.
    refs = [
        place for place, each in enumerate(route["spec"]["rules"][int(rule)]["backendRefs"]) if each["weight"]
    ]
    assigned = cluster["loadAssignment"]
    localities = [
        _named(each, _backend_name(route, int(rule), place))
        for place, each in zip(refs, assigned["endpoints"], strict=True)
    ]
    return {
        **cluster,
        "loadAssignment": {**assigned, "endpoints": localities},
        "typedExtensionProtocolOptions": {_PROTOCOL: _behind_endpoint(cluster)},
    }


def _named(locality: Json, backend: str) -> Json:
    marked = {"filterMetadata": {_NAMESPACE: {_BACKEND: backend}}}
    return {**locality, "lbEndpoints": [{**each, "metadata": marked} for each in locality["lbEndpoints"]]}


def _behind_endpoint(cluster: Json) -> Json:
    assert "typedExtensionProtocolOptions" not in cluster, "Envoy Gateway sets none for these objects"
    mode = {
        "requestHeaderMode": "SEND", "requestBodyMode": "NONE",
        "responseHeaderMode": "SKIP", "responseBodyMode": "NONE",
    }  # fmt: skip
    attribute = f"xds.upstream_host_metadata.filter_metadata['{_NAMESPACE}']['{_BACKEND}']"
    length = {"key": "content-length", "value": f"%DYNAMIC_METADATA({TOKEN_METADATA}:content_length)%"}
    mutations = {"requestMutations": [{"append": {"appendAction": "ADD_IF_ABSENT", "header": length}}]}
    return {
        "@type": f"type.googleapis.com/{_PROTOCOL}",
        "explicitHttpConfig": {"httpProtocolOptions": {}},
        "httpFilters": [
            _processor(mode, requestAttributes=[attribute]),
            _filter("header_mutation", "HeaderMutation", mutations=mutations),
            _filter("upstream_codec", "UpstreamCodec"),
        ],
    }


def _filter(name: str, kind: str, **fields: Any) -> Json:
    config = {"@type": f"{_TYPE}filters.http.{name}.v3.{kind}", **fields}
    return {"name": f"envoy.filters.http.{name}", "typedConfig": config}


def cluster(socket: Path) -> Json:
    """Envoy's cluster of the processor."""
    windows = {"initialConnectionWindowSize": 1_048_576, "initialStreamWindowSize": 65_536}
    endpoint = {"endpoint": {"address": {"pipe": {"path": str(socket)}}}}
    return {
        "name": CLUSTER,
        "type": "STATIC",
        "connectTimeout": "10s",
        "perConnectionBufferLimitBytes": 50 * 2**20,
        "loadAssignment": {"clusterName": CLUSTER, "endpoints": [{"lbEndpoints": [endpoint]}]},
        "typedExtensionProtocolOptions": {
            _PROTOCOL: {
                "@type": f"type.googleapis.com/{_PROTOCOL}",
                "explicitHttpConfig": {"http2ProtocolOptions": windows},
            }
        },
    }
