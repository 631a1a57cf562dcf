"""Volume claims: bound to a new volume of a storage class, or by name to an existing volume."""

from collections.abc import Callable, Mapping

from sandbox.kubernetes.api.defaults import DEFAULT_STORAGE_CLASS
from sandbox.kubernetes.api.objects import Key, Live
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.pods import quantity

_STORAGE_CLASSES = (DEFAULT_STORAGE_CLASS, "oci", "oci-fss")
"""The storage classes that every OKE cluster has."""

Get = Callable[[Key], Live | None]


def claim_status(get: Get, claim: Json, refused: Mapping[str, str]) -> Json:
    """The status of a new claim. `refused` says, by class, why no volume can be created."""
    size = at(claim, "spec", "resources", "requests", "storage")
    if _named(claim):
        if static_reason(get, claim) is not None:
            return {"phase": "Pending"}
        volume = get(("", "PersistentVolume", "", _named(claim)))
        capacity = at(volume.body, "spec", "capacity", "storage") if volume else size
        return {"phase": "Bound", "capacity": {"storage": capacity}}
    name = _class(claim)
    live = get(("storage.k8s.io", "StorageClass", "", name))
    if live is None and name not in _STORAGE_CLASSES:
        return {"phase": "Pending"}
    pending = name in refused or _waits_for_pod(live, name)
    return {"phase": "Pending"} if pending else {"phase": "Bound", "capacity": {"storage": size}}


def _waits_for_pod(live: Live | None, name: str) -> bool:
    """Whether the volume is created only when the first pod uses the claim."""
    return live.body.get("volumeBindingMode") == "WaitForFirstConsumer" if live else name == "oci-bv"


def pending_reason(get: Get, claim: Json, refused: Mapping[str, str]) -> str | None:
    """Why a pending claim will never be bound; None if its first pod binds it."""
    if _named(claim):
        return static_reason(get, claim)
    name = _class(claim)
    live = get(("storage.k8s.io", "StorageClass", "", name))
    if name in _STORAGE_CLASSES or live is not None:
        return None if _waits_for_pod(live, name) else refused.get(name)
    return f'storageclass.storage.k8s.io "{name}" not found'


def unbound_reason(claim: Json, refused: Mapping[str, str]) -> str | None:
    """Why a pod waits for the volume of its claim; None if the claim is bound, or is bound when the pod starts."""
    if _named(claim) or at(claim, "status", "phase") == "Bound":
        return None
    return refused.get(_class(claim))


def static_reason(get: Get, claim: Json) -> str | None:
    """Why a claim cannot be bound to the volume that it names; None if it can."""
    name = _named(claim)
    volume = get(("", "PersistentVolume", "", name))
    if volume is None:
        return f'volume "{name}" not found'
    spec = volume.body.get("spec") or {}
    if _class(claim) != str(spec.get("storageClassName") or ""):
        return f'Cannot bind to requested volume "{name}": storageClassName does not match'
    if not set(at(claim, "spec", "accessModes") or ()) <= set(spec.get("accessModes") or ()):
        return f'Cannot bind to requested volume "{name}": incompatible accessMode'
    wanted = at(claim, "spec", "resources", "requests", "storage") or 0
    if quantity(wanted) > quantity(at(spec, "capacity", "storage") or 0):
        return f'Cannot bind to requested volume "{name}": requested PV is too small'
    holder = spec.get("claimRef") or {}
    own = ((claim.get("metadata") or {}).get("namespace"), (claim.get("metadata") or {}).get("name"))
    if holder and (holder.get("namespace"), holder.get("name")) != own:
        return f'volume "{name}" already bound to a different claim.'
    return None


def _named(claim: Json) -> str:
    return str(at(claim, "spec", "volumeName") or "")


def _class(claim: Json) -> str:
    return str(at(claim, "spec", "storageClassName") or "")
