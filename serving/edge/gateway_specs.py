"""The specifications of the objects of a gateway behind the public load balancer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from facts.gateways import (
    BALANCER_ADDRESS,
    BALANCER_GROUPS,
    BALANCER_IDLE,
    BALANCER_INTERNAL,
    BALANCER_LEAST,
    BALANCER_MOST,
    BALANCER_RULES,
    BALANCER_SHAPE,
    BALANCER_SUBNET,
    BALANCER_TYPE,
    OWNER_NAME_LABEL,
    OWNER_NAMESPACE_LABEL,
    PROXY_LABELS,
)

Spec = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Balancing:
    """The private load balancer of one gateway."""

    subnet_id: pulumi.Input[str]
    address: pulumi.Input[str]
    group_ids: Sequence[pulumi.Input[str]]
    idle_seconds: int
    min_mbps: int
    max_mbps: int


def service_annotations(balancing: Balancing) -> dict[str, pulumi.Input[str]]:
    """Annotations that tell OKE's cloud controller which load balancer to create for a Service."""
    groups = pulumi.Output.all(*balancing.group_ids).apply(lambda ids: ",".join(str(each) for each in ids))
    return {
        BALANCER_TYPE: "lb",
        BALANCER_INTERNAL: "true",
        BALANCER_SUBNET: balancing.subnet_id,
        BALANCER_SHAPE: "flexible",
        BALANCER_LEAST: str(balancing.min_mbps),
        BALANCER_MOST: str(balancing.max_mbps),
        BALANCER_IDLE: str(balancing.idle_seconds),
        BALANCER_ADDRESS: balancing.address,
        # This program writes the rules of all groups. The next `up` would undo the controller's own rules.
        BALANCER_RULES: "None",
        BALANCER_GROUPS: groups,
    }


def ports_of(port: int, health_port: int | None) -> dict[str, int]:
    """Ports by name, with the health check's port if it is another one."""
    return {"http": port} if health_port in (None, port) else {"http": port, "health": health_port}


def proxy_labels(gateway: str, namespace: str) -> dict[str, str]:
    """Labels that select the Envoys of one Gateway."""
    return {**PROXY_LABELS, OWNER_NAME_LABEL: gateway, OWNER_NAMESPACE_LABEL: namespace}


def proxy(envoys: int, idle_seconds: int) -> Spec:
    """The Envoys of a gateway. Envoy Gateway's own Service is internal to the cluster: the load balancer is another
    Service."""
    kubernetes: Spec = {
        "envoyDeployment": {"replicas": envoys},
        "envoyService": {"type": "ClusterIP"},
    }
    if envoys > 1:
        kubernetes["envoyPDB"] = {"minAvailable": 1}
    return {
        "provider": {"type": "Kubernetes", "kubernetes": kubernetes},
        # An Envoy that stops finishes its running answers.
        "shutdown": {"drainTimeout": f"{idle_seconds}s"},
    }


def client_policy(target: Mapping[str, str], health_path: str, idle_seconds: int) -> Spec:
    """Towards the load balancer: a health check without a route, the same idle timeout, and the original client
    address."""
    return {
        "targetRefs": [dict(target)],
        "healthCheck": {"path": health_path},
        "timeout": {"http": {"streamIdleTimeout": f"{idle_seconds}s"}},
        # The public load balancer appends the client's address. The private one forwards bytes and adds nothing.
        "clientIPDetection": {"xForwardedFor": {"numTrustedHops": 1}},
    }


def upstream_policy(target: Mapping[str, str], idle_seconds: int) -> Spec:
    """Towards the models: no timeout for a whole answer (Envoy's default is 15 s), only an idle timeout."""
    return {
        "targetRefs": [dict(target)],
        "timeout": {"http": {"requestTimeout": "0s", "streamIdleTimeout": f"{idle_seconds}s"}},
    }
