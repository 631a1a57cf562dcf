"""Encryption keys of claimed volumes: the storage driver can create a volume only if its principals may use the key.

`facts/key_principals.py` lists the storage class parameter that names the key, and the grants that each principal
needs, with the source page.
"""

from collections.abc import Iterator, Mapping

from facts.key_principals import CLAIM_DRIVERS
from sandbox.kubernetes.api.defaults import DEFAULT_STORAGE_CLASS
from sandbox.kubernetes.api.objects import Objects
from sandbox.kubernetes.api.values import Json, at
from sandbox.oci.cloud import Cloud

DEFAULT_MARK = "storageclass.kubernetes.io/is-default-class"


def refused_classes(objects: Objects, cloud: Cloud, cluster: str) -> Mapping[str, str]:
    """Why the driver cannot create volumes of a storage class, by class name."""
    # Rules run in the order of import. A command that only reads the cluster must not change that order.
    from sandbox.oci.rules.key_grants import missing_grant  # noqa: PLC0415

    found: dict[str, str] = {}
    for live in objects.of_kind(cluster, ("storage.k8s.io", "StorageClass")):
        parameter, encrypted = CLAIM_DRIVERS.get(str(live.body.get("provisioner")), ("", ""))
        key = str(at(live.body, "parameters", parameter) or "")
        why = missing_grant(cloud, key, encrypted, _region(cloud, cluster)) if key else None
        if why:
            found[live.name] = (
                f'failed to provision volume with StorageClass "{live.name}": rpc error: code = Internal desc = '
                f"Service error: NotAuthorizedOrNotFound. {why} http status code: 404"
            )
    return found


def default_class(objects: Objects, cluster: str) -> str:
    """The class of claims that name none: the newest class that is marked as the default, else OKE's own.

    Source: Kubernetes' page on storage classes, "Default StorageClass".
    """
    marked = [
        live
        for live in objects.of_kind(cluster, ("storage.k8s.io", "StorageClass"))
        if str(at(live.body, "metadata", "annotations", DEFAULT_MARK)) == "true"
    ]
    return max(marked, key=lambda live: live.placed).name if marked else DEFAULT_STORAGE_CLASS


def claimed_classes(values: object, default: str) -> Iterator[str]:
    """Storage classes of the claim templates in a chart's values."""
    if isinstance(values, Mapping):
        for name, inner in values.items():
            if name == "volumeClaimTemplate" and isinstance(inner, Mapping):
                wanted = at(dict(inner), "spec", "storageClassName")
                chosen = default if wanted is None else str(wanted)
                yield from (chosen,) if chosen else ()
            else:
                yield from claimed_classes(inner, default)
    elif isinstance(values, list | tuple):
        for inner in values:
            yield from claimed_classes(inner, default)


def release_refusal(objects: Objects, cloud: Cloud, cluster: str, release: Json) -> str | None:
    """Why a release's pods would wait for their volumes until Helm gives up; None if they would not."""
    refused = refused_classes(objects, cloud, cluster)
    if not refused or release.get("skipAwait"):
        return None
    for name in claimed_classes(release.get("values"), default_class(objects, cluster)):
        if name in refused:
            return refused[name]
    return None


def _region(cloud: Cloud, cluster: str) -> str:
    entry = cloud.find(cluster)
    return entry.region if entry else ""
