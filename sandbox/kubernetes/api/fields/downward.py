"""Fields of the downward API: which fields of a pod an environment variable or a file may show.

Source: Kubernetes 1.36.1, ConvertDownwardAPIFieldLabel in pkg/apis/core/pods/helpers.go for the names that exist, and
pkg/apis/core/validation/validation.go for those that a variable or a file may show.
"""

from collections.abc import Iterator, Sequence

from sandbox.kubernetes.api.values import Json

from .names import qualified
from .walk import Check
from .wording import invalid, required, unsupported

_MAPS = ("metadata.annotations", "metadata.labels")
_OF_METADATA = ("metadata.name", "metadata.namespace", "metadata.uid")
_ADDRESSES = ("status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs")

_KNOWN = frozenset(
    {
        *_MAPS,
        *_OF_METADATA,
        *_ADDRESSES,
        "spec.host",
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "status.phase",
    }
)
_IN_VARIABLES = (*_OF_METADATA, "spec.nodeName", "spec.serviceAccountName", *_ADDRESSES)
_IN_FILES = (*_MAPS, *_OF_METADATA)


def _field(value: Json, path: str, shown: Sequence[str]) -> Iterator[str]:
    field, place = str(value.get("fieldPath") or ""), f"{path}.fieldPath"
    name, key = _split(field)
    if not field:
        yield required(place)
    elif key is not None and name not in _MAPS:
        yield invalid(
            place, field, f"error converting fieldPath: field label does not support subscript: {field}"
        )
    elif key is not None:
        yield from qualified(key.lower() if name == "metadata.annotations" else key, path)
    elif field not in _KNOWN:
        yield invalid(place, field, f"error converting fieldPath: field label not supported: {field}")
    elif _current(field) not in shown:
        yield unsupported(place, _current(field), shown)


def _split(field: str) -> tuple[str, str | None]:
    """`metadata.labels['a']` is the label `a`; a field without a key has none."""
    name, bracket, key = field.removesuffix("']").partition("['")
    return (name, key) if name and bracket and field.endswith("']") else (field, None)


def _current(field: str) -> str:
    return "spec.nodeName" if field == "spec.host" else field


def in_variable(value: Json, path: str) -> Iterator[str]:
    """The `fieldRef` of an environment variable's source."""
    if isinstance(value.get("fieldRef"), dict):
        yield from _field(value["fieldRef"], f"{path}.fieldRef", _IN_VARIABLES)


def _in_file(value: Json, path: str) -> Iterator[str]:
    # The server's path does not contain the file.
    volume = path.rpartition(".items[")[0]
    if isinstance(value.get("fieldRef"), dict):
        yield from _field(value["fieldRef"], f"{volume}.fieldRef", _IN_FILES)


CHECKS: dict[str, Check] = {"v1.DownwardAPIVolumeFile": _in_file}
