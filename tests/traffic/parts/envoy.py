"""A real Envoy with Envoy Gateway's own translation of a gateway's objects.

What a control plane would resolve is put in place: routes, secrets, endpoints. Addresses become those of this machine.
AI Gateway's part is added by `ai_gateway`. Nothing else of the translation is changed.
"""

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from serving.gateway.model_gateway import ModelGateway
from serving.gateway.model_gateway_args import ModelGatewayArgs
from serving.gateway.specs import GATEWAY
from serving.gateway.tenant_route import route_name
from tests.support.monitor import kubernetes_options, run
from tests.support.processes import start_server
from tests.traffic.parts import ai_gateway, limits
from tests.traffic.parts.translated import (
    Json,
    Translation,
    certificate_secrets,
    key_secrets,
    managers,
    objects_of,
    translate,
)


def translation_of(
    args: ModelGatewayArgs, keys: Mapping[str, str], pem: tuple[str, str] = ("", "")
) -> Translation:
    """The translation of the objects that the component registers. `keys`: the API key of each client id. `pem`: the
    certificate and its key."""
    made = run(lambda: ModelGateway(GATEWAY, args, kubernetes_options()) and None)
    objects = objects_of(made, GATEWAY)
    return translate([*objects, *key_secrets(made, keys), *certificate_secrets(objects, *pem)])


def clusters_of(
    args: ModelGatewayArgs, upstream: int | Mapping[str, int]
) -> Mapping[str, int | Mapping[str, int]]:
    """What is behind each cluster of Envoy: a port, or the ports of its Services. `upstream`: the port of all models,
    of each, or of each Service. Each rule of a tenant's route has a cluster of its own."""
    ports = upstream if isinstance(upstream, Mapping) else {each.name: upstream for each in args.models}
    return {
        f"httproute/{args.namespace}/{route_name(tenant.name)}/rule/{rule}": ports.get(model, ports)
        for tenant in args.tenants
        for rule, model in enumerate(tenant.models)
    }


def configuration(
    found: Translation,
    *,
    port: int,
    behind: Mapping[str, int | Mapping[str, int]],
    socket: Path,
    counting: limits.Counting | None = None,
    admin: int | None = None,
    traces: int | None = None,
    secrets: Iterable[Json] = (),
) -> Json:
    """Envoy's configuration.

    `behind`: the port of each cluster, or the ports of its Services. `socket`: the processor's. `counting`: the rate
    limit service; without it nothing is counted. `admin`: port of Envoy's own metrics. `traces`: port of the collector.
    `secrets`: certificates.
    """
    listener = _resolved(json.loads(json.dumps(found.listener)), found, counting)
    listener["address"] = _address(port)
    for manager in managers(listener):
        manager["httpFilters"] = ai_gateway.with_processor(manager["httpFilters"])
        manager["schemeHeaderTransformation"] = {"matchUpstream": True}
    clusters = [
        ai_gateway.with_backends(_cluster(each, behind[each["name"]]), found.given)
        for each in found.clusters
        if each["name"] in behind
    ]
    clusters += [_cluster(each, traces) for each in found.clusters if each["name"] == "tracing" and traces]
    clusters += [ai_gateway.cluster(socket), *([limits.cluster(counting)] if counting else [])]
    own = {"admin": {"address": _address(admin)}} if admin else {}
    placed = {"listeners": [listener], "clusters": clusters, "secrets": [*secrets]}
    return {**own, "staticResources": placed}


def _resolved(value: Any, found: Translation, counting: limits.Counting | None) -> Any:
    """A part of the listener with the routes in place of their name, and secrets by name alone."""
    if isinstance(value, list):
        return [
            _resolved(each, found, counting)
            for each in value  # pyright: ignore[reportUnknownVariableType]
            if counting or not isinstance(each, dict) or each.get("name") != limits.FILTER  # pyright: ignore[reportUnknownMemberType]
        ]
    if not isinstance(value, dict):
        return value
    given: Json = {
        key: _resolved(each, found, counting)
        for key, each in value.items()
        if counting or key != limits.FILTER
    }
    if "rds" in given:
        routes = found.routes[given.pop("rds")["routeConfigName"]]
        given["routeConfig"] = _resolved(_with_processor(routes), found, counting)
    given.pop("sdsConfig", None)
    if counting and given.get("@type", "").endswith(".ratelimit.v3.RateLimit"):
        given |= {"failureModeDeny": counting.fail_closed, "timeout": limits.TIMEOUT}
    return given


def _with_processor(routes: Json) -> Json:
    hosts = [
        {**host, "routes": [ai_gateway.turned_on(each) for each in host["routes"]]}
        for host in routes["virtualHosts"]
    ]
    return {key: value for key, value in routes.items() if key != "ignorePortInHostMatching"} | {
        "virtualHosts": hosts,
        "ignorePortInHostMatching": routes.get("ignorePortInHostMatching", False),
    }


def _cluster(cluster: Json, port: int | Mapping[str, int]) -> Json:
    """A cluster with endpoints on this machine."""
    kept = {
        key: value
        for key, value in cluster.items()
        if key not in ("edsClusterConfig", "type", "dnsLookupFamily", "respectDnsTtl", "dnsRefreshRate", "clusterType")
    }  # fmt: skip
    assigned = cluster["loadAssignment"]
    moved = [_moved(each, port) for each in assigned["endpoints"]]
    return {**kept, "type": "STATIC", "loadAssignment": {**assigned, "endpoints": moved}}


def _moved(locality: Json, port: int | Mapping[str, int]) -> Json:
    """A Service's endpoints at its port of this machine. Its name is the first part of the host name."""
    moved = [
        {
            **each,
            "endpoint": {"address": _address(port if isinstance(port, int) else port[_service(each)])},
        }
        for each in locality["lbEndpoints"]
    ]
    return {**locality, "lbEndpoints": moved}


def _service(endpoint: Json) -> str:
    return endpoint["endpoint"]["address"]["socketAddress"]["address"].partition(".")[0]


def _address(port: int) -> Json:
    return {"socketAddress": {"address": "127.0.0.1", "portValue": port}}


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


def access_log(fields: Mapping[str, str]) -> Json:
    """An access log with these fields as JSON."""
    kind = "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog"
    form = {"jsonFormat": dict(fields)}
    return {"name": "stdout", "typedConfig": {"@type": kind, "logFormat": form}}
