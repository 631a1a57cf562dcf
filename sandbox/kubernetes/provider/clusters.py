"""Finds a kubeconfig's cluster in the OCI stand-in, and decides whether its API server can be reached."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from facts.kubernetes import DEFAULT_VERSION
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.provider.paths import BASTION, Paths
from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.oci.services.container_engine.clusters import API_PORT, CLUSTER
from sandbox.oci.services.container_engine.logins import login_of

_SIDES = (
    ("vcnHostnameEndpoint", "private"),
    ("privateEndpoint", "private"),
    ("publicEndpoint", "public"),
)


_NO_BASTION = "the VCN has no bastion"


@dataclass(frozen=True)
class Target:
    """The server and cluster that a kubeconfig names."""

    server: str
    cluster_id: str | None
    namespace: str
    identity: str
    """The active cluster's whole entry. A different entry replaces the provider."""
    login: Mapping[str, str] | None = None
    """How the user's `oci` calls log in (`login_of`)."""

    @property
    def host(self) -> str:
        return urlsplit(self.server).hostname or ""


@dataclass(frozen=True)
class Reach:
    """A reachable cluster, or the reason `why` it cannot be reached (empty if it can)."""

    cluster_id: str | None
    version: str
    why: str = ""
    assumed: str = ""
    """What was assumed to reach it."""
    closed: bool = False
    """Whether the network blocks it. The same change may still create the missing rule."""

    @property
    def reachable(self) -> bool:
        return not self.why


class KubeconfigError(ValueError):
    """The kubeconfig cannot be read or names no cluster."""


def read_kubeconfig(text: str, context: str = "", cluster: str = "") -> Target:
    """The active cluster of a kubeconfig, given as its contents (YAML or JSON) or as a path.

    `context` and `cluster` override the current ones, as the provider settings with these names do.
    """
    document = _document(text)
    contexts = {each["name"]: each.get("context") or {} for each in document.get("contexts") or ()}
    clusters = {each["name"]: each.get("cluster") or {} for each in document.get("clusters") or ()}
    users = {each["name"]: each.get("user") or {} for each in document.get("users") or ()}
    current = context or document.get("current-context") or ""
    if current not in contexts:
        raise KubeconfigError(
            f'context "{current}" does not exist' if current else "no current context is set"
        )
    chosen = contexts[current]
    name = cluster or chosen.get("cluster", "")
    if name not in clusters:
        raise KubeconfigError(f'cluster "{name}" does not exist')
    user = users.get(chosen.get("user", ""), {})
    return Target(
        server=str(clusters[name].get("server", "")),
        cluster_id=_cluster_id(user),
        namespace=str(chosen.get("namespace") or "default"),
        identity=json.dumps(clusters[name], sort_keys=True),
        login=login_of(user.get("exec") or {}),
    )


def _document(text: str) -> Json:
    if len(text) < 1024 and "\n" not in text and Path(text).expanduser().is_file():
        text = Path(text).expanduser().read_text()
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise KubeconfigError(f"invalid YAML: {getattr(error, 'problem', 'unreadable')}") from None
    if not isinstance(document, dict) or not document.get("clusters"):
        raise KubeconfigError("it contains no clusters")
    return document


def _cluster_id(user: Mapping[str, Any]) -> str | None:
    arguments = [str(each) for each in at(user, "exec", "args") or ()]
    for index, each in enumerate(arguments):
        if each == "--cluster-id" and index + 1 < len(arguments):
            return arguments[index + 1]
        if each.startswith("--cluster-id="):
            return each.partition("=")[2]
    return None


def reach(cloud: Cloud, target: Target, deployer: str | None = None) -> Reach:
    """Whether the deployer reaches the target. It is "inside" (default, or SANDBOX_DEPLOYER), "outside" or an address.

    A private endpoint answers only hosts inside the network. A server on loopback means a bastion tunnel, and answers
    if the VCN has a bastion. In all cases the network must let the packets through.
    """
    place = deployer or os.environ.get("SANDBOX_DEPLOYER") or "inside"
    entry = _find(cloud, target)
    if entry is None:
        named = f" (cluster {target.cluster_id} does not exist)" if target.cluster_id else ""
        return Reach(None, DEFAULT_VERSION, _dial_error(target, "connection refused") + named)
    version = str(entry.inputs.get("kubernetesVersion") or DEFAULT_VERSION)
    if _loopback(target.host):
        return _through_tunnel(cloud, target, entry, version)
    side = _endpoints(entry).get(target.host) or ("private" if private(target.host) else "public")
    if side == "private" and place == "outside":
        hint = "; the endpoint is private and the deployer is outside. Use a tunnel, or set SANDBOX_DEPLOYER=inside"
        return Reach(entry.id, version, _dial_error(target, "i/o timeout") + hint)
    paths = Paths(cloud, entry)
    if place not in ("inside", "outside"):
        closed = paths.from_address(place, side)
    else:
        closed = paths.from_inside() if side == "private" else paths.from_internet()
    return _answer(target, entry, version, closed)


def unreachable(cloud: Cloud, cluster_id: str) -> str:
    """Why neither an address of the endpoint nor a tunnel leads the deployer to the API; empty if one of them does."""
    entry = cloud.find(cluster_id)
    hosts = [*(_endpoints(entry) if entry else ()), "127.0.0.1"]
    found = [reach(cloud, Target(f"https://{host}:{API_PORT}", cluster_id, "", "")) for host in hosts]
    if any(each.reachable for each in found):
        return ""
    reasons = dict.fromkeys(each.why.split("; ", 1)[-1] for each in found)
    return "; ".join(each for each in reasons if each != _NO_BASTION or len(reasons) == 1)


def _through_tunnel(cloud: Cloud, target: Target, cluster: Entry, version: str) -> Reach:
    bastions = [*_bastions(cloud, cluster)]
    if not bastions:
        return Reach(cluster.id, version, f"{_dial_error(target, 'connection refused')}; {_NO_BASTION}")
    paths = Paths(cloud, cluster)
    closed = [paths.from_bastion(each) for each in bastions]
    assumed = "a bastion session forwards this port"
    return _answer(target, cluster, version, "" if "" in closed else closed[0], assumed=assumed)


def _answer(target: Target, cluster: Entry, version: str, closed: str, *, assumed: str = "") -> Reach:
    if closed:
        return Reach(cluster.id, version, f"{_dial_error(target, 'i/o timeout')}; {closed}", closed=True)
    return Reach(cluster.id, version, assumed=assumed)


def _find(cloud: Cloud, target: Target) -> Entry | None:
    if target.cluster_id:
        entry = cloud.find(target.cluster_id)
        return entry if entry is not None and entry.live and entry.token == CLUSTER else None
    return next((entry for entry in cloud.all(CLUSTER) if target.host in _endpoints(entry)), None)


def _endpoints(entry: Entry) -> dict[str, str]:
    """The endpoint's hosts, each with its side: "public" or "private"."""
    found: dict[str, str] = {}
    for side in entry.outputs.get("endpoints") or ():
        for key, kind in _SIDES:
            if side.get(key):
                found[str(side[key]).rsplit(":", 1)[0]] = kind
    return found


def private(host: str) -> bool:
    """Whether a host is an address in a private range."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return False


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _bastions(cloud: Cloud, cluster: Entry) -> Iterator[Entry]:
    vcn = cluster.inputs.get("vcnId")
    for bastion in cloud.all(BASTION):
        subnet = cloud.find(str(bastion.inputs.get("targetSubnetId", "")))
        if subnet is not None and subnet.inputs.get("vcnId") == vcn:
            yield bastion


def _dial_error(target: Target, why: str) -> str:
    port = urlsplit(target.server).port or 443
    return (
        "unable to load schema information from the API server: Get "
        f'"{target.server}/openapi/v2?timeout=32s": dial tcp {target.host}:{port}: {why}'
    )
