"""Fields that an update cannot change."""

from collections.abc import Callable, Iterator

from sandbox.kubernetes.api.errors import invalid
from sandbox.kubernetes.api.fields.wording import invalid as invalid_field
from sandbox.kubernetes.api.kinds import Kind
from sandbox.kubernetes.api.objects import Live
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.api.words import words
from sandbox.kubernetes.scheduling.pods import quantity

_IMMUTABLE = "field is immutable"
_STATEFUL_SET_CHANGES = words(
    "replicas ordinals template updateStrategy revisionHistoryLimit persistentVolumeClaimRetentionPolicy "
    "minReadySeconds"
)


def admit_change(old: Live, new: Json) -> None:
    """Refuse a change of an immutable field; raises ApiError."""
    kind = old.kind
    found = list(_changes(kind, old.body, new)) if kind.native else []
    if found:
        raise invalid(kind.kind, kind.group, old.name, found)


def _changes(kind: Kind, old: Json, new: Json) -> Iterator[str]:
    check = _CHECKS.get(kind.kind)
    return check(old, new) if check else iter(())


def _selector(old: Json, new: Json) -> Iterator[str]:
    return _same(old.get("spec") or {}, new.get("spec") or {}, "selector")


def _job(old: Json, new: Json) -> Iterator[str]:
    return _same(old.get("spec") or {}, new.get("spec") or {}, "selector", "template", "completionMode")


def _stateful_set(old: Json, new: Json) -> Iterator[str]:
    before, after = old.get("spec") or {}, new.get("spec") or {}
    if {key for key in {*before, *after} if before.get(key) != after.get(key)} - {*_STATEFUL_SET_CHANGES}:
        *most, last = (f"'{name}'" for name in _STATEFUL_SET_CHANGES)
        fields = f"{', '.join(most)} and {last}"
        yield f"spec: Forbidden: updates to statefulset spec for fields other than {fields} are forbidden"


def _service(old: Json, new: Json) -> Iterator[str]:
    before, after = at(old, "spec", "clusterIP"), at(new, "spec", "clusterIP")
    if before and before != after:
        yield f'spec.clusterIPs[0]: Invalid value: ["{after}"]: may not change once set'


def _data(old: Json, new: Json) -> Iterator[str]:
    if old.get("immutable") and any(old.get(key) != new.get(key) for key in ("data", "binaryData")):
        yield "data: Forbidden: field is immutable when `immutable` is set"
    if old.get("type") != new.get("type"):
        yield f'type: Invalid value: "{new.get("type")}": {_IMMUTABLE}'


def _binding(old: Json, new: Json) -> Iterator[str]:
    if old.get("roleRef") != new.get("roleRef"):
        yield invalid_field("roleRef", new.get("roleRef"), "cannot change roleRef")


def _storage_class(old: Json, new: Json) -> Iterator[str]:
    for key in ("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"):
        if old.get(key) != new.get(key):
            yield invalid_field(key, new.get(key), _IMMUTABLE)


def _same(before: Json, after: Json, *fields: str) -> Iterator[str]:
    for field in fields:
        if before.get(field) != after.get(field):
            yield invalid_field(f"spec.{field}", after.get(field), _IMMUTABLE)


def _claim(old: Json, new: Json) -> Iterator[str]:
    before, after = old.get("spec") or {}, new.get("spec") or {}
    fixed = {key for key in {*before, *after} if before.get(key) != after.get(key)} - {"resources"}
    if fixed:
        yield (
            "spec: Forbidden: spec is immutable after creation except resources.requests and "
            "volumeAttributesClassName for bound claims"
        )
    old_size = at(before, "resources", "requests", "storage")
    new_size = at(after, "resources", "requests", "storage")
    if old_size is not None and new_size is not None and quantity(new_size) < quantity(old_size):
        yield "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"


_CHECKS: dict[str, Callable[[Json, Json], Iterator[str]]] = {
    "Deployment": _selector,
    "DaemonSet": _selector,
    "ReplicaSet": _selector,
    "StatefulSet": _stateful_set,
    "Job": _job,
    "Service": _service,
    "PersistentVolumeClaim": _claim,
    "ConfigMap": _data,
    "Secret": _data,
    "RoleBinding": _binding,
    "ClusterRoleBinding": _binding,
    "StorageClass": _storage_class,
}
