"""Fields of volumes, claims and storage classes."""

from collections.abc import Iterator

from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.pods import quantity

from .names import given, qualified, subdomain
from .walk import Check
from .wording import forbidden, invalid, required, unsupported

_NOT_SOURCES = frozenset(
    {
        "accessModes",
        "capacity",
        "claimRef",
        "mountOptions",
        "nodeAffinity",
        "persistentVolumeReclaimPolicy",
        "storageClassName",
        "volumeAttributesClassName",
        "volumeMode",
    }
)


def _volume(value: Json, path: str) -> Iterator[str]:
    yield from given(value, ("accessModes", "capacity"), path)
    size = at(value, "capacity", "storage")
    yield from _positive(size, f"{path}.capacity[storage]")
    sources = [name for name, each in value.items() if name not in _NOT_SOURCES and each is not None]
    if not sources:
        yield required(path, "must specify a volume type")
    elif len(sources) > 1:
        yield forbidden(f"{path}.{sources[1]}", "may not specify more than 1 volume type")
    if "local" in sources:
        yield from given(value["local"], ("path",), f"{path}.local")
        if value.get("nodeAffinity") is None:
            yield required(f"{path}.nodeAffinity", "Local volume requires node affinity")
        elif not at(value, "nodeAffinity", "required"):
            yield required(f"{path}.nodeAffinity.required", "must specify required node constraints")
    yield from subdomain(value.get("storageClassName"), f"{path}.storageClassName")


def _claim(value: Json, path: str) -> Iterator[str]:
    if not value.get("accessModes"):
        yield required(f"{path}.accessModes", "at least 1 access mode is required")
    size = at(value, "resources", "requests", "storage")
    if size is None:
        yield required(f"{path}.resources[storage]")
    yield from _positive(size, f"{path}.resources[storage]")
    yield from subdomain(value.get("storageClassName"), f"{path}.storageClassName")


def _positive(size: object, path: str) -> Iterator[str]:
    try:
        if size is not None and quantity(size) <= 0:
            yield invalid(path, size, "must be greater than zero")
    except ValueError:
        return  # The check of quantities reports it.


def _memory(value: Json, path: str) -> Iterator[str]:
    size = value.get("sizeLimit")
    try:
        if size is not None and quantity(size) < 0:
            yield forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")
    except ValueError:
        return


def _class(value: Json, path: str) -> Iterator[str]:
    if not value.get("provisioner"):
        yield required(f"{path}provisioner")
    else:
        yield from qualified(str(value["provisioner"]).lower(), f"{path}provisioner")
    if value.get("reclaimPolicy") == "Recycle":
        yield unsupported(f"{path}reclaimPolicy", "Recycle", ["Delete", "Retain"])


def _whole_volume(value: Json, path: str) -> Iterator[str]:
    if not value.get("spec"):
        yield required(f"{path}spec", "must specify a volume type")


CHECKS: dict[str, Check] = {
    "v1.EmptyDirVolumeSource": _memory,
    "v1.PersistentVolume": _whole_volume,
    "v1.PersistentVolumeClaimSpec": _claim,
    "v1.PersistentVolumeSpec": _volume,
    "v1.StorageClass": _class,
}
