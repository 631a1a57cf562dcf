"""The objects of the stacks and examples, and the comparable part of a server's response."""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from infra.commands.render import manifests
from tests.infra.snapshots import run

Body = dict[str, Any]

FIRST = ("Namespace", "PriorityClass", "StorageClass", "ServiceAccount")
"""Kinds that must exist before others are admitted, in this order. All other objects are only dry runs."""

EMPTY = ("", 0, False, [], {}, None)
"""Empty values, which mean the same as a missing field: the real server omits them, the sandbox keeps them."""

_RELEASE = "helm.sh/v3"
_SERVERS_OWN = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink")


@cache
def objects(stack: str) -> tuple[Body, ...]:
    """All objects of a stack or example; those that others need come first."""
    bodies = [cast(Body, dict(each.body)) for each in manifests(run(stack).resources)]
    found = [body for body in bodies if body["apiVersion"] != _RELEASE]
    return tuple(sorted(found, key=_place))


def _place(body: Body) -> int:
    return FIRST.index(body["kind"]) if body["kind"] in FIRST else len(FIRST)


def comparable(answer: Body) -> Body:
    """A response without the values that each server chooses, and without those that controllers write."""
    body = copy.deepcopy(answer)
    body.pop("status", None)
    metadata = body["metadata"]
    for name in _SERVERS_OWN:
        metadata.pop(name, None)
    annotations = metadata.get("annotations") or {}
    annotations.pop("deployment.kubernetes.io/revision", None)
    for name in ("annotations", "labels"):
        if not metadata.get(name):
            metadata.pop(name, None)
    if body["kind"] == "Job":
        _forget_uid(body, answer["metadata"].get("uid"))
    if body["kind"] == "Service":
        _forget_addresses(body["spec"])
    return body


def _forget_uid(body: Body, uid: str) -> None:
    """A job's pods are identified by its uid."""
    own = body["metadata"].get("labels") or {}
    for labels in (
        own,
        body["spec"]["selector"]["matchLabels"],
        body["spec"]["template"]["metadata"]["labels"],
    ):
        labels |= {key: "a uid" for key, value in labels.items() if value == uid}


def _forget_addresses(spec: Body) -> None:
    for name in ("clusterIP", "clusterIPs"):
        if name in spec and "None" not in spec[name]:
            spec[name] = "an address"
    for port in spec.get("ports") or ():
        if "nodePort" in port:
            port["nodePort"] = "a port"
    if "healthCheckNodePort" in spec:
        spec["healthCheckNodePort"] = "a port"


def differences(real: Any, ours: Any, path: str = "") -> Iterator[str]:
    """The differences between the real server's response and the sandbox's."""
    if isinstance(real, dict) and isinstance(ours, dict):
        for key in sorted({*real, *ours}):
            yield from _key(real, ours, str(key), f"{path}.{key}" if path else str(key))
    elif isinstance(real, list) and isinstance(ours, list) and len(real) == len(ours):
        for index, (one, other) in enumerate(zip(real, ours, strict=True)):
            yield from differences(one, other, f"{path}[{index}]")
    elif real != ours:
        yield f"{path}: the real server has {real!r}, the sandbox {ours!r}"


def _key(real: Body, ours: Body, key: str, path: str) -> Iterator[str]:
    if key not in real and ours[key] in EMPTY:
        return
    if key not in ours:
        yield f"{path}: only the real server has it, {real[key]!r}"
    elif key not in real:
        yield f"{path}: only the sandbox has it, {ours[key]!r}"
    else:
        yield from differences(real[key], ours[key], path)
