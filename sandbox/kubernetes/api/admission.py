"""Objects that match their schema and that the API server still refuses: bad names, missing namespaces, conflicts."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.kubernetes.api.errors import forbidden, invalid, not_found, not_stored, request_too_large
from sandbox.kubernetes.api.fields import field_problems
from sandbox.kubernetes.api.fields.names import config_key, label, label_map, service_label, subdomain
from sandbox.kubernetes.api.fields.selectors import selector_problems
from sandbox.kubernetes.api.fields.wording import invalid as invalid_field
from sandbox.kubernetes.api.fields.wording import required
from sandbox.kubernetes.api.kinds import Kind
from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.kubernetes.api.openapi import minor
from sandbox.kubernetes.api.pod_security import LEVELS, violation
from sandbox.kubernetes.api.quotas import object_refusal
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.api.webhooks import refuse_by_webhooks
from sandbox.kubernetes.scheduling.pods import selects, templates_of

SYSTEM_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")

_ANY_LABEL_FOR_SERVICES = (1, 36)
"""Since this version a Service may have any DNS label as its name.

Source: the Kubernetes feature gate RelaxedServiceNameValidation, on by default since 1.36.
"""
REQUEST_BYTES = 3 * 1024 * 1024
"""Source: MaxRequestBodyBytes in k8s.io/apiserver, pkg/server/config.go."""

STORED_BYTES = 1536 * 1024
"""Source: etcd's page "System limits", the default of --max-request-bytes. Oracle's value for OKE is unverified."""

_POD = Kind("", "v1", "Pod")
_PATH_SEGMENT_KINDS = frozenset(
    {"PodDisruptionBudget", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"}
)


def admit(objects: Objects, cluster: str, kind: Kind, body: Json, *, version: str, namespaced: bool) -> None:
    """Refuse an invalid object before it is created or changed; raises ApiError.

    Checks run in the server's order: the objects that a pod needs, then the fields, then policies and quotas.
    """
    metadata, size = body["metadata"], len(json.dumps(body).encode())
    name, namespace = str(metadata.get("name", "")), str(metadata.get("namespace") or "")
    if size > REQUEST_BYTES:
        raise request_too_large(REQUEST_BYTES)
    space = namespace_of(objects, cluster, namespace) if namespaced else {}
    if space is None:
        raise not_found("namespaces", namespace)
    pod = body.get("spec") or {} if kind == _POD else None
    why = missing_identity(objects, cluster, namespace, pod) if pod is not None else None
    if why:
        raise forbidden(kind.resource, name, why)
    found = list(_problems(version, kind, body))
    if found:
        raise invalid(kind.kind, kind.group, name, found)
    refuse_by_webhooks(objects, cluster, kind, body)
    if size > STORED_BYTES:
        raise not_stored()
    why = violation(space, pod) if pod is not None else None
    why = why or (object_refusal(objects, cluster, body, namespace, name) if namespaced else None)
    if why:
        raise forbidden(kind.resource, name, why)


def _problems(version: str, kind: Kind, body: Json) -> Iterator[str]:
    yield from _names(version, kind, body["metadata"])
    yield from _labels(body["metadata"], "metadata.labels")
    for path, template in templates_of(body):
        if path:
            yield from _labels(template.get("metadata") or {}, f"{path}.labels")
    yield from field_problems(version, kind, body)
    check = _CHECKS.get(kind.kind)
    if check is not None and kind.native:
        yield from check(body)


def namespace_of(objects: Objects, cluster: str, name: str) -> Mapping[str, str] | None:
    """The labels of a namespace, or None if it does not exist. The system namespaces always exist."""
    live = objects.find(cluster, ("", "Namespace", "", name))
    if live is not None:
        return at(live.body, "metadata", "labels") or {}
    return {} if name in SYSTEM_NAMESPACES else None


def missing_identity(objects: Objects, cluster: str, namespace: str, spec: Json) -> str | None:
    """Why no pod can be created from a spec: its service account or priority class does not exist."""
    account = spec.get("serviceAccountName") or "default"
    if account != "default" and objects.find(cluster, ("", "ServiceAccount", namespace, account)) is None:
        text = f'serviceaccount "{account}" not found'
        return f"error looking up service account {namespace}/{account}: {text}"
    priority = spec.get("priorityClassName")
    key = ("scheduling.k8s.io", "PriorityClass", "", str(priority))
    if priority and not str(priority).startswith("system-") and objects.find(cluster, key) is None:
        return f"no PriorityClass with name {priority} was found"
    return None


# ---- names and labels


def _names(version: str, kind: Kind, metadata: Json) -> Iterator[str]:
    name, path = str(metadata.get("name", "")), "metadata.name"
    if kind.kind in _PATH_SEGMENT_KINDS:
        for part in ("/", "%"):
            if part in name:
                yield invalid_field(path, name, f"may not contain '{part}'")
        if name in (".", ".."):
            yield invalid_field(path, name, f"may not be '{name}'")
    elif kind.native and kind.kind == "Namespace":
        yield from label(name, path)
    elif kind.native and kind.kind == "Service":
        yield from (label if minor(version) >= _ANY_LABEL_FOR_SERVICES else service_label)(name, path)
    else:
        yield from subdomain(name, path)


def _labels(metadata: Json, path: str) -> Iterator[str]:
    yield from label_map(metadata.get("labels"), path)


def _levels(metadata: Json) -> Iterator[str]:
    for mode in ("enforce", "audit", "warn"):
        key = f"pod-security.kubernetes.io/{mode}"
        level = at(metadata, "labels", key)
        if level is not None and level not in LEVELS:
            yield invalid_field(f"metadata.labels[{key}]", level, f"must be one of {', '.join(LEVELS)}")


# ---- kinds


def _workload(body: Json) -> Iterator[str]:
    selector, template = at(body, "spec", "selector"), at(body, "spec", "template") or {}
    labels = at(template, "metadata", "labels") or {}
    if not selector or not (selector.get("matchLabels") or selector.get("matchExpressions")):
        # The server says "deployment" for replica sets too.
        kind = {"ReplicaSet": "deployment"}.get(body["kind"], str(body["kind"]).lower())
        yield invalid_field("spec.selector", selector or {}, f"empty selector is invalid for {kind}")
    elif list(selector_problems(selector, "spec.selector")):
        yield invalid_field("spec.selector", selector, "invalid label selector")
    elif not selects(selector, labels):
        yield invalid_field(
            "spec.template.metadata.labels", labels, "`selector` does not match template `labels`"
        )
    if at(template, "spec", "restartPolicy") not in (None, "Always"):
        value = at(template, "spec", "restartPolicy")
        yield f'spec.template.spec.restartPolicy: Unsupported value: "{value}": supported values: "Always"'


def _deployment(body: Json) -> Iterator[str]:
    yield from _workload(body)
    strategy = at(body, "spec", "strategy") or {}
    if strategy.get("type") == "Recreate" and strategy.get("rollingUpdate"):
        why = "may not be specified when strategy `type` is 'Recreate'"
        yield f"spec.strategy.rollingUpdate: Forbidden: {why}"
    rolling = strategy.get("rollingUpdate") or {}
    if str(rolling.get("maxUnavailable")) in ("0", "0%") and str(rolling.get("maxSurge")) in ("0", "0%"):
        yield (
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0"
        )
    deadline, ready = at(body, "spec", "progressDeadlineSeconds"), at(body, "spec", "minReadySeconds")
    if deadline is not None and deadline <= (ready or 0):
        yield f"spec.progressDeadlineSeconds: Invalid value: {deadline}: must be greater than minReadySeconds"


def _service(body: Json) -> Iterator[str]:
    spec = body.get("spec") or {}
    ports = spec.get("ports") or []
    if not ports and spec.get("type") != "ExternalName" and spec.get("clusterIP") != "None":
        yield "spec.ports: Required value"
    if spec.get("type") == "ExternalName" and not spec.get("externalName"):
        yield "spec.externalName: Required value"
    seen: set[tuple[Any, Any]] = set()
    for index, port in enumerate(ports):
        number = port.get("port")
        if not isinstance(number, int) or not 1 <= number <= 65535:
            yield f"spec.ports[{index}].port: Invalid value: {number}: must be between 1 and 65535, inclusive"
        if len(ports) > 1 and not port.get("name"):
            yield f"spec.ports[{index}].name: Required value"
        key = (port.get("protocol", "TCP"), number)
        if key in seen:
            yield f"spec.ports[{index}]: Duplicate value: {key[0]}/{key[1]}"
        seen.add(key)


def _secret(body: Json) -> Iterator[str]:
    for key, value in (body.get("data") or {}).items():
        try:
            base64.b64decode(str(value), validate=True)
        except (binascii.Error, ValueError):
            yield f"data[{key}]: Invalid value: illegal base64 data"
    yield from _data_keys(body)


def _data_keys(body: Json) -> Iterator[str]:
    for field in ("data", "binaryData"):
        for key in body.get(field) or {}:
            yield from config_key(str(key), f"{field}[{key}]")


def _disruption_budget(body: Json) -> Iterator[str]:
    spec = body.get("spec") or {}
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        yield invalid_field("spec", spec, "minAvailable and maxUnavailable cannot be both set")


def _definition(body: Json) -> Iterator[str]:
    spec = body.get("spec") or {}
    wanted = f"{at(spec, 'names', 'plural')}.{spec.get('group')}"
    if body["metadata"].get("name") != wanted:
        yield f'metadata.name: Invalid value: must be spec.names.plural+"."+spec.group: "{wanted}"'


def _cluster_binding(body: Json) -> Iterator[str]:
    for index, subject in enumerate(body.get("subjects") or ()):
        if subject.get("kind") == "ServiceAccount" and not subject.get("namespace"):
            yield required(f"subjects[{index}].namespace")


def _namespace(body: Json) -> Iterator[str]:
    yield from _levels(body["metadata"])


_CHECKS: dict[str, Callable[[Json], Iterator[str]]] = {
    "ClusterRoleBinding": _cluster_binding,
    "Namespace": _namespace,
    "Deployment": _deployment,
    "StatefulSet": _workload,
    "DaemonSet": _workload,
    "ReplicaSet": _workload,
    "Service": _service,
    "Secret": _secret,
    "ConfigMap": _data_keys,
    "PodDisruptionBudget": _disruption_budget,
    "CustomResourceDefinition": _definition,
}


def check_deletion(live: Live) -> None:
    """Refuse to delete a namespace that the server protects; raises ApiError."""
    if live.key[:2] == ("", "Namespace") and live.name in SYSTEM_NAMESPACES:
        raise forbidden("namespaces", live.name, "this namespace may not be deleted")
