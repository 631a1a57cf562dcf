"""Why a name that exists in a cluster means no endpoint: `sandbox cloud reach` refuses it with the reason."""

from collections.abc import Mapping, Sequence

from facts.gateways import BALANCER_SUBNET
from report.pod_policies import Pod, matches
from report.resources import as_mapping
from sandbox.kubernetes.api.objects import Live
from sandbox.kubernetes.scheduling.pods import template_of

CONTROLLED = frozenset({"Gateway", "GatewayClass", "EnvoyProxy"})
"""Kinds for which a controller creates pods. No controller runs here, so these pods do not exist."""


def reason(objects: Sequence[Live], pods: Mapping[str, Pod]) -> str:
    """Why the objects with a name are no endpoint, and what to ask instead. `pods`: by the name of their workload."""
    for live in objects:
        kind = live.body["kind"]
        if kind == "Service":
            return _of_service(live, as_mapping(live.body.get("spec")), pods)
        if kind in CONTROLLED:
            return f"has the kind {kind}: a controller creates its pods, which the sandbox does not know"
        if template_of(live.body) is not None:
            return f"has the kind {kind}, but no node pool of the sandbox has an endpoint for its pods"
    return f"has the kind {objects[0].body['kind']}, and so no endpoint"


def _of_service(live: Live, spec: Mapping[str, object], pods: Mapping[str, Pod]) -> str:
    type_ = spec.get("type") or "ClusterIP"
    if type_ == "LoadBalancer":
        return f"is a balancer without the annotation {BALANCER_SUBNET}, so its subnet is not known"
    selector = as_mapping(spec.get("selector"))
    behind = [
        name
        for name, pod in pods.items()
        if selector and pod.namespace == live.namespace and matches({"matchLabels": selector}, pod.labels)
    ]
    instead = (
        f"ask for what is behind it: {', '.join(behind)}"
        if behind
        else "the sandbox knows no pods that it selects"
    )
    return f"is a Service of the type {type_}, which has no endpoint of its own: {instead}"
