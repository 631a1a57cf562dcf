"""Facts about each kind: its scope, its plural, and the fields that cannot change in place."""

from dataclasses import dataclass

from sandbox.kubernetes.api.words import words

CLUSTER_SCOPED = frozenset(
    {
        "APIService",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "ClusterTrustBundle",
        "ComponentStatus",
        "CustomResourceDefinition",
        "DeviceClass",
        "FlowSchema",
        "IPAddress",
        "IngressClass",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "ResourceSlice",
        "RuntimeClass",
        "ServiceCIDR",
        "StorageClass",
        "StorageVersion",
        "StorageVersionMigration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
        "VolumeAttributesClass",
    }
)

NATIVE_GROUPS = frozenset(
    {
        "",
        "apps",
        "autoscaling",
        "batch",
        "policy",
        "extensions",
        "internal.apiserver.k8s.io",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
        "storagemigration.k8s.io",
    }
)
"""Groups that the API server itself serves; any other comes from a custom resource definition."""


@dataclass(frozen=True)
class Kind:
    """Group (empty for core), version and kind of an object."""

    group: str
    version: str
    kind: str

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def native(self) -> bool:
        """Served by the API server itself."""
        return self.group in NATIVE_GROUPS

    @property
    def resource(self) -> str:
        """The resource name in the server's messages: `services`, `deployments.apps`."""
        lower = self.kind.lower()
        if lower.endswith("y") and lower[-2] not in "aeiou":
            plural = lower[:-1] + "ies"
        elif lower.endswith(("s", "x", "ch")):
            plural = lower if lower == "endpoints" else lower + "es"
        else:
            plural = lower + "s"
        return f"{plural}.{self.group}" if self.group else plural


def kind_of(api_version: str, kind: str) -> Kind:
    """The kind of an object, from its fields `apiVersion` and `kind`."""
    group, _, version = api_version.rpartition("/")
    return Kind("" if group == "core" else group, version, kind)


def kind_of_token(token: str) -> Kind | None:
    """The kind of a Pulumi type such as `kubernetes:apps/v1:Deployment`; None if the type is not an object."""
    parts = token.split(":")
    if len(parts) != 3 or parts[1].count("/") != 1:
        return None
    group, version = parts[1].split("/")
    return Kind("" if group == "core" else group, version, parts[2])


def urn_type(urn: str) -> str:
    """The resource's own type in a URN."""
    return urn.split("::")[2].rsplit("$", 1)[-1]


def urn_name(urn: str) -> str:
    """The resource's name in a URN."""
    return urn.split("::", 3)[3]


_SELECTOR = ("spec.selector",)
_CONTAINER = words(
    "args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources "
    "securityContext stdin stdinOnce terminationMessagePath terminationMessagePolicy tty "
    "volumeDevices volumeMounts workingDir"
)
_POD = words(
    "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC "
    "hostNetwork hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy "
    "priority priorityClassName readinessGates restartPolicy runtimeClassName schedulerName "
    "securityContext serviceAccount serviceAccountName shareProcessNamespace subdomain "
    "terminationGracePeriodSeconds volumes"
)
_VOLUME_SOURCES = words(
    "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker "
    "gcePersistentDisk glusterfs hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte "
    "rbd scaleIO storageos vsphereVolume"
)

_REPLACES: dict[tuple[str, str], tuple[str, ...]] = {
    ("apps", "DaemonSet"): _SELECTOR,
    ("apps", "Deployment"): _SELECTOR,
    ("apps", "StatefulSet"): tuple(
        f"spec.{field}"
        for field in (
            "podManagementPolicy",
            "revisionHistoryLimit",
            "selector",
            "serviceName",
            "volumeClaimTemplates",
        )
    ),
    ("batch", "Job"): ("spec.completions", "spec.parallelism", "spec.selector", "spec.template"),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef",),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef",),
    ("storage.k8s.io", "StorageClass"): ("parameters", "provisioner"),
    ("", "PersistentVolume"): tuple(f"spec.{source}" for source in _VOLUME_SOURCES),
    ("", "PersistentVolumeClaim"): tuple(
        f"spec.{field}" for field in ("accessModes", "selector", "storageClassName", "volumeName")
    ),
    ("", "Pod"): (
        *(f"spec.{field}" for field in _POD),
        *(f"spec.{group}[*].{field}" for group in ("containers", "initContainers") for field in _CONTAINER),
    ),
    ("", "ResourceQuota"): ("spec.scopes",),
    ("", "Service"): ("spec.clusterIP",),
}


def replacing_fields(
    kind: Kind, *, immutable: bool = False, config_map_mutable: bool = False, secret_mutable: bool = False
) -> tuple[str, ...]:
    """Paths whose change replaces an object, as in pulumi-kubernetes' own table.

    ConfigMaps and Secrets are replaced when their data changes, unless the provider's settings make them mutable.
    """
    identity = ("metadata.name", "metadata.namespace")
    if (kind.group, kind.kind) == ("", "Secret"):
        data = ("type", "stringData", "data") if immutable or not secret_mutable else ("type",)
        return identity + data
    if (kind.group, kind.kind) == ("", "ConfigMap"):
        return identity + (("binaryData", "data") if immutable or not config_map_mutable else ())
    return identity + _REPLACES.get((kind.group, kind.kind), ())
