"""What the admission webhooks of charts refuse, beyond the definitions of their kinds.

KEDA: kedacore/keda v2.20.2, apis/keda/v1alpha1/scaledobject_webhook.go and scaletriggers_types.go. It does not ask
whether the workload exists: KEDA reports that later, in the object's status.
"""

from collections.abc import Iterator

from sandbox.kubernetes.api.errors import ApiError
from sandbox.kubernetes.api.kinds import Kind
from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.kubernetes.api.values import Json, at

_SCALED_OBJECT = Kind("keda.sh", "v1alpha1", "ScaledObject")
_AUTOSCALER = ("autoscaling", "HorizontalPodAutoscaler")
_LONGEST = 63


def refuse_by_webhooks(objects: Objects, cluster: str, kind: Kind, body: Json) -> None:
    """Raises ApiError if a chart's webhook denies the object."""
    if kind == _SCALED_OBJECT:
        why = next(_of_keda(objects, cluster, body), None)
        if why is not None:
            said = f'admission webhook "vscaledobject.kb.io" denied the request: {why}'
            raise ApiError(403, "Forbidden", said)


def _of_keda(objects: Objects, cluster: str, body: Json) -> Iterator[str]:
    name, namespace = str(body["metadata"].get("name", "")), body["metadata"].get("namespace")
    workload, kind = _target(body), _kind(body)
    for other in objects.of_kind(cluster, ("keda.sh", "ScaledObject")):
        if _beside(other, namespace) and other.name != name:
            if _target(other.body) == workload:
                text = f"the workload '{workload[2]}' of type '{kind}' is already managed by"
                yield f"{text} the ScaledObject '{other.name}'"
            if _autoscaler(other.body) == _autoscaler(body):
                yield f"the HPA '{_autoscaler(body)}' is already managed by the ScaledObject '{other.name}'"
    for other in objects.of_kind(cluster, _AUTOSCALER):
        if _beside(other, namespace) and _target(other.body) == workload:
            text = f"the workload '{workload[2]}' of type '{kind}' is already managed by"
            yield f"{text} the hpa '{other.name}'"
    derived = _autoscaler(body)
    if len(derived) > _LONGEST:
        text = f'HPA name "{derived}" derived from scaledobject is {len(derived)} characters long'
        yield f"{text}; must be no more than {_LONGEST} characters"
    names = [each.get("name") for each in at(body, "spec", "triggers") or () if each.get("name")]
    for each in names:
        if names.count(each) > 1:
            text = f'triggerName "{each}" is defined multiple times in the ScaledObject/ScaledJob'
            yield f"{text}, but it must be unique"


def _beside(other: Live, namespace: object) -> bool:
    return other.key[2] == (namespace or "default")


def _target(body: Json) -> tuple[str, str, str]:
    """API version, kind and name of the workload."""
    reference: Json = at(body, "spec", "scaleTargetRef") or {}
    return (
        str(reference.get("apiVersion") or "apps/v1"),
        str(reference.get("kind") or "Deployment"),
        str(reference.get("name", "")),
    )


def _kind(body: Json) -> str:
    version, kind, _ = _target(body)
    return f"{version}.{kind}"


def _autoscaler(body: Json) -> str:
    given = at(body, "spec", "advanced", "horizontalPodAutoscalerConfig", "name")
    return str(given or f"keda-hpa-{body['metadata'].get('name', '')}")
