"""Volumes that Kubernetes creates for claims."""

from collections.abc import Iterator, Mapping

from report.resources import Resource, as_mapping, as_number, as_sequence

CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"

BLOCK_CLASSES = (None, "oci-bv", "oci-bv-encrypted", "encrypted")
"""Storage classes of block volumes: OKE's, this project's, and None for the default class, which is one of them."""

SMALLEST_GIB = 50.0
"""The smallest block volume. The driver rounds up to it."""


def claimed_gib(spec: Mapping[str, object]) -> float | None:
    """The size of the block volume that a claim gets, by its specification. None: it gets none, or the size is
    unknown."""
    asked = as_mapping(as_mapping(spec.get("resources")).get("requests")).get("storage")
    gib = _gib(asked)
    if spec.get("storageClassName") not in BLOCK_CLASSES or gib is None:
        return None
    return max(SMALLEST_GIB, gib)


def claims_of(resource: Resource) -> list[Mapping[str, object]]:
    """The specifications of the claims of a resource: its own, and those in the values of a chart. How many pods use
    a claim in a chart is in the chart, so it counts once."""
    if resource.type == CLAIM:
        return [as_mapping(resource.inputs.get("spec"))]
    if resource.type.startswith("kubernetes:helm.sh/"):
        return [*_templates(resource.inputs)]
    return []


def _templates(value: object) -> Iterator[Mapping[str, object]]:
    for key, part in as_mapping(value).items():
        if key == "volumeClaimTemplate":
            yield as_mapping(as_mapping(part).get("spec"))
        else:
            yield from _templates(part)
    for part in as_sequence(value):
        yield from _templates(part)


def _gib(quantity: object) -> float | None:
    text = str(quantity)
    for unit, factor in (("Gi", 1.0), ("Ti", 1024.0), ("Mi", 1 / 1024)):
        if text.endswith(unit):
            number = as_number(text.removesuffix(unit))
            return None if number is None else number * factor
    return None
