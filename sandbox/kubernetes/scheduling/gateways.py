"""The Envoy Gateway controller: the Envoy pods that it runs for a Gateway, and the Gateway's status."""

from facts.charts import CHARTS
from facts.gateways import (
    CONTROLLER,
    ENVOY_API,
    GATEWAY_API,
    OWNER_NAME_LABEL,
    OWNER_NAMESPACE_LABEL,
    PROXY_LABELS,
)
from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.pods import PodSet, needs

GATEWAY = (GATEWAY_API, "Gateway")

_SPEC: Json = {
    "containers": [{"name": "envoy", "resources": {"requests": {"cpu": "100m", "memory": "512Mi"}}}],
}
"""The default resource requests of an Envoy pod."""


def refusal(objects: Objects, live: Live) -> str | None:
    """Why Envoy Gateway does not accept a Gateway; None if it does."""
    name = str(at(live.body, "spec", "gatewayClassName"))
    found = objects.find(live.cluster, (GATEWAY_API, "GatewayClass", "", name))
    if found is None or at(found.body, "spec", "controllerName") != CONTROLLER:
        return f"[Pending] Waiting for controller: no accepted GatewayClass {name}"
    wanted = at(live.body, "spec", "infrastructure", "parametersRef")
    if wanted and _parameters(objects, live) is None:
        return f"[InvalidParameters] EnvoyProxy {live.namespace}/{wanted.get('name')} not found"
    return None


def proxy_sets(objects: Objects, live: Live) -> list[PodSet]:
    """The Envoy pods of an accepted Gateway, in the namespace of Envoy Gateway."""
    parameters = _parameters(objects, live) or {}
    replicas = at(parameters, "spec", "provider", "kubernetes", "envoyDeployment", "replicas")
    namespace = CHARTS["gateway"].namespace
    owner = {OWNER_NAME_LABEL: live.name, OWNER_NAMESPACE_LABEL: live.namespace}
    return [
        PodSet(
            owner=live.uid,
            namespace=namespace,
            name=f"{namespace}/envoy-{live.namespace}-{live.name}-{live.uid[:5]}",
            count=1 if replicas is None else int(replicas),
            labels=PROXY_LABELS | owner,
            spec=_SPEC,
            needs=needs(_SPEC),
        )
    ]


def gateway_status(problems: tuple[str, ...]) -> Json:
    """The conditions that Envoy Gateway writes."""
    accepted = not any(text.startswith(("[Pending]", "[InvalidParameters]")) for text in problems)
    return {
        "conditions": [
            {"type": "Accepted", "status": str(accepted)},
            {"type": "Programmed", "status": str(not problems), "message": "; ".join(problems)},
        ]
    }


def _parameters(objects: Objects, live: Live) -> Json | None:
    wanted = at(live.body, "spec", "infrastructure", "parametersRef") or {}
    if wanted.get("group") != ENVOY_API or wanted.get("kind") != "EnvoyProxy":
        return None
    found = objects.find(live.cluster, (ENVOY_API, "EnvoyProxy", live.namespace, str(wanted.get("name"))))
    return found.body if found else None
