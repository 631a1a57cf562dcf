"""The controller of external-secrets: it creates a Secret for each ExternalSecret whose store exists."""

import re

from sandbox.kubernetes.api.admission import namespace_of
from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.kubernetes.api.values import at
from sandbox.kubernetes.scheduling.pods import selects

_GROUP = "external-secrets.io"


def synced(objects: Objects, cluster: str, namespace: str, name: str) -> bool:
    """Whether the controller creates a Secret with that name in a namespace.

    The secret in the vault is assumed to exist, like everything that was not created in the sandbox.
    """
    for live in objects.of_kind(cluster, (_GROUP, "ExternalSecret")):
        target = at(live.body, "spec", "target", "name") or live.name
        if live.key[2] == namespace and target == name:
            return _has_store(objects, cluster, namespace, at(live.body, "spec", "secretStoreRef") or {})
    return False


def _has_store(objects: Objects, cluster: str, namespace: str, reference: dict[str, str]) -> bool:
    kind = reference.get("kind") or "SecretStore"
    place = "" if kind == "ClusterSecretStore" else namespace
    store = objects.find(cluster, (_GROUP, kind, place, reference.get("name", "")))
    return store is not None and _serves(objects, store, namespace)


def _serves(objects: Objects, store: Live, namespace: str) -> bool:
    """Whether one of a store's conditions matches the namespace. A store without conditions serves all namespaces.

    Source: external-secrets, `conditions` of a ClusterSecretStore.
    """
    conditions = at(store.body, "spec", "conditions") or ()
    labels = namespace_of(objects, store.cluster, namespace) or {}
    return not conditions or any(
        namespace in (each.get("namespaces") or ())
        or any(re.fullmatch(pattern, namespace) for pattern in each.get("namespaceRegexes") or ())
        or selects(each.get("namespaceSelector"), labels)
        for each in conditions
    )
