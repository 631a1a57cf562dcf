"""A configuration of Envoy with Envoy Gateway's own translation of a gateway's objects.

What a control plane would resolve is put in place: routes, secrets, endpoints. Addresses become those of this machine.
AI Gateway's part is added by `ai_gateway`. Nothing else of the translation is changed.
"""

import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from serving.gateway.model_gateway import ModelGateway
from serving.gateway.model_gateway_args import ModelGatewayArgs
from serving.gateway.specs import GATEWAY
from tests.support.monitor import kubernetes_options, run
from tests.traffic.parts import ai_gateway, limits
from tests.traffic.parts.envoy import managers
from tests.traffic.parts.translated import (
    Json,
    Translation,
    certificate_secrets,
    key_secrets,
    objects_of,
    translate,
)


def translation_of(
    args: ModelGatewayArgs, keys: Mapping[str, str], folder: Path, pem: tuple[str, str] = ("", "")
) -> Translation:
    """The translation of the objects that the component registers. `keys`: the API key of each client id. `pem`: the
    certificate and its key."""
    made = run(lambda: ModelGateway(GATEWAY, args, kubernetes_options()) and None)
    objects = objects_of(made, GATEWAY)
    return translate([*objects, *key_secrets(made, keys), *certificate_secrets(objects, *pem)], folder)


def configuration(
    args: ModelGatewayArgs,
    keys: Mapping[str, str],
    *,
    port: int,
    upstream: int | Mapping[str, int],
    counting: limits.Counting | None = None,
    admin: int | None = None,
) -> Json:
    """Envoy's configuration. The arguments are those of the translation by hand (`envoy.configuration`)."""
    with tempfile.TemporaryDirectory() as folder:
        found = translation_of(args, keys, Path(folder))
    ports = upstream if isinstance(upstream, Mapping) else {each.name: upstream for each in args.models}
    behind = {
        f"httproute/{args.namespace}/tenant-{tenant.name}/rule/{rule}": ports.get(model, ports)
        for tenant in args.tenants
        for rule, model in enumerate(tenant.models)
    }
    return static(found, port=port, behind=behind, models=ports, counting=counting, admin=admin)


def static(
    found: Translation,
    *,
    port: int,
    behind: Mapping[str, int | Mapping[str, int]],
    models: Iterable[str],
    counting: limits.Counting | None = None,
    admin: int | None = None,
    secrets: Iterable[Json] = (),
) -> Json:
    """`behind`: the port of each cluster, or the ports of its Services. `models`: what AI Gateway would list.
    `secrets`: certificates, for Envoy."""
    listener = _resolved(json.loads(json.dumps(found.listener)), found, counting)
    listener["address"] = _address(port)
    for manager in managers(listener):
        manager["httpFilters"] = ai_gateway.with_processor(manager["httpFilters"], models)
    clusters = [_cluster(each, behind[each["name"]]) for each in found.clusters if each["name"] in behind]
    if counting:
        clusters.append(limits.cluster(counting))
    own = {"admin": {"address": _address(admin)}} if admin else {}
    placed = {"listeners": [listener], "clusters": clusters, "secrets": [*secrets]}
    return {**own, "staticResources": placed}


def _resolved(value: Any, found: Translation, counting: limits.Counting | None) -> Any:
    """A part of the listener with the routes in place of their name, and secrets by name alone."""
    if isinstance(value, list):
        return [_resolved(each, found, counting) for each in value]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(value, dict):
        return value
    given: Json = {key: _resolved(each, found, counting) for key, each in value.items()}
    if "rds" in given:
        given["routeConfig"] = _with_processor(found.routes[given.pop("rds")["routeConfigName"]])
    given.pop("sdsConfig", None)
    if "failureModeDeny" in given or given.get("@type", "").endswith(".ratelimit.v3.RateLimit"):
        assert counting, "the objects have limits"
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
    """A cluster with endpoints on this machine: one, or one for each of its Services with their weights."""
    kept = {
        key: value
        for key, value in cluster.items()
        if key not in ("edsClusterConfig", "type", "loadAssignment", "dnsLookupFamily", "respectDnsTtl",
                       "dnsRefreshRate", "clusterType")
    }  # fmt: skip
    found = [{"lbEndpoints": [{"endpoint": {"address": _address(port)}}]}] if isinstance(port, int) else [
        _moved(each, port) for each in cluster["loadAssignment"]["endpoints"]
    ]  # fmt: skip
    return {**kept, "type": "STATIC", "loadAssignment": {"clusterName": cluster["name"], "endpoints": found}}


def _moved(locality: Json, ports: Mapping[str, int]) -> Json:
    """A Service's endpoints at its port of this machine. Its name is the first part of the host name."""
    moved = [
        {**each, "endpoint": {"address": _address(ports[_host(each).partition(".")[0]])}}
        for each in locality["lbEndpoints"]
    ]
    return {**locality, "lbEndpoints": moved}


def _host(endpoint: Json) -> str:
    return endpoint["endpoint"]["address"]["socketAddress"]["address"]


def _address(port: int) -> Json:
    return {"socketAddress": {"address": "127.0.0.1", "portValue": port}}
