"""Fields of Kubernetes objects whose change makes pulumi-kubernetes replace the object.

Source: pulumi-kubernetes, provider/pkg/provider/diff.go (the table `forceNew`, the function `forceNewProperties`) and
helm_release.go (for Helm releases), at commit 94977969d, after release 4.32.0. Entries for API versions that no
supported cluster serves are left out.
"""

from collections.abc import Mapping


def _below(prefix: str, names: str) -> tuple[str, ...]:
    return tuple(f"{prefix}.{name}" for name in names.split())


_SELECTOR = ("spec.selector",)
_CONTAINER = (
    "args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources "
    "securityContext stdin stdinOnce terminationMessagePath terminationMessagePolicy tty "
    "volumeDevices volumeMounts workingDir"
)
_POD = (
    "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC "
    "hostNetwork hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy "
    "priority priorityClassName readinessGates restartPolicy runtimeClassName schedulerName "
    "securityContext serviceAccount serviceAccountName shareProcessNamespace subdomain "
    "terminationGracePeriodSeconds volumes"
)
_STATEFUL_SET = "podManagementPolicy revisionHistoryLimit selector serviceName volumeClaimTemplates"
_VOLUME_SOURCES = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker "
    "gcePersistentDisk glusterfs hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte "
    "rbd scaleIO storageos vsphereVolume"
)

_FIELDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("apps", "DaemonSet"): _SELECTOR,
    ("apps", "Deployment"): _SELECTOR,
    ("apps", "StatefulSet"): _below("spec", _STATEFUL_SET),
    ("batch", "Job"): _below("spec", "completions parallelism selector template"),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef",),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef",),
    ("storage.k8s.io", "StorageClass"): ("parameters", "provisioner"),
    ("", "PersistentVolume"): _below("spec", _VOLUME_SOURCES),
    ("", "PersistentVolumeClaim"): _below("spec", "accessModes selector storageClassName volumeName"),
    ("", "Pod"): (
        *_below("spec", _POD),
        *_below("spec.containers[*]", _CONTAINER),
        *_below("spec.initContainers[*]", _CONTAINER),
    ),
    ("", "ResourceQuota"): ("spec.scopes",),
    ("", "Service"): ("spec.clusterIP",),
}
"""By group and kind. The group of core objects is empty."""

IDENTITY = ("metadata.name", "metadata.namespace")
"""They replace an object of any kind."""

OF_RELEASES = ("name", "namespace")
"""Inputs that replace a Helm release."""


def replacing_fields(
    group: str,
    kind: str,
    *,
    immutable: bool = False,
    config_map_mutable: bool = False,
    secret_mutable: bool = False,
) -> tuple[str, ...]:
    """Paths whose change replaces an object; `[*]` is any element of a list.

    ConfigMaps and Secrets are replaced when their data changes, unless the provider's settings make them mutable.
    """
    group = "" if group == "core" else group
    if (group, kind) == ("", "Secret"):
        data = ("type", "stringData", "data") if immutable or not secret_mutable else ("type",)
        return IDENTITY + data
    if (group, kind) == ("", "ConfigMap"):
        return IDENTITY + (("binaryData", "data") if immutable or not config_map_mutable else ())
    return IDENTITY + _FIELDS.get((group, kind), ())
