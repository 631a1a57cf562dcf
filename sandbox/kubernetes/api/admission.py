"""What the API server refuses although the object is of the right form: names, places, contradictions."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.kubernetes.api.errors import forbidden, invalid, not_found
from sandbox.kubernetes.api.fields import field_problems
from sandbox.kubernetes.api.kinds import Kind
from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.kubernetes.api.pod_security import ENFORCE, LEVELS, violation
from sandbox.kubernetes.api.quotas import object_refusal
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.pods import selects, templates_of

SYSTEM_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")

_POD = Kind("", "v1", "Pod")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SERVICE_LABEL = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_PATH_SEGMENT_KINDS = frozenset(
    {"PodDisruptionBudget", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"}
)
_LABEL_KEY = re.compile(r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")


def admit(objects: Objects, cluster: str, kind: Kind, body: Json, *, version: str, namespaced: bool) -> None:
    """Refuse an object that is to be created or changed; raises ApiError.

    In the server's order: what must be there to make a pod at all, then the fields, then policies and quotas.
    """
    metadata = body["metadata"]
    name, namespace = str(metadata.get("name", "")), str(metadata.get("namespace") or "")
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
    why = violation(space, pod) if pod is not None else None
    why = why or (object_refusal(objects, cluster, body, namespace, name) if namespaced else None)
    if why:
        raise forbidden(kind.resource, name, why)


def _problems(version: str, kind: Kind, body: Json) -> Iterator[str]:
    yield from _names(kind, body["metadata"])
    yield from _labels(body["metadata"])
    for path, template in templates_of(body):
        yield from _labels(template.get("metadata") or {}, f"{path}." if path else "")
    yield from field_problems(version, kind, body)
    check = _CHECKS.get(kind.kind)
    if check is not None and kind.native:
        yield from check(body)


def namespace_of(objects: Objects, cluster: str, name: str) -> Mapping[str, str] | None:
    """The labels of a namespace; None if it is not there. Those of the system always are."""
    live = objects.find(cluster, ("", "Namespace", "", name))
    if live is not None:
        return at(live.body, "metadata", "labels") or {}
    return {} if name in SYSTEM_NAMESPACES else None


def missing_identity(objects: Objects, cluster: str, namespace: str, spec: Json) -> str | None:
    """Why no pod can be made of a spec at all: its service account or priority class is not there."""
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


def _names(kind: Kind, metadata: Json) -> Iterator[str]:
    name = str(metadata.get("name", ""))
    if kind.kind in _PATH_SEGMENT_KINDS:
        if not name or "/" in name or "%" in name or name in (".", ".."):
            yield f'metadata.name: Invalid value: "{name}": may not be empty or contain "/" or "%"'
        return
    if kind.native and kind.kind == "Namespace":
        pattern, limit, rule = _LABEL, 63, "a lowercase RFC 1123 label"
    elif kind.native and kind.kind == "Service":
        pattern, limit, rule = _SERVICE_LABEL, 63, "a DNS-1035 label"
    else:
        pattern, limit, rule = _SUBDOMAIN, 253, "a lowercase RFC 1123 subdomain"
    if not pattern.fullmatch(name):
        yield (
            f'metadata.name: Invalid value: "{name}": {rule} must consist of lower case alphanumeric '
            "characters or '-', and must start and end with an alphanumeric character"
        )
    elif len(name) > limit:
        yield f'metadata.name: Invalid value: "{name}": must be no more than {limit} characters'


def _labels(metadata: Json, prefix: str = "") -> Iterator[str]:
    path = f"{prefix}metadata.labels"
    for key, value in (metadata.get("labels") or {}).items():
        if not _LABEL_KEY.fullmatch(str(key)):
            yield f'{path}: Invalid value: "{key}": name part must consist of alphanumeric characters, "-", "_" or "."'
        if isinstance(value, str) and (not _LABEL_VALUE.fullmatch(value) or len(value) > 63):
            yield (
                f'{path}: Invalid value: "{value}": a valid label must be at most 63 alphanumeric characters, '
                '"-", "_" or ".", and must start and end with an alphanumeric character'
            )
    enforce = at(metadata, "labels", ENFORCE)
    if enforce is not None and enforce not in LEVELS:
        yield f'{path}[{ENFORCE}]: Invalid value: "{enforce}": must be one of {", ".join(LEVELS)}'


# ---- kinds


def _workload(body: Json) -> Iterator[str]:
    selector, template = at(body, "spec", "selector"), at(body, "spec", "template") or {}
    labels = at(template, "metadata", "labels") or {}
    if not selector or not (selector.get("matchLabels") or selector.get("matchExpressions")):
        yield "spec.selector: Invalid value: empty selector is invalid for " + str(body["kind"]).lower()
    elif not selects(selector, labels):
        yield (
            "spec.template.metadata.labels: Invalid value: "
            f"{labels}: `selector` does not match template `labels`"
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
            if not re.fullmatch(r"[-._a-zA-Z0-9]{1,253}", str(key)):
                yield f"{field}[{key}]: Invalid value: a valid config key must consist of alphanumeric characters"


def _disruption_budget(body: Json) -> Iterator[str]:
    spec = body.get("spec") or {}
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        yield "spec: Invalid value: minAvailable and maxUnavailable cannot be both set"


def _definition(body: Json) -> Iterator[str]:
    spec = body.get("spec") or {}
    wanted = f"{at(spec, 'names', 'plural')}.{spec.get('group')}"
    if body["metadata"].get("name") != wanted:
        yield f'metadata.name: Invalid value: must be spec.names.plural+"."+spec.group: "{wanted}"'


_CHECKS: dict[str, Callable[[Json], Iterator[str]]] = {
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
    """Refuse to delete what the server keeps; raises ApiError."""
    if live.key[:2] == ("", "Namespace") and live.name in SYSTEM_NAMESPACES:
        raise forbidden("namespaces", live.name, "this namespace may not be deleted")
