"""One cluster's API server: it admits, creates, changes and deletes objects."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.kubernetes.api import openapi
from sandbox.kubernetes.api.addresses import allocate
from sandbox.kubernetes.api.admission import admit, check_deletion
from sandbox.kubernetes.api.defaults import with_defaults, with_own_labels
from sandbox.kubernetes.api.diff import merge
from sandbox.kubernetes.api.errors import already_exists, forbidden, no_match, not_found
from sandbox.kubernetes.api.immutability import admit_change
from sandbox.kubernetes.api.kinds import CLUSTER_SCOPED, Kind, kind_of
from sandbox.kubernetes.api.objects import Key, Live, Objects, stamped
from sandbox.kubernetes.api.quotas import quotas_of
from sandbox.kubernetes.api.served import Served, known_custom
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.claim_keys import default_class, refused_classes
from sandbox.kubernetes.scheduling.claims import claim_status
from sandbox.kubernetes.scheduling.controllers import World, changed_template, run
from sandbox.kubernetes.scheduling.nodes import nodes_of
from sandbox.kubernetes.scheduling.pods import WORKLOADS, pod_sets
from sandbox.kubernetes.scheduling.statuses import workload_status
from sandbox.oci.cloud import Cloud

_DEFINITION = ("apiextensions.k8s.io", "CustomResourceDefinition")
RELEASE = ("helm.sh", "Release")

_CLAIM = Kind("", "v1", "PersistentVolumeClaim")
_DELETE_WITH_CLUSTER = """
CREATE TRIGGER IF NOT EXISTS kubernetes_goes_with_its_cluster AFTER DELETE ON oci_resources BEGIN
    DELETE FROM kubernetes_objects WHERE cluster = OLD.id;
END
"""


@dataclass(frozen=True)
class _Known:
    """A computed world, and the state from which it was computed."""

    stamp: object
    base: object
    world: World


class Servers:
    """What all API servers share: the store, the cloud, and the computed world of each cluster."""

    def __init__(self, objects: Objects, cloud: Cloud) -> None:
        self.objects = objects
        self.cloud = cloud
        objects.store.create_tables(_DELETE_WITH_CLUSTER)
        self.scaling = threading.Lock()
        """Held while an autoscaler acts."""
        self._worlds: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def world(self, cluster_id: str) -> World:
        """The pods of a cluster now."""
        nodes = nodes_of(self.cloud, cluster_id)
        refused = refused_classes(self.objects, self.cloud, cluster_id)
        with self._lock:
            stamp, base = self.objects.stamp(), (nodes, refused, self.objects.removals())
            known = self._worlds.get(cluster_id)
            if known is not None and known.stamp == stamp and known.base == base:
                return known.world
            former = known.world if known is not None and known.base == base else None
            world = run(self.objects, cluster_id, nodes, former, refused)
            self._worlds[cluster_id] = _Known(stamp, base, world)
            return world

    def stamp(self) -> object:
        """A value that changes whenever anything in the sandbox may have changed."""
        rows = self.objects.store.query("SELECT MAX(id) FROM events")
        return self.objects.stamp(), rows[0][0]


class Server:
    """The API server of one cluster, of one Kubernetes version."""

    def __init__(self, servers: Servers, cluster_id: str, version: str) -> None:
        self._servers = servers
        self._objects = servers.objects
        self.cluster_id = cluster_id
        self.version = version

    # ---- kinds

    def serves(self, kind: Kind) -> Served | None:
        """The kind's scope and schema on this server; None if the server does not know the kind."""
        if kind.native:
            check = openapi.validator(self.version, kind)
            return Served(kind.kind not in CLUSTER_SCOPED, check) if check else None
        definition = self._definition(kind)
        if definition is not None:
            check = openapi.definition_validator(definition, kind.version)
            return Served(at(definition, "spec", "scope") != "Cluster", check) if check else None
        return known_custom(self.version, kind)

    def _schema(self, kind: Kind) -> Mapping[str, Any] | None:
        """The schema with the defaults of a custom kind; None for native kinds."""
        if kind.native:
            return None
        definition = self._definition(kind)
        found = (
            openapi.defined_schema(definition, kind.version) if definition else openapi.project_schema(kind)
        )
        return found or {}

    def _definition(self, kind: Kind) -> Json | None:
        for live in self._objects.of_kind(self.cluster_id, _DEFINITION):
            spec = live.body.get("spec") or {}
            if spec.get("group") == kind.group and at(spec, "names", "kind") == kind.kind:
                return live.body
        return None

    def installed(self, kind: Kind) -> bool:
        """Whether the kind is native, or is defined in the cluster by an object or by an installed chart."""
        if kind.native or self._definition(kind) is not None:
            return True
        schema = openapi.project_schema(kind)
        if schema is None:
            return False
        charts = set(schema.get("x-sandbox-charts") or ())
        releases = self._objects.of_kind(self.cluster_id, RELEASE)
        return not charts or any(at(live.body, "spec", "chartName") in charts for live in releases)

    # ---- objects

    def key(self, body: Json) -> Key:
        """The identity of an object. A missing namespace means "default"."""
        kind = kind_of(body["apiVersion"], body["kind"])
        served = self.serves(kind)
        metadata = body["metadata"]
        namespaced = served is None or served.namespaced
        namespace = str(metadata.get("namespace") or "default") if namespaced else ""
        return kind.group, kind.kind, namespace, str(metadata.get("name", ""))

    def get(self, key: Key) -> Live | None:
        """The live object."""
        return self._objects.find(self.cluster_id, key)

    def create(self, body: Json, urn: str, *, dry: bool = False) -> Live:
        """Admit and store a new object; with `dry`, return it without storing it. Raises ApiError.

        If the engine was killed before it recorded an object, creating the object again is not a conflict.
        """
        kind = kind_of(body["apiVersion"], body["kind"])
        served = self.serves(kind)
        if served is None or not self.installed(kind):
            raise no_match(kind.kind, kind.api_version)
        key = self.key(body)
        body = self._placed(body, key)
        with self._objects.transaction():
            existing = self.get(key)
            if existing is not None and (dry or existing.acknowledged or existing.urn != urn):
                raise already_exists(kind.resource, key[3])
            filled = self._filled(with_defaults(body, self._schema(kind)), kind)
            self._admit(kind, filled, served)
            self._provision(kind, filled)
            live = Live(
                self.cluster_id, key, 0, urn, acknowledged=False, body=with_own_labels(stamped(filled))
            )
            if existing is None and key[:2] == ("", "Pod"):
                self._admit_to_quota(live)
            if dry:
                return live
            self._drop_lost(urn, key)
            return self._objects.save(live)

    def _admit(self, kind: Kind, body: Json, served: Served) -> None:
        admit(self._objects, self.cluster_id, kind, body, version=self.version, namespaced=served.namespaced)

    def _admit_to_quota(self, pod: Live) -> None:
        # The pods are scheduled again here: the known world has its own lock, and a transaction must not wait for it.
        if not quotas_of(self._objects, self.cluster_id, pod.namespace):
            return
        world = run(self._objects, self.cluster_id, nodes_of(self._servers.cloud, self.cluster_id))
        for pods in pod_sets(pod):
            _, why = world.ledger.admitted(self._objects, pod, pods)
            if why:
                raise forbidden("pods", pod.name, why)

    def _placed(self, body: Json, key: Key) -> Json:
        metadata = {
            name: value for name, value in (body.get("metadata") or {}).items() if name != "namespace"
        }
        return {**body, "metadata": {**metadata, **({"namespace": key[2]} if key[2] else {})}}

    def _filled(self, body: Json, kind: Kind) -> Json:
        if kind == Kind("", "v1", "Service"):
            same = self.key(body)
            services = self._objects.of_kind(self.cluster_id, ("", "Service"))
            others = [each.body for each in services if each.key != same]
            body = allocate(self._servers.cloud, self.cluster_id, body, others)
        if kind == _CLAIM and body["spec"].get("storageClassName") is None:
            body["spec"]["storageClassName"] = default_class(self._objects, self.cluster_id)
        return body

    def _provision(self, kind: Kind, body: Json) -> None:
        if kind == _CLAIM and "status" not in body:
            refused = refused_classes(self._objects, self._servers.cloud, self.cluster_id)
            body["status"] = claim_status(self.get, body, refused)

    def _drop_lost(self, urn: str, key: Key) -> None:
        """Remove the object that an interrupted create of the same resource left under another name."""
        for each in self._objects.of_urn(self.cluster_id, urn):
            if not each.acknowledged and each.key != key:
                self._delete(each)

    def update(self, key: Key, old_inputs: Json, inputs: Json, *, dry: bool = False) -> Live:
        """Merge a change into a live object as server-side apply does. Raises ApiError."""
        kind = kind_of(inputs["apiVersion"], inputs["kind"])
        with self._objects.transaction():
            old = self.get(key)
            if old is None:
                raise not_found(kind.resource, key[3])
            served = self.serves(kind)
            if served is None:
                raise no_match(kind.kind, kind.api_version)
            merged = merge(old.body, self._placed(old_inputs, key), self._placed(inputs, key))
            body = self._filled(with_defaults(merged, self._schema(kind)), kind)
            body["status"] = {**(old.body.get("status") or {}), **(body.get("status") or {})}
            if not body["status"]:
                del body["status"]
            self._admit(kind, body, served)
            admit_change(old, body)
            previous = changed_template(old, body)
            body["metadata"] = _next_metadata(old.body, body, rolled=previous is not None)
            same_pods = old.body.get("spec") == body.get("spec")
            placed = old.placed if same_pods else 0
            live = replace(old, body=body, previous=previous, placed=placed, acknowledged=True)
            return live if dry else self._objects.save(live)

    def delete(self, key: Key) -> bool:
        """Delete an object, and the contents of a namespace or a definition; False if it does not exist."""
        with self._objects.transaction():
            live = self.get(key)
            if live is None:
                return False
            check_deletion(live)
            self._delete(live)
            return True

    def _delete(self, live: Live) -> None:
        self._objects.remove(live)
        belongs = _belongs(live)
        if belongs is not None:
            for owned in self._objects.all(self.cluster_id, belongs):
                self._objects.remove(owned)

    def acknowledge(self, live: Live) -> None:
        """Note that the engine has recorded the object."""
        self._objects.acknowledge(live)

    # ---- controllers

    def observe(self, live: Live) -> Live:
        """The object with the status that the controllers have written so far."""
        if live.key[:2] not in WORKLOADS:
            return live
        running = self._servers.world(self.cluster_id).workloads.get(live.uid)
        if running is None:
            return live
        status = workload_status(live.body, running)
        finished = live.previous is not None and not running.rolling
        if live.body.get("status") == status and not finished:
            return live
        with self._objects.transaction():
            current = self.get(live.key)
            if current is None or current.version != live.version:
                return current or live
            previous = None if finished else live.previous
            return self._objects.save(replace(live, body={**live.body, "status": status}, previous=previous))


def _belongs(owner: Live) -> Callable[[Live], bool] | None:
    if owner.key[:2] == ("", "Namespace"):
        return lambda each: each.namespace == owner.name
    if owner.key[:2] == _DEFINITION:
        spec: Mapping[str, object] = owner.body.get("spec") or {}
        defined = (spec.get("group"), at(dict(spec), "names", "kind"))
        return lambda each: each.key[:2] == defined
    return None


def _next_metadata(old: Json, new: Json, *, rolled: bool) -> Json:
    metadata = {**new["metadata"]}
    if old.get("spec") != new.get("spec"):
        metadata["generation"] = int(old["metadata"].get("generation", 1)) + 1
    key = "deployment.kubernetes.io/revision"
    if rolled and key in (metadata.get("annotations") or {}):
        revision = int(old["metadata"]["annotations"][key]) + 1
        metadata["annotations"] = {**metadata["annotations"], key: str(revision)}
    return metadata
