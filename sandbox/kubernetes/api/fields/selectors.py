"""Fields of pod selectors, node selectors and tolerations."""

from collections.abc import Iterator
from typing import Any

from sandbox.kubernetes.api.values import Json

from .names import label_map, label_value, qualified
from .walk import Check
from .wording import forbidden, invalid, required


def _label_selector(value: Json, path: str) -> Iterator[str]:
    yield from label_map(value.get("matchLabels"), f"{path}.matchLabels")


def _requirement(value: Json, path: str, operators: tuple[str, ...], noun: str) -> Iterator[str]:
    operator, values = value.get("operator"), value.get("values") or []
    yield from qualified(value.get("key", ""), f"{path}.key")
    if operator not in operators:
        yield invalid(f"{path}.operator", operator, f"not a valid {noun} operator")
    elif operator in ("In", "NotIn") and not values:
        yield required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in ("Exists", "DoesNotExist") and values:
        yield forbidden(
            f"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
        )
    elif operator in ("Gt", "Lt") and len(values) != 1:
        yield required(f"{path}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
    for index, each in enumerate(values):
        yield from label_value(each, f"{path}.values[{index}]")


def selector_problems(value: Json, path: str) -> Iterator[str]:
    """All problems of a label selector, including its expressions."""
    yield from _label_selector(value, path)
    for index, each in enumerate(value.get("matchExpressions") or ()):
        yield from _of_labels(each, f"{path}.matchExpressions[{index}]")


def pod_label_keys(value: Json, names: tuple[str, ...], path: str) -> Iterator[str]:
    """Keys of the pod's own labels that narrow a label selector: they need one, and must be names of labels.

    Source: ValidateMatchLabelKeysAndMismatchLabelKeys in Kubernetes 1.36.1, pkg/apis/core/validation/validation.go.
    """
    for name in names:
        keys = value.get(name) or []
        if keys and value.get("labelSelector") is None:
            yield forbidden(f"{path}.{name}", "must not be specified when labelSelector is not set")
            continue
        for index, key in enumerate(keys):
            yield from qualified(key, f"{path}.{name}[{index}]")
    for index, key in enumerate(value.get("matchLabelKeys") or ()):
        if key in (value.get("mismatchLabelKeys") or ()):
            why = "exists in both matchLabelKeys and mismatchLabelKeys"
            yield invalid(f"{path}.matchLabelKeys[{index}]", key, why)


def _of_labels(value: Json, path: str) -> Iterator[str]:
    yield from _requirement(value, path, ("In", "NotIn", "Exists", "DoesNotExist"), "selector")


def _of_nodes(value: Json, path: str) -> Iterator[str]:
    yield from _requirement(value, path, ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"), "selector")


def _node_selector(value: Json, path: str) -> Iterator[str]:
    if not value.get("nodeSelectorTerms"):
        yield required(f"{path}.nodeSelectorTerms", "must have at least one node selector term")


def _toleration(value: Json, path: str) -> Iterator[str]:
    key: Any = value.get("key")
    if key:
        yield from qualified(key, f"{path}.key")
    elif value.get("operator") != "Exists":
        why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
        yield invalid(f"{path}.operator", value.get("operator", ""), why)
    if value.get("operator") == "Exists" and value.get("value"):
        yield invalid(f"{path}.operator", value["value"], "value must be empty when `operator` is 'Exists'")


CHECKS: dict[str, Check] = {
    "v1.LabelSelector": _label_selector,
    "v1.LabelSelectorRequirement": _of_labels,
    "v1.NodeSelector": _node_selector,
    "v1.NodeSelectorRequirement": _of_nodes,
    "v1.Toleration": _toleration,
}
