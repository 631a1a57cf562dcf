"""Fields of roles, quotas, limits, priorities and disruption budgets."""

import math
from collections.abc import Iterator

from sandbox.kubernetes.api.values import Json
from sandbox.kubernetes.scheduling.pods import quantity

from .names import given, not_negative, qualified, subdomain, unique
from .walk import Check
from .wording import forbidden, invalid, required, unsupported

_RBAC = "rbac.authorization.k8s.io"
_HIGHEST = 1_000_000_000
_LIMITED = ("Container", "PersistentVolumeClaim", "Pod")


def _rule(value: Json, path: str) -> Iterator[str]:
    if not value.get("verbs"):
        yield required(f"{path}.verbs", "verbs must contain at least one value")
    if value.get("nonResourceURLs"):
        return
    if not value.get("apiGroups"):
        yield required(f"{path}.apiGroups", "resource rules must supply at least one api group")
    if not value.get("resources"):
        yield required(f"{path}.resources", "resource rules must supply at least one resource")


def _role_ref(value: Json, path: str) -> Iterator[str]:
    if value.get("apiGroup") not in ("", None, _RBAC):
        yield unsupported(f"{path}.apiGroup", value["apiGroup"], [_RBAC])
    if value.get("kind") not in ("Role", "ClusterRole"):
        yield unsupported(f"{path}.kind", value.get("kind"), ["Role", "ClusterRole"])
    yield from given(value, ("name",), path)


def _subject(value: Json, path: str) -> Iterator[str]:
    kind, group = value.get("kind"), value.get("apiGroup")
    yield from given(value, ("name",), path)
    if kind not in ("ServiceAccount", "User", "Group"):
        yield unsupported(f"{path}.kind", kind, ["ServiceAccount", "User", "Group"])
    elif kind == "ServiceAccount":
        yield from subdomain(value.get("name"), f"{path}.name")
        if group:
            yield unsupported(f"{path}.apiGroup", group, [""])
    elif group not in ("", None, _RBAC):
        yield unsupported(f"{path}.apiGroup", group, [_RBAC])


def _quota(value: Json, path: str) -> Iterator[str]:
    for name, amount in (value.get("hard") or {}).items():
        if _amount(amount) < 0:
            yield invalid(f"{path}.hard[{name}]", amount, "must be greater than or equal to 0")


def _scope(value: Json, path: str) -> Iterator[str]:
    # The server's path does not contain the index in the list.
    path = path.rpartition("[")[0]
    operator = value.get("operator")
    if operator not in ("In", "NotIn", "Exists", "DoesNotExist"):
        yield invalid(f"{path}.operator", operator, "not a valid selector operator")
    elif operator in ("In", "NotIn") and not value.get("values"):
        why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
        yield required(f"{path}.values", why)


def _limits(value: Json, path: str) -> Iterator[str]:
    yield from unique(value.get("limits"), "type", f"{path}.limits")


def _limit(value: Json, path: str) -> Iterator[str]:
    kind = str(value.get("type", ""))
    if kind not in _LIMITED:
        found = list(qualified(kind, f"{path}.type"))
        yield from found
        if not found and "/" not in kind:
            yield invalid(f"{path}.type", kind, "must be a standard limit type or fully qualified")
    most: Json = value.get("default") or {}
    for name, asked in (value.get("defaultRequest") or {}).items():
        if name in most and _amount(asked) > _amount(most[name]):
            why = f"default request value {asked} is greater than default limit value {most[name]}"
            yield invalid(f"{path}.defaultRequest[{name}]", asked, why)


def _amount(value: object) -> float:
    try:
        return quantity(value)
    except ValueError:
        return math.nan  # The check of quantities reports it.


def _priority(value: Json, path: str) -> Iterator[str]:
    number = value.get("value")
    if isinstance(number, int) and number > _HIGHEST:
        yield forbidden(f"{path}value", f"maximum allowed value of a user defined priority is {_HIGHEST}")


def _disruption(value: Json, path: str) -> Iterator[str]:
    yield from not_negative(value, ("maxUnavailable", "minAvailable"), path)


CHECKS: dict[str, Check] = {
    "v1.LimitRangeItem": _limit,
    "v1.LimitRangeSpec": _limits,
    "v1.PodDisruptionBudgetSpec": _disruption,
    "v1.PolicyRule": _rule,
    "v1.PriorityClass": _priority,
    "v1.ResourceQuotaSpec": _quota,
    "v1.ScopedResourceSelectorRequirement": _scope,
    "v1.RoleRef": _role_ref,
    "v1.Subject": _subject,
}
