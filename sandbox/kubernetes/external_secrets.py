"""What the controller of external-secrets makes: a Secret for each ExternalSecret whose store is there."""

from sandbox.kubernetes.objects import Objects
from sandbox.kubernetes.values import at

_GROUP = "external-secrets.io"


def synced(objects: Objects, cluster: str, namespace: str, name: str) -> bool:
    """Whether a Secret of that name is made in a namespace.

    What the vault holds is taken as existing, as all that nothing in the sandbox has made.
    """
    for live in objects.of_kind(cluster, (_GROUP, "ExternalSecret")):
        target = at(live.body, "spec", "target", "name") or live.name
        if live.key[2] == namespace and target == name:
            return _has_store(objects, cluster, namespace, at(live.body, "spec", "secretStoreRef") or {})
    return False


def _has_store(objects: Objects, cluster: str, namespace: str, reference: dict[str, str]) -> bool:
    kind = reference.get("kind") or "SecretStore"
    place = "" if kind == "ClusterSecretStore" else namespace
    return objects.find(cluster, (_GROUP, kind, place, reference.get("name", ""))) is not None
