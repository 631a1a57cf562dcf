"""What the API server fills in when an object does not say it."""

import copy
from collections.abc import Callable
from typing import Any

from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.pods import containers, templates_of

DEFAULT_STORAGE_CLASS = "oci-bv"
"""OKE's own; a claim gets it where no other class is marked as the default."""


def with_defaults(body: Json) -> Json:
    """A copy of the object with the server's defaults."""
    body = copy.deepcopy(body)
    for _, template in templates_of(body):
        _pod(template.setdefault("spec", {}))
    filler = _FILLERS.get(str(body.get("kind")))
    if filler is not None:
        filler(body)
    return body


def _fill(target: Json, **values: Any) -> None:
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
        if isinstance(volume.get("hostPath"), dict):
            _fill(volume["hostPath"], type="")


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
    resources = container["resources"]
    if resources.get("limits"):
        resources["requests"] = {**resources["limits"], **(resources.get("requests") or {})}
    for port in container.get("ports") or ():
        _fill(port, protocol="TCP")
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.get(name)
        if isinstance(probe, dict):
            _fill(probe, timeoutSeconds=1, periodSeconds=10, successThreshold=1, failureThreshold=3)
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


def _job(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _fill(spec, parallelism=1, completions=1, backoffLimit=6, completionMode="NonIndexed", suspend=False)


def _cron_job(body: Json) -> None:
    _fill(
        body.setdefault("spec", {}),
        concurrencyPolicy="Allow",
        suspend=False,
        successfulJobsHistoryLimit=3,
        failedJobsHistoryLimit=1,
    )


def _service(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _fill(spec, type="ClusterIP", sessionAffinity="None")
    for port in spec.get("ports") or ():
        _fill(port, protocol="TCP")
        if spec.get("clusterIP") != "None":
            _fill(port, targetPort=port.get("port"))
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


def _network_policy(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _fill(spec, policyTypes=["Ingress", "Egress"] if "egress" in spec else ["Ingress"])


def _storage_class(body: Json) -> None:
    _fill(body, reclaimPolicy="Delete", volumeBindingMode="Immediate")


def _secret(body: Json) -> None:
    _fill(body, type="Opaque")


def _priority_class(body: Json) -> None:
    _fill(body, preemptionPolicy="PreemptLowerPriority")


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


_FILLERS: dict[str, Callable[[Json], None]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "Job": _job,
    "CronJob": _cron_job,
    "Service": _service,
    "Namespace": _namespace,
    "PersistentVolumeClaim": _claim,
    "NetworkPolicy": _network_policy,
    "StorageClass": _storage_class,
    "Secret": _secret,
    "PriorityClass": _priority_class,
    "HorizontalPodAutoscaler": _autoscaler,
    "CustomResourceDefinition": _definition,
}
