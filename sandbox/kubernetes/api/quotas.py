"""Resource quotas: limits on the total use of a namespace's pods and objects, in the words of Kubernetes' admission.

The only scope that is supported is the priority class. Not modelled: the other scopes, counts of kinds other than
Services and claims, and the extra pods that a rolling update starts beside the old ones.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.pods import PodSet, needs, quantity

Amounts = Mapping[str, float]

_COMPUTE = ("cpu", "memory", "ephemeral-storage")
_BINARY = ("Ei", "Pi", "Ti", "Gi", "Mi", "Ki")


@dataclass
class Ledger:
    """What the pods of each namespace use of its quotas, added up as the pods are created."""

    used: dict[tuple[str, str], dict[str, float]] = field(
        default_factory=dict[tuple[str, str], dict[str, float]]
    )
    """Amounts by namespace and priority class."""

    def admitted(self, objects: Objects, live: Live, pods: PodSet) -> tuple[int, str | None]:
        """How many of a workload's pods the namespace's quotas admit, and why they refuse the next.

        All existing quotas apply to a workload that is not stored yet.
        """
        priority = _priority(pods)
        every = quotas_of(objects, live.cluster, pods.namespace, since=live.placed or None)
        quotas = [quota for quota in every if _counts(quota, priority)]
        if not quotas or not (pods.count or pods.every_node):
            return pods.count, None
        amounts, missing = pod_amounts(objects, live.cluster, pods)
        why = unspecified(quotas, missing)
        if why:
            return 0, why
        taken = {quota.name: self._used(quota, pods.namespace) for quota in quotas}
        for index in range(max(pods.count, int(pods.every_node))):
            for quota in quotas:
                why = exceeded([quota], amounts, taken[quota.name])
                if why:
                    return index, why
            for used in taken.values():
                _add(used, amounts)
        return pods.count, None

    def _used(self, quota: Live, namespace: str) -> dict[str, float]:
        """What the pods that a quota counts use."""
        total: dict[str, float] = {}
        for (space, priority), amounts in self.used.items():
            if space == namespace and _counts(quota, priority):
                _add(total, amounts)
        return total

    def charge(self, objects: Objects, cluster: str, pods: PodSet, count: int) -> None:
        """Add the use of created pods."""
        amounts, _ = pod_amounts(objects, cluster, pods)
        used = self.used.setdefault((pods.namespace, _priority(pods)), {})
        _add(used, {name: amount * count for name, amount in amounts.items()})


def _priority(pods: PodSet) -> str:
    return str(pods.spec.get("priorityClassName") or "")


def _counts(quota: Live, priority: str) -> bool:
    """Whether a quota counts pods of a priority class: all of its terms on classes must match."""
    for term in at(quota.body, "spec", "scopeSelector", "matchExpressions") or ():
        if term.get("scopeName") != "PriorityClass":
            continue
        values = {str(value) for value in term.get("values") or ()}
        holds = {
            "In": priority in values,
            "NotIn": priority not in values,
            "Exists": bool(priority),
            "DoesNotExist": not priority,
        }
        if not holds.get(str(term.get("operator")), False):
            return False
    return True


def _add(used: dict[str, float], amounts: Amounts) -> None:
    for name, amount in amounts.items():
        used[name] = used.get(name, 0.0) + amount


def quotas_of(objects: Objects, cluster: str, namespace: str, since: int | None = None) -> list[Live]:
    """The quotas of a namespace, sorted by name, without those created after `since`.

    `since` is the version in which the workload requested its pods: a later quota does not affect existing pods. The
    creation version of a quota that was changed later is not known: such a quota is assumed to be older than the pods.
    """
    found = [live for live in objects.of_kind(cluster, ("", "ResourceQuota")) if live.namespace == namespace]
    return sorted(
        (live for live in found if since is None or live.placed < since or _changed(live)),
        key=lambda live: live.name,
    )


def _changed(quota: Live) -> bool:
    return int(at(quota.body, "metadata", "generation") or 1) > 1


def pod_amounts(objects: Objects, cluster: str, pods: PodSet) -> tuple[dict[str, float], list[str]]:
    """What one pod uses of a quota, and the amounts that its containers leave out."""
    filled = [_filled(each, _defaults(objects, cluster, pods.namespace)) for each in _containers(pods.spec)]
    requests = needs(_as_spec(filled, "requests"))
    limits = needs(_as_spec(filled, "limits"))
    amounts = {f"requests.{name}": amount for name, amount in requests.items() if name != "pods"}
    amounts |= {name: requests[name] for name in _COMPUTE if name in requests}
    amounts |= {f"limits.{name}": limits[name] for name in _COMPUTE if name in limits}
    return amounts | {"pods": 1.0, "count/pods": 1.0}, [*_missing(filled)]


def _containers(spec: Json) -> Iterator[Json]:
    for group in ("initContainers", "containers"):
        for container in spec.get(group) or ():
            yield {**container, "group": group}


def _defaults(objects: Objects, cluster: str, namespace: str) -> tuple[Json, Json]:
    """Default requests and limits that the namespace's limit ranges give to containers without their own."""
    requests: Json = {}
    limits: Json = {}
    for live in objects.of_kind(cluster, ("", "LimitRange")):
        for each in (at(live.body, "spec", "limits") or ()) if live.namespace == namespace else ():
            if each.get("type") == "Container":
                limits |= each.get("default") or {}
                requests |= (each.get("default") or {}) | (each.get("defaultRequest") or {})
    return requests, limits


def _filled(container: Json, defaults: tuple[Json, Json]) -> Json:
    resources = container.get("resources") or {}
    limits = resources.get("limits") or {}
    requests = {**defaults[0], **limits, **(resources.get("requests") or {})}
    return {**container, "requests": requests, "limits": {**defaults[1], **limits}}


def _as_spec(filled: list[Json], side: str) -> Json:
    spec: dict[str, list[Json]] = {"containers": [], "initContainers": []}
    for each in filled:
        spec[each["group"]].append({**each, "resources": {"requests": each[side]}})
    return spec


def _missing(filled: list[Json]) -> Iterator[str]:
    for side in ("limits", "requests"):
        for name in _COMPUTE:
            missing = sorted(str(each.get("name")) for each in filled if name not in each[side])
            if missing:
                yield f"{side}.{name} for: {','.join(missing)}"


def object_amounts(body: Json) -> dict[str, float]:
    """What a Service or a claim uses of a quota; empty for other kinds."""
    spec = body.get("spec") or {}
    match body.get("kind"):
        case "Service":
            kind, ports = spec.get("type"), len(spec.get("ports") or ())
            balanced = kind == "LoadBalancer"
            has_ports = kind == "NodePort" or (
                balanced and spec.get("allocateLoadBalancerNodePorts") is not False
            )
            return {
                "services": 1.0,
                "count/services": 1.0,
                "services.loadbalancers": float(balanced),
                "services.nodeports": float(ports if has_ports else 0),
            }
        case "PersistentVolumeClaim":
            storage = quantity(at(spec, "resources", "requests", "storage") or 0)
            return {
                "persistentvolumeclaims": 1.0,
                "count/persistentvolumeclaims": 1.0,
                "requests.storage": storage,
            }
        case _:
            return {}


def object_refusal(objects: Objects, cluster: str, body: Json, namespace: str, name: str) -> str | None:
    """Why the quotas of a namespace refuse a Service or a claim; None if they accept it."""
    asked = object_amounts(body)
    every = quotas_of(objects, cluster, namespace) if asked else []
    quotas = [quota for quota in every if not at(quota.body, "spec", "scopeSelector")]
    if not quotas:
        return None
    used: dict[str, float] = {}
    for live in objects.of_kind(cluster, ("", str(body["kind"]))):
        if live.namespace == namespace and live.name != name:
            _add(used, object_amounts(live.body))
    return exceeded(quotas, asked, used)


def unspecified(quotas: Iterable[Live], missing: Iterable[str]) -> str | None:
    """The refusal of a pod whose containers leave out an amount that a quota counts."""
    for quota in quotas:
        hard = at(quota.body, "spec", "hard") or {}
        counted = {name if "." in name else f"requests.{name}" for name in hard}
        found = [each for each in missing if each.split(" ", 1)[0] in counted]
        if found:
            return f"failed quota: {quota.name}: must specify {'; '.join(found)}"
    return None


def exceeded(quotas: Iterable[Live], asked: Amounts, used: Amounts) -> str | None:
    """The refusal of a request that exceeds what a quota has left; None if it fits into all quotas."""
    for quota in quotas:
        hard = at(quota.body, "spec", "hard") or {}
        over = sorted(
            name
            for name, limit in hard.items()
            if asked.get(name, 0.0) > 0 and used.get(name, 0.0) + asked[name] > quantity(limit)
        )
        if over:
            requested = ",".join(f"{name}={_text(name, asked[name])}" for name in over)
            taken = ",".join(f"{name}={_text(name, used.get(name, 0.0))}" for name in over)
            limited = ",".join(f"{name}={hard[name]}" for name in over)
            return f"exceeded quota: {quota.name}, requested: {requested}, used: {taken}, limited: {limited}"
    return None


def _text(name: str, amount: float) -> str:
    """A quantity as Kubernetes writes it: 500m, 4, 16Gi."""
    if not float(amount).is_integer():
        return f"{round(amount * 1000)}m"
    if name.endswith(("memory", "storage")):
        for place, suffix in enumerate(_BINARY):
            size = 1024 ** (len(_BINARY) - place)
            if amount and amount % size == 0:
                return f"{int(amount // size)}{suffix}"
    return str(int(amount))
