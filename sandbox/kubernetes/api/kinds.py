"""Facts about each kind: its scope and its plural."""

from dataclasses import dataclass

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
