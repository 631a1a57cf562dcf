"""The pods of a workload: their templates, their resource requests, and the objects that they refer to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from report import pod_templates
from sandbox.kubernetes.api.objects import Live
from sandbox.kubernetes.api.values import Json, at

WORKLOADS = frozenset(
    {
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
        ("apps", "DaemonSet"),
        ("apps", "ReplicaSet"),
        ("batch", "Job"),
        ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"),
        ("gateway.networking.k8s.io", "Gateway"),
        ("", "Pod"),
    }
)

_SUFFIXES = {
    "n": "1e-9",
    "u": "1e-6",
    "m": "1e-3",
    "k": "1e3",
    "M": "1e6",
    "G": "1e9",
    "T": "1e12",
    "P": "1e15",
    "E": "1e18",
}
_QUANTITY = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?", re.ASCII)
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}


def quantity(value: object) -> float:
    """A Kubernetes quantity as a number ("500m" is 0.5, "2Gi" is 2147483648); ValueError if it is invalid."""
    text = str(value)
    if not _QUANTITY.fullmatch(text):
        raise ValueError(f"{value!r} is not a quantity")
    factor = Decimal(1)
    if text[-2:] in _BINARY:
        factor, text = Decimal(1024) ** _BINARY[text[-2:]], text[:-2]
    elif text[-1:] in _SUFFIXES:
        factor, text = Decimal(_SUFFIXES[text[-1]]), text[:-1]
    return float(Decimal(text) * factor)


@dataclass(frozen=True)
class PodSet:
    """Equal pods of one workload."""

    owner: str
    """uid of the workload."""
    namespace: str
    name: str
    """The name of such a pod in messages."""
    count: int
    labels: Mapping[str, str]
    spec: Json
    needs: Mapping[str, float] = field(default_factory=dict)
    every_node: bool = False
    """True for one pod on each suitable node, as for a DaemonSet."""


def template_of(body: Json) -> Json | None:
    """Metadata and spec of the pods of a workload; None for kinds without pods."""
    return cast("Json | None", pod_templates.template_of(body))


def templates_of(body: Json) -> Iterator[tuple[str, Json]]:
    """Each pod template of an object with its path, for checks."""
    if body.get("kind") == "Pod":
        yield "", {"metadata": body.get("metadata") or {}, "spec": body.get("spec") or {}}
        return
    if body.get("kind") == "LeaderWorkerSet":
        leader = at(body, "spec", "leaderWorkerTemplate", "leaderTemplate")
        if isinstance(leader, dict):
            yield "spec.leaderWorkerTemplate.leaderTemplate", leader
        path = "spec.leaderWorkerTemplate.workerTemplate"
    elif body.get("kind") == "CronJob":
        path = "spec.jobTemplate.spec.template"
    else:
        path = "spec.template"
    template = template_of(body)
    if isinstance(template, dict):
        yield path, template


def pod_sets(live: Live, template: Json | None = None) -> list[PodSet]:
    """The pods that a workload requests now. `template` overrides its own (an older one during a rollout)."""
    body = live.body
    if body.get("kind") == "LeaderWorkerSet":
        return _leader_worker_sets(live)
    chosen = template or template_of(body)
    if not isinstance(chosen, dict):
        return []
    replicas = {"Pod": 1, "DaemonSet": 0}.get(live.key[1])
    if live.key[1] == "Job":
        replicas = 0 if at(body, "spec", "suspend") else _pods_of_job(body)
    if replicas is None:
        replicas = _int(body, "replicas")
    return [_pod_set(live, chosen, replicas, every_node=live.key[1] == "DaemonSet")]


def _leader_worker_sets(live: Live) -> list[PodSet]:
    template = at(live.body, "spec", "leaderWorkerTemplate") or {}
    size, replicas = int(template.get("size", 1)), _int(live.body, "replicas")
    leader = template.get("leaderTemplate") or template.get("workerTemplate") or {}
    worker = template.get("workerTemplate") or {}
    return [_pod_set(live, leader, replicas), _pod_set(live, worker, replicas * (size - 1))]


def _pods_of_job(body: Json) -> int:
    """Without `completions` the pods share a queue of work, and all run at once."""
    completions = at(body, "spec", "completions")
    parallelism = _int(body, "parallelism")
    return parallelism if completions is None else min(parallelism, int(completions))


def _int(body: Json, key: str) -> int:
    value = at(body, "spec", key)
    return 1 if value is None else int(value)


def _pod_set(live: Live, template: Json, count: int, *, every_node: bool = False) -> PodSet:
    spec = template.get("spec") or {}
    suffix = "" if live.key[1] == "Pod" else "-" + live.uid[:5]
    return PodSet(
        owner=live.uid,
        namespace=live.namespace,
        name=f"{live.namespace}/{live.name}{suffix}",
        count=count,
        labels=at(template, "metadata", "labels") or {},
        spec=spec,
        needs=needs(spec),
        every_node=every_node,
    )


def needs(spec: Json) -> dict[str, float]:
    """The resource requests of a pod: the sum of its containers, or its largest init container if that is more."""
    total: dict[str, float] = {}
    for container in spec.get("containers") or ():
        for name, amount in _requests(container).items():
            total[name] = total.get(name, 0.0) + amount
    first: dict[str, float] = {}
    for container in spec.get("initContainers") or ():
        for name, amount in _requests(container).items():
            if container.get("restartPolicy") == "Always":
                total[name] = total.get(name, 0.0) + amount
            else:
                first[name] = max(first.get(name, 0.0), amount)
    for name, amount in first.items():
        total[name] = max(total.get(name, 0.0), amount)
    return total | {"pods": 1.0}


def _requests(container: Json) -> dict[str, float]:
    resources = container.get("resources") or {}
    asked = {**(resources.get("limits") or {}), **(resources.get("requests") or {})}
    return {name: quantity(amount) for name, amount in asked.items()}


def containers(spec: Json) -> Iterator[tuple[str, Json]]:
    """Every container of a pod with its path in the spec."""
    for group in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(group) or ()):
            yield f"{group}[{index}]", container


def references(spec: Json) -> Iterator[tuple[str, str]]:
    """Kind and name of each ConfigMap, Secret and claim that a pod cannot start without."""
    for volume in spec.get("volumes") or ():
        yield from _volume_references(volume)
        for source in at(volume, "projected", "sources") or ():
            yield from _volume_references(source)
    for _, container in containers(spec):
        for each in container.get("envFrom") or ():
            yield from _named(each.get("configMapRef"), "ConfigMap")
            yield from _named(each.get("secretRef"), "Secret")
        for each in container.get("env") or ():
            yield from _named(at(each, "valueFrom", "configMapKeyRef"), "ConfigMap")
            yield from _named(at(each, "valueFrom", "secretKeyRef"), "Secret")


def _volume_references(volume: Json) -> Iterator[tuple[str, str]]:
    yield from _named(volume.get("configMap"), "ConfigMap")
    secret = volume.get("secret")
    yield from _named(secret, "Secret", "secretName" if secret and "secretName" in secret else "name")
    yield from _named(volume.get("persistentVolumeClaim"), "PersistentVolumeClaim", "claimName")


def _named(reference: Any, kind: str, key: str = "name") -> Iterator[tuple[str, str]]:
    if isinstance(reference, dict) and reference.get(key) and not reference.get("optional"):
        yield kind, str(reference[key])


def selects(selector: Json | None, labels: Mapping[str, str]) -> bool:
    """Whether a label selector (matchLabels, matchExpressions) matches the labels; None selects nothing."""
    if selector is None:
        return False
    wanted = selector.get("matchLabels") or {}
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(matches(each, labels) for each in selector.get("matchExpressions") or ())


def matches(expression: Json, labels: Mapping[str, str]) -> bool:
    """Whether one expression of a label or node selector matches the labels."""
    key, operator = str(expression.get("key")), expression.get("operator")
    values = [str(value) for value in expression.get("values") or ()]
    have = labels.get(key)
    answers = {
        "In": have in values,
        "NotIn": have not in values,
        "Exists": have is not None,
        "DoesNotExist": have is None,
        "Gt": _greater(have, values),
        "Lt": _greater(values[0] if values else None, [have] if have else []),
    }
    return answers.get(str(operator), False)


def _greater(left: str | None, right: list[str]) -> bool:
    try:
        return left is not None and bool(right) and int(left) > int(right[0])
    except ValueError:
        return False
