"""Defaults that the API server fills in for fields that an object leaves out."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.kubernetes.api.custom_defaults import fill_by_schema
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.pods import containers, templates_of

DEFAULT_STORAGE_CLASS = "oci-bv"
"""OKE's own class. A claim gets it if no other class is marked as the default."""


def with_defaults(body: Json, schema: Mapping[str, Any] | None = None) -> Json:
    """A copy of the object with the server's defaults. An object of a custom kind gets those of its `schema`."""
    body = copy.deepcopy(body)
    if schema is not None:
        fill_by_schema(body, schema)
        return body
    for _, template in templates_of(body):
        _pod(template.setdefault("spec", {}))
    filler = _FILLERS.get(str(body.get("kind")))
    if filler is not None:
        filler(body)
    return body


def with_own_labels(body: Json) -> Json:
    """A job with the selector and the labels that identify its pods. Any other object is returned unchanged."""
    if body.get("kind") != "Job" or at(body, "spec", "manualSelector"):
        return body
    uid, template = body["metadata"]["uid"], body["spec"].setdefault("template", {})
    labels = template.setdefault("metadata", {}).setdefault("labels", {})
    for prefix in ("", "batch.kubernetes.io/"):
        labels[f"{prefix}controller-uid"], labels[f"{prefix}job-name"] = uid, body["metadata"]["name"]
    body["spec"]["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}
    body["metadata"]["labels"] = body["metadata"].get("labels") or dict(labels)
    return body


def _fill(target: Json, **values: Any) -> None:
    """Fill in fields that are missing or empty, as the server does where it cannot tell the two apart."""
    for key, value in values.items():
        if target.get(key) in (None, ""):
            target[key] = value


def _fill_missing(target: Json, **values: Any) -> None:
    """Fill in missing fields. An empty value stays: the server refuses or keeps it."""
    for key, value in values.items():
        if target.get(key) is None:
            target[key] = value


def _pod(spec: Json) -> None:
    _fill(
        spec,
        restartPolicy="Always",
        dnsPolicy="ClusterFirst",
        schedulerName="default-scheduler",
        terminationGracePeriodSeconds=30,
        securityContext={},
    )
    if "serviceAccountName" in spec:
        _fill(spec, serviceAccount=spec["serviceAccountName"])
    for _, container in containers(spec):
        _container(container)
    for volume in spec.get("volumes") or ():
        for source in ("configMap", "secret", "projected", "downwardAPI"):
            if isinstance(volume.get(source), dict):
                _fill(volume[source], defaultMode=420)
        if not set(volume) - {"name"}:
            volume["emptyDir"] = {}
        _downward(volume.get("downwardAPI"))
        for source in (volume.get("projected") or {}).get("sources") or ():
            _downward(source.get("downwardAPI"))
            if isinstance(source.get("serviceAccountToken"), dict):
                _fill_missing(source["serviceAccountToken"], expirationSeconds=3600)
        if isinstance(volume.get("hostPath"), dict):
            _fill(volume["hostPath"], type="")


def _downward(source: Any) -> None:
    for item in (source or {}).get("items") or ():
        _field_reference(item.get("fieldRef"))


def _field_reference(reference: Any) -> None:
    if isinstance(reference, dict):
        _fill(reference, apiVersion="v1")


_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}


def _container(container: Json) -> None:
    image = str(container.get("image", ""))
    latest = "@" not in image and image.rpartition("/")[2].partition(":")[2] in ("", "latest")
    _fill(
        container,
        imagePullPolicy="Always" if latest else "IfNotPresent",
        terminationMessagePath="/dev/termination-log",
        terminationMessagePolicy="File",
        resources={},
    )
    for port in container.get("ports") or ():
        _fill(port, protocol="TCP")
    for variable in container.get("env") or ():
        _field_reference((variable.get("valueFrom") or {}).get("fieldRef"))
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.get(name)
        if isinstance(probe, dict):
            for key, value in _PROBE.items():
                probe[key] = probe.get(key) or value
            if isinstance(probe.get("httpGet"), dict):
                _fill(probe["httpGet"], scheme="HTTP", path="/")


def _deployment(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _fill(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600, strategy={})
    _fill(spec["strategy"], type="RollingUpdate")
    if spec["strategy"]["type"] == "RollingUpdate":
        _fill(spec["strategy"], rollingUpdate={})
        _fill(spec["strategy"]["rollingUpdate"], maxUnavailable="25%", maxSurge="25%")
    body["metadata"].setdefault("annotations", {}).setdefault("deployment.kubernetes.io/revision", "1")


def _stateful_set(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _fill(spec, replicas=1, revisionHistoryLimit=10, podManagementPolicy="OrderedReady", updateStrategy={})
    _fill(spec["updateStrategy"], type="RollingUpdate")


def _daemon_set(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _fill(spec, revisionHistoryLimit=10, updateStrategy={})
    _fill(spec["updateStrategy"], type="RollingUpdate")
    if spec["updateStrategy"]["type"] == "RollingUpdate":
        _fill(spec["updateStrategy"], rollingUpdate={})
        _fill_missing(spec["updateStrategy"]["rollingUpdate"], maxUnavailable=1, maxSurge=0)
    body["metadata"].setdefault("annotations", {}).setdefault("deprecated.daemonset.template.generation", "1")


def _job(body: Json) -> None:
    spec = body.setdefault("spec", {})
    if spec.get("parallelism") is None:
        _fill(spec, completions=1)
    limit = 6 if spec.get("backoffLimitPerIndex") is None else 2**31 - 1
    _fill(spec, parallelism=1, backoffLimit=limit, completionMode="NonIndexed", suspend=False)
    for rule in at(spec, "podFailurePolicy", "rules") or ():
        for condition in rule.get("onPodConditions") or ():
            _fill(condition, status="True")
    replaced = "Failed" if spec.get("podFailurePolicy") else "TerminatingOrFailed"
    _fill(spec, manualSelector=False, podReplacementPolicy=replaced)


def _cron_job(body: Json) -> None:
    _fill(
        body.setdefault("spec", {}),
        concurrencyPolicy="Allow",
        suspend=False,
        successfulJobsHistoryLimit=3,
        failedJobsHistoryLimit=1,
        jobTemplate={},
    )
    _fill(body["spec"]["jobTemplate"], metadata={})
    template = at(body, "spec", "jobTemplate", "spec", "template")
    if isinstance(template, dict):
        _fill(template, metadata={})


def _service(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _fill(spec, type="ClusterIP", sessionAffinity="None")
    for port in spec.get("ports") or ():
        _fill(port, protocol="TCP")
        if spec.get("clusterIP") != "None":
            port["targetPort"] = port.get("targetPort") or port.get("port")
    if spec["type"] == "ExternalName":
        return
    _fill(spec, internalTrafficPolicy="Cluster", ipFamilies=["IPv4"], ipFamilyPolicy="SingleStack")
    if spec["type"] in ("LoadBalancer", "NodePort"):
        _fill(spec, externalTrafficPolicy="Cluster")
    if spec["type"] == "LoadBalancer":
        _fill(spec, allocateLoadBalancerNodePorts=True)


def _namespace(body: Json) -> None:
    labels = body["metadata"].setdefault("labels", {})
    labels["kubernetes.io/metadata.name"] = body["metadata"]["name"]
    _fill(body.setdefault("spec", {}), finalizers=["kubernetes"])
    body["status"] = {"phase": "Active"}


def _claim(body: Json) -> None:
    _fill(body.setdefault("spec", {}), volumeMode="Filesystem")
    _fill(body["metadata"], finalizers=["kubernetes.io/pvc-protection"])


def _volume(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _fill(spec, volumeMode="Filesystem", persistentVolumeReclaimPolicy="Retain")
    _fill(body["metadata"], finalizers=["kubernetes.io/pv-protection"])


def _network_policy(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _fill(spec, podSelector={})
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    for rule in (*(spec.get("ingress") or ()), *(spec.get("egress") or ())):
        for port in rule.get("ports") or ():
            _fill_missing(port, protocol="TCP")


def _storage_class(body: Json) -> None:
    _fill_missing(body, reclaimPolicy="Delete", volumeBindingMode="Immediate")


def _secret(body: Json) -> None:
    _fill(body, type="Opaque")


def _priority_class(body: Json) -> None:
    _fill_missing(body, preemptionPolicy="PreemptLowerPriority", value=0)


_RBAC = "rbac.authorization.k8s.io"


def _binding(body: Json) -> None:
    if isinstance(body.get("roleRef"), dict):
        _fill(body["roleRef"], apiGroup=_RBAC)
    for subject in body.get("subjects") or ():
        if subject.get("kind") in ("User", "Group"):
            _fill(subject, apiGroup=_RBAC)


def _limit_range(body: Json) -> None:
    for limit in at(body, "spec", "limits") or ():
        if limit.get("type") == "Container":
            most = {**(limit.get("max") or {}), **(limit.get("default") or {})}
            least = {**(limit.get("min") or {}), **most, **(limit.get("defaultRequest") or {})}
            limit |= {key: value for key, value in (("default", most), ("defaultRequest", least)) if value}


def _autoscaler(body: Json) -> None:
    _fill(body.setdefault("spec", {}), minReplicas=1)


def _definition(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _fill(spec, conversion={"strategy": "None"})
    names = spec.setdefault("names", {})
    kind = str(names.get("kind", ""))
    _fill(names, listKind=kind + "List", singular=kind.lower())
    versions = [each.get("name") for each in spec.get("versions") or () if at(each, "storage")]
    body["status"] = {
        "acceptedNames": names,
        "storedVersions": versions,
        "conditions": [{"type": "Established", "status": "True", "reason": "InitialNamesAccepted"}],
    }


def _one_pod(body: Json) -> None:
    """A pod's missing requests are set to its limits. Pod templates do not change."""
    for _, container in containers(body["spec"]):
        resources = container["resources"]
        if resources.get("limits"):
            resources["requests"] = {**resources["limits"], **(resources.get("requests") or {})}


_FILLERS: dict[str, Callable[[Json], None]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "Job": _job,
    "CronJob": _cron_job,
    "Service": _service,
    "Namespace": _namespace,
    "ClusterRoleBinding": _binding,
    "LimitRange": _limit_range,
    "Pod": _one_pod,
    "PersistentVolume": _volume,
    "PersistentVolumeClaim": _claim,
    "RoleBinding": _binding,
    "NetworkPolicy": _network_policy,
    "StorageClass": _storage_class,
    "Secret": _secret,
    "PriorityClass": _priority_class,
    "HorizontalPodAutoscaler": _autoscaler,
    "CustomResourceDefinition": _definition,
}
