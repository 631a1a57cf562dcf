"""Size limits of objects.

Source: Kubernetes' own validation (pkg/apis/core/validation). MaxSecretSize is 1 MiB of data and also applies to
config maps. TotalAnnotationSizeLimitB is 256 KiB of annotations.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.kubernetes.api.values import Json

from .names import qualified
from .walk import Check
from .wording import too_long

DATA_BYTES = 1024 * 1024
ANNOTATION_BYTES = 256 * 1024


def _config_map(value: Json, path: str) -> Iterator[str]:
    size = _text_bytes(value.get("data"))
    size += sum(_decoded(text) for text in (value.get("binaryData") or {}).values())
    if size > DATA_BYTES:
        yield too_long(path or "[]", DATA_BYTES)


def _secret(value: Json, path: str) -> Iterator[str]:
    size = sum(_decoded(text) for text in (value.get("data") or {}).values())
    size += sum(len(str(text).encode()) for text in (value.get("stringData") or {}).values())
    if size > DATA_BYTES:
        yield too_long(f"{path}.data" if path else "data", DATA_BYTES)


def annotation_problems(value: Json, path: str) -> Iterator[str]:
    """The keys and the size of the annotations in an object's metadata."""
    for key in value.get("annotations") or {}:
        yield from qualified(key, f"{path}.annotations" if path else "annotations")
    if _text_bytes(value.get("annotations"), keys=True) > ANNOTATION_BYTES:
        yield too_long(f"{path}.annotations" if path else "annotations", ANNOTATION_BYTES)


def _text_bytes(values: Mapping[str, Any] | None, *, keys: bool = False) -> int:
    given = (values or {}).items()
    return sum(len(str(text).encode()) + (len(key.encode()) if keys else 0) for key, text in given)


def _decoded(text: object) -> int:
    """The number of bytes that a base64 text encodes."""
    written = str(text).rstrip("=")
    return len(written) * 3 // 4


CHECKS: Mapping[str, Check] = {
    "v1.ConfigMap": _config_map,
    "v1.Secret": _secret,
    "v1.ObjectMeta": annotation_problems,
}
