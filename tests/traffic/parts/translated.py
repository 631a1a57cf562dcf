"""Envoy Gateway's own translation of a gateway's objects, made by egctl.

egctl has the translator of Envoy Gateway's controller and reads files. What a cluster would add to the file stands in:

- AI Gateway's part: `ai_gateway`.
- Secrets: external-secrets and cert-manager would create them (`key_secrets`, `certificate_secrets`).
"""

import base64
import functools
import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from facts.charts import CHARTS
from tests.traffic.parts import ai_gateway
from tools.egctl.build import program

Json = dict[str, Any]

NAMESPACE = CHARTS["gateway"].namespace
_KINDS = {"Gateway", "GatewayClass", "EnvoyProxy", "Backend", "BackendTrafficPolicy", "ClientTrafficPolicy",
          "EnvoyExtensionPolicy", "SecurityPolicy", "AIGatewayRoute", "AIServiceBackend"}  # fmt: skip
_DUMPS = {
    "ListenersConfigDump": ("dynamicListeners", "activeState", "listener"),
    "RoutesConfigDump": ("dynamicRouteConfigs", "routeConfig"),
    "ClustersConfigDump": ("dynamicActiveClusters", "cluster"),
    "EndpointsConfigDump": ("dynamicEndpointConfigs", "endpointConfig"),
}


@dataclass(frozen=True)
class Translation:
    """What Envoy Gateway made of the objects."""

    given: Sequence[Json]
    """The objects."""

    conditions: Sequence[tuple[str, Json]]
    """Each condition in a status, with kind and name of its object."""

    listeners: Sequence[Json]
    routes: Mapping[str, Json]
    clusters: Sequence[Json]
    endpoints: Mapping[str, Json]

    @property
    def refused(self) -> list[str]:
        """Conditions that say no."""
        return [
            f"{place}: {each['type']}={each['status']} {each.get('message', '')}"
            for place, each in self.conditions
            if each["status"] != "True"
        ]

    @property
    def listener(self) -> Json:
        """The listener with the routes. Envoy Gateway adds one for the kubelet's probe."""
        return next(each for each in self.listeners if not each["name"].startswith("envoy-gateway-proxy-"))

    @property
    def manager(self) -> Json:
        """The connection manager of that listener."""
        return next(managers(self.listener))

    @property
    def filters(self) -> list[Json]:
        """The filters for HTTP of that listener, in their order."""
        return self.manager["httpFilters"]

    @property
    def all_routes(self) -> list[Json]:
        """The routes of all hosts."""
        hosts = [host for each in self.routes.values() for host in each.get("virtualHosts", ())]
        return [route for host in hosts for route in host.get("routes", ())]


def objects_of(resources: Iterable[Any], gateway: str) -> list[Json]:
    """The objects of one Gateway among the resources that a program registered."""
    found = [each.inputs for each in resources if each.inputs.get("kind") in _KINDS]
    (class_name,) = [
        each["spec"]["gatewayClassName"]
        for each in found
        if (each["kind"], each["metadata"]["name"]) == ("Gateway", gateway)
    ]
    own = {("GatewayClass", class_name), ("Gateway", gateway), ("EnvoyProxy", gateway)}
    routed = [each for each in found if each["kind"].startswith("AI") or each["kind"] == "Backend"]
    if not any(gateway in _parents(each) for each in routed):
        routed = []
    names = {gateway, *(each["metadata"]["name"] for each in routed if each["kind"] == "AIGatewayRoute")}
    policies = [
        each
        for each in found
        if any(target["name"] in names for target in each.get("spec", {}).get("targetRefs", ()))
    ]
    return [*(each for each in found if (each["kind"], each["metadata"]["name"]) in own), *routed, *policies]


def _parents(item: Json) -> list[str]:
    return [each["name"] for each in item["spec"].get("parentRefs", ())]


def key_secrets(resources: Iterable[Any], keys: Mapping[str, str]) -> list[Json]:
    """The Secrets of the tenants' keys, as external-secrets fills them. `keys`: the key of each client id."""
    wanted = [each.inputs["spec"] for each in resources if each.inputs.get("kind") == "ExternalSecret"]
    data = {
        each["target"]["name"]: [item["secretKey"] for item in each["data"]]
        for each in wanted
        if "data" in each
    }
    return [
        _secret(name, {client: keys.get(client, f"key-of-{client}") for client in clients})
        for name, clients in data.items()
    ]


def _secret(name: str, data: Mapping[str, str], kind: str = "Opaque") -> Json:
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "type": kind,
        "data": encoded,
    }


def certificate_secrets(objects: Iterable[Json], certificate: str, key: str) -> list[Json]:
    """The Secrets with the certificates of the listeners, in PEM."""
    listeners = [item for each in objects if each["kind"] == "Gateway" for item in each["spec"]["listeners"]]
    names = [ref["name"] for each in listeners for ref in each.get("tls", {}).get("certificateRefs", ())]
    return [_secret(name, {"tls.crt": certificate, "tls.key": key}, "kubernetes.io/tls") for name in names]


def translate(objects: Iterable[Json]) -> Translation:
    """Envoy Gateway's translation of objects."""
    given = list(objects)
    said = json.loads(_egctl(yaml.safe_dump_all(ai_gateway.generated(given))))
    (dump,) = said["xds"].values()
    parts: dict[str, list[Json]] = {}
    for each in dump["configs"]:
        kind = each["@type"].rpartition(".")[2]
        if kind in _DUMPS:
            first, *path = _DUMPS[kind]
            parts[kind] = [_at(item, path) for item in each.get(first, ())]
    return Translation(
        given=given,
        conditions=list(_conditions(said)),
        listeners=parts["ListenersConfigDump"],
        routes={each["name"]: each for each in parts["RoutesConfigDump"]},
        clusters=parts["ClustersConfigDump"],
        endpoints={each["clusterName"]: each for each in parts["EndpointsConfigDump"]},
    )


@functools.cache
def _egctl(objects: str) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(objects)
        file.flush()
        command = [program(), "experimental", "translate", "--from", "gateway-api", "--to", "gateway-api,xds"]
        ran = subprocess.run(
            [*command, "--type", "all", "--output", "json", "--namespace", NAMESPACE, "--file", file.name],
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout


def _at(item: Json, path: Sequence[str]) -> Json:
    for key in path:
        item = item[key]
    return {key: value for key, value in item.items() if key != "@type"}


def _conditions(found: Any, place: str = "") -> Iterable[tuple[str, Json]]:
    """Every condition at any depth."""
    if isinstance(found, dict):
        given: Json = found
        if "metadata" in given and "name" in given.get("metadata", {}):
            place = f"{given.get('kind', '')} {given['metadata']['name']}"
        for each in given.get("conditions") or ():
            yield place, each
        for key, value in given.items():
            if key != "xds":
                yield from _conditions(value, place)
    elif isinstance(found, list):
        for each in found:  # pyright: ignore[reportUnknownVariableType]
            yield from _conditions(each, place)


def managers(listener: Json) -> Iterator[Json]:
    """The configurations of a listener's managers of HTTP connections."""
    chains = [*listener.get("filterChains", ()), listener.get("defaultFilterChain", {})]
    for each in (each for chain in chains for each in chain.get("filters", ())):
        if each["typedConfig"]["@type"].endswith("HttpConnectionManager"):
            yield each["typedConfig"]
