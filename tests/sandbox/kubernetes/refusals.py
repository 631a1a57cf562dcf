"""Refusals beyond single fields: the objects that must exist first, the object, and a part of the message.

The sandbox is asked, and in `make prove` also a real API server.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.sandbox.kubernetes.bed import Body, config_map, deployment, namespace, service

SPACE = "judged"
ENFORCE = "pod-security.kubernetes.io/enforce"


@dataclass(frozen=True)
class Refusal:
    """An object that is refused in the namespace SPACE."""

    name: str
    body: Body
    said: str
    level: str = "privileged"
    """The pod security level of the namespace."""
    existing: tuple[Body, ...] = ()
    """The objects that exist before, which may include an earlier form of the object."""


def changed(body: Body, path: str, value: Any) -> Body:
    """The object with another value at a path."""
    keys = path.split(".")
    out = dict(body)
    if len(keys) == 1:
        out[keys[0]] = value
    else:
        out[keys[0]] = changed(dict(out.get(keys[0]) or {}), ".".join(keys[1:]), value)
    return out


def container(**fields: Any) -> Body:
    """A deployment with one container."""
    return deployment(pod={"containers": [{"name": "main", "image": "a:1", **fields}]})


def pod(context: Body | None = None, **spec: Any) -> Body:
    """A pod with one container."""
    one = {"name": "c", "image": "a:1", **({"securityContext": context} if context is not None else {})}
    return thing("v1", "Pod", spec={"containers": [one], **spec})


def thing(api_version: str, kind: str, **fields: Any) -> Body:
    """An object named `it`."""
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "it"}, **fields}


def secret(**fields: Any) -> Body:
    return thing("v1", "Secret", **fields)


def claim(size: str = "10Gi", **spec: Any) -> Body:
    wanted = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}, **spec}
    return thing("v1", "PersistentVolumeClaim", spec={"storageClassName": "oci-bv", **wanted})


def quota(**hard: str) -> Body:
    spec = {"hard": {name.replace("__", "."): value for name, value in hard.items()}}
    return thing("v1", "ResourceQuota", spec=spec)


def workload(kind: str, app: str = "web", **spec: Any) -> Body:
    """A workload of the group apps."""
    made = deployment(app=app)["spec"]
    made = {"selector": made["selector"], "template": made["template"]}
    return thing("apps/v1", kind, spec={**made, **spec})


def job(image: str = "a:1") -> Body:
    spec = {"restartPolicy": "Never", "containers": [{"name": "c", "image": image}]}
    return thing("batch/v1", "Job", spec={"template": {"spec": spec}})


def binding(role: str) -> Body:
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
    return thing("rbac.authorization.k8s.io/v1", "RoleBinding", roleRef=reference)


def _names() -> Iterator[Refusal]:
    yield Refusal("a name", changed(deployment(), "metadata.name", "Web_1"), "metadata.name: Invalid value")
    long = changed(config_map(), "metadata.name", "x" * 254)
    yield Refusal("a long name", long, "must be no more than 253 ")
    long = changed(service(), "metadata.name", "x" * 64)
    yield Refusal("a long service's name", long, "must be no more than 63 ")
    yield Refusal("a namespace's name", namespace("a.b"), "must not contain dots")
    slashed = changed(binding("view"), "metadata.name", "a%b")
    yield Refusal("a path's name", slashed, "metadata.name: Invalid value")
    labelled = changed(deployment(), "metadata.labels", {"a": "not a label"})
    yield Refusal("a label's value", labelled, "a valid label must be")
    labelled = changed(deployment(), "metadata.labels", {"not a key": "a"})
    yield Refusal("a label's key", labelled, "metadata.labels: Invalid value")
    labelled = changed(deployment(), "spec.template.metadata.labels", {"app": "web", "b": "not a label"})
    yield Refusal("a label of pods", labelled, "a valid label must be")
    level = namespace("other", **{ENFORCE: "strict"})
    yield Refusal("an unknown level", level, "must be one of privileged, baseline, restricted")


def _contradictions() -> Iterator[Refusal]:
    other = changed(deployment(), "spec.selector.matchLabels", {"app": "other"})
    yield Refusal("another selector", other, "`selector` does not match template `labels`")
    for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"):
        empty = changed(workload(kind), "spec.selector", {})
        yield Refusal(f"an empty selector of a {kind}", empty, "empty selector is invalid for")
    never = changed(deployment(), "spec.template.spec.restartPolicy", "Never")
    yield Refusal("pods that are not restarted", never, 'supported values: "Always"')
    both = deployment(strategy={"type": "Recreate", "rollingUpdate": {"maxSurge": 1}})
    yield Refusal("two strategies", both, "may not be specified when strategy `type` is 'Recreate'")
    none = deployment(strategy={"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}})
    yield Refusal("no way to roll", none, "may not be 0 when `maxSurge` is 0")
    late = deployment(progressDeadlineSeconds=5, minReadySeconds=9)
    yield Refusal("a deadline before readiness", late, "must be greater than minReadySeconds")
    yield Refusal("no image", container(image=""), "containers[0].image: Required value")
    mounts = container(volumeMounts=[{"name": "no", "mountPath": "/x"}])
    yield Refusal("a mount of nothing", mounts, 'Not found: "no"')
    over = container(resources={"limits": {"cpu": "1"}, "requests": {"cpu": "2"}})
    yield Refusal("more than the limit", over, "must be less than or equal to cpu limit of 1")
    yield Refusal(
        "half a GPU", container(resources={"limits": {"amd.com/gpu": "500m"}}), "must be an integer"
    )
    yield Refusal(
        "a probe of nothing", container(livenessProbe={"periodSeconds": 5}), "must specify a handler type"
    )
    budget = {"minAvailable": 1, "maxUnavailable": 1, "selector": {"matchLabels": {"a": "b"}}}
    yield Refusal("two budgets", thing("policy/v1", "PodDisruptionBudget", spec=budget), "cannot be both set")


def _bindings() -> Iterator[Refusal]:
    account = binding("view") | {
        "kind": "ClusterRoleBinding",
        "subjects": [{"kind": "ServiceAccount", "name": "a"}],
    }
    yield Refusal("an account of no namespace", account, "subjects[0].namespace: Required value")
    scope = {"scopeName": "PriorityClass", "operator": "In"}
    scoped = quota(pods="1")
    scoped["spec"]["scopeSelector"] = {"matchExpressions": [scope]}
    yield Refusal("a scope of no values", scoped, "must be at least one value when")
    yield Refusal(
        "an annotation's key", changed(config_map(), "metadata.annotations", {"a b": "c"}), "name part must"
    )


def _services() -> Iterator[Refusal]:
    yield Refusal(
        "ports without names",
        service(ports=[{"port": 80}, {"port": 81}]),
        "spec.ports[0].name: Required value",
    )
    yield Refusal("a port too high", service(ports=[{"port": 70000}]), "must be between 1 and 65535")
    yield Refusal("no ports", service(ports=[]), "spec.ports: Required value")
    twice = [{"name": "a", "port": 80}, {"name": "b", "port": 80}]
    yield Refusal("a port twice", service(ports=twice), "Duplicate value")
    yield Refusal("no external name", service(type="ExternalName"), "spec.externalName")


def _data() -> Iterator[Refusal]:
    yield Refusal(
        "a key of a config map", config_map(**{"no such!": "x"}), "a valid config key must consist of"
    )
    encoded = base64.b64encode(b"x").decode()
    yield Refusal(
        "a key of a secret", secret(data={"no such!": encoded}), "a valid config key must consist of"
    )
    yield Refusal("too much data", config_map(a="x" * (2**20 + 1)), "may not be more than 1048576 bytes")
    noted = changed(config_map(), "metadata.annotations", {"note": "x" * 2**18})
    yield Refusal("too long annotations", noted, "may not be more than 262144 bytes")


def _security() -> Iterator[Refusal]:
    cases: dict[str, tuple[Body, str]] = {
        "privileged": (pod({"privileged": True}), "privileged (container"),
        "host network": (pod(hostNetwork=True), "host namespaces"),
        "host processes": (pod(hostPID=True, hostIPC=True), "host namespaces"),
        "a path of the host": (pod(volumes=[{"name": "v", "hostPath": {"path": "/"}}]), "hostPath volumes"),
        "a sysctl": (
            pod(securityContext={"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}),
            "forbidden sysctls",
        ),
        "no seccomp of the pod": (
            pod(securityContext={"seccompProfile": {"type": "Unconfined"}}),
            "seccompProfile",
        ),
        "no seccomp": (pod({"seccompProfile": {"type": "Unconfined"}}), "seccompProfile"),
        "a capability": (pod({"capabilities": {"add": ["SYS_ADMIN"]}}), "non-default capabilities"),
    }
    for name, (body, said) in cases.items():
        yield Refusal(f"baseline: {name}", body, said, "baseline")
    ported = pod()
    ported["spec"]["containers"][0]["ports"] = [{"containerPort": 80, "hostPort": 80}]
    yield Refusal("baseline: a port of the host", ported, "hostPort", "baseline")
    yield Refusal("restricted: a plain pod", pod(), "allowPrivilegeEscalation != false", "restricted")
    root = pod({"runAsUser": 0, "runAsNonRoot": False})
    yield Refusal("restricted: root", root, "runAsUser=0", "restricted")
    volume = pod(volumes=[{"name": "v", "nfs": {"server": "a", "path": "/"}}])
    yield Refusal("restricted: a volume", volume, "restricted volume types", "restricted")


def _missing() -> Iterator[Refusal]:
    yield Refusal("no account", pod(serviceAccountName="loader"), 'serviceaccount "loader" not found')
    yield Refusal("no class", pod(priorityClassName="none"), "no PriorityClass with name none was found")


def _quotas() -> Iterator[Refusal]:
    limited = pod()
    limited["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "2"}}
    yield Refusal("over a quota", limited, "exceeded quota: it", existing=(quota(requests__cpu="1"),))
    unsaid = quota(limits__memory="8Gi", requests__cpu="1")
    yield Refusal(
        "what a quota counts is not said", pod(), "failed quota: it: must specify", existing=(unsaid,)
    )
    balanced = service(type="LoadBalancer")
    none = quota(services__loadbalancers="0")
    yield Refusal(
        "no balancer", balanced, "exceeded quota: it, requested: services.loadbalancers=1", existing=(none,)
    )
    small = quota(requests__storage="5Gi")
    yield Refusal(
        "over the storage", claim(), "exceeded quota: it, requested: requests.storage=10Gi", existing=(small,)
    )


def _changes() -> Iterator[Refusal]:
    pairs: dict[str, tuple[Body, Body, str]] = {
        "a selector": (deployment(), deployment(app="other"), "field is immutable"),
        "a daemon set's selector": (workload("DaemonSet"), workload("DaemonSet", "b"), "field is immutable"),
        "a replica set's selector": (
            workload("ReplicaSet"),
            workload("ReplicaSet", "b"),
            "field is immutable",
        ),
        "a job's pods": (job(), job("a:2"), "field is immutable"),
        "a stateful set": (
            workload("StatefulSet", serviceName="a"),
            workload("StatefulSet", serviceName="b"),
            "updates to statefulset spec for fields other than",
        ),
        "an address": (
            service(clusterIP="10.96.7.7"),
            service(clusterIP="10.96.7.8"),
            "may not change once set",
        ),
        "fixed data": (
            config_map(a="b") | {"immutable": True},
            config_map(a="c") | {"immutable": True},
            "field is immutable when `immutable` is set",
        ),
        "a secret's type": (secret(type="Opaque"), secret(type="other"), "field is immutable"),
        "a role": (binding("view"), binding("edit"), "cannot change roleRef"),
        "a claim": (claim(), claim(volumeMode="Block"), "spec is immutable after creation"),
        "a class": (
            thing("storage.k8s.io/v1", "StorageClass", provisioner="a", parameters={"b": "c"}),
            thing("storage.k8s.io/v1", "StorageClass", provisioner="a", parameters={"b": "d"}),
            "parameters: Invalid value",
        ),
    }
    for name, (before, after, said) in pairs.items():
        yield Refusal(f"changed: {name}", after, said, existing=(before,))


def refusals() -> list[Refusal]:
    """All refusals."""
    found = (
        _names(),
        _contradictions(),
        _services(),
        _data(),
        _security(),
        _missing(),
        _quotas(),
        _changes(),
    )
    return [each for group in found for each in group]


def placed(body: Body) -> Body:
    """The object in the namespace SPACE, if its kind has a namespace."""
    if body["kind"] in ("Namespace", "StorageClass", "PriorityClass", "ClusterRoleBinding"):
        return body
    return changed(body, "metadata.namespace", SPACE)
