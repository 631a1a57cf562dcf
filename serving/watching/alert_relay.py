"""The objects of the relay from Alertmanager to topics of OCI Notifications. `relay/relay.py` is its program."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps, core, meta, networking

from serving.engine.pod.engine_places import spread_replicas
from serving.engine.pod.workload import disruption_budget
from serving.options import child
from serving.teams.network_isolation import (
    ANYWHERE,
    HTTPS_PORT,
    WORKLOAD_IDENTITY_PORT,
    dns_rule,
    egress_rule,
    network_peer,
)
from serving.unprivileged import NOBODY, pod_of_nobody, unprivileged

from .alertmanager import RELAY, RELAY_PORT

LABELS: Mapping[str, str] = {"app.kubernetes.io/name": RELAY}
ALERTMANAGER: Mapping[str, str] = {"app.kubernetes.io/name": "alertmanager"}
"""Labels of Alertmanager's pods. Source: pkg/alertmanager/statefulset.go of prometheus-operator."""

_WORDS = {"version": "OCI_RESOURCE_PRINCIPAL_VERSION", "region": "OCI_RESOURCE_PRINCIPAL_REGION"}
"""Variables from which OCI's SDK knows that the pod has OKE's workload identity."""


@dataclass(frozen=True, kw_only=True)
class AlertRelayArgs:
    """The relay's image and topics."""

    image: str
    """Image with the relay, pinned: `name@sha256:…`. docs/watching.md says how to build it."""

    region: str
    """Region of the topics, e.g. `us-ashburn-1`."""

    topics: Mapping[str, pulumi.Input[str]]
    """OCIDs of the topics, by the names that the receivers use."""

    api_cidr: str | None = None
    """Network of the Kubernetes API, which also serves OKE workload identity. Default: any except the node's metadata
    service."""


def create_relay(
    name: str, args: AlertRelayArgs, namespace: pulumi.Input[str], parent: pulumi.Resource
) -> None:
    """Deployment, Service, service account, disruption budget, and a network policy that lets only Alertmanager in, and
    out only what a message to OCI needs."""
    metadata = meta.v1.ObjectMetaArgs(
        name=RELAY, namespace=namespace, labels={**LABELS, "app.kubernetes.io/managed-by": "pulumi"}
    )
    account = core.v1.ServiceAccount(
        f"{name}-account", core.v1.ServiceAccountInitArgs(metadata=metadata), opts=child(parent)
    )
    _wall(f"{name}-wall", metadata, args.api_cidr, child(parent))
    disruption_budget(f"{name}-disruption-budget", metadata, dict(LABELS), child(parent))
    spec = apps.v1.DeploymentSpecArgs(
        replicas=2,
        selector=_selector(LABELS),
        revision_history_limit=3,
        template=core.v1.PodTemplateSpecArgs(
            metadata=meta.v1.ObjectMetaArgs(labels=dict(LABELS)), spec=_pod(args)
        ),
    )
    deployment = apps.v1.Deployment(
        f"{name}-deployment",
        apps.v1.DeploymentInitArgs(metadata=metadata, spec=spec),
        opts=child(parent, pulumi.ResourceOptions(depends_on=[account])),
    )
    port = core.v1.ServicePortArgs(name="http", port=RELAY_PORT, target_port="http")
    service = core.v1.ServiceSpecArgs(type="ClusterIP", selector=dict(LABELS), ports=[port])
    core.v1.Service(
        f"{name}-service",
        core.v1.ServiceInitArgs(metadata=metadata, spec=service),
        opts=child(parent, pulumi.ResourceOptions(depends_on=[deployment])),
    )


def _pod(args: AlertRelayArgs) -> "core.v1.PodSpecArgs":
    return core.v1.PodSpecArgs(
        service_account_name=RELAY,
        enable_service_links=False,
        # A request to OCI has 20 seconds.
        termination_grace_period_seconds=30,
        topology_spread_constraints=[spread_replicas(dict(LABELS))],
        security_context=pod_of_nobody(),
        containers=[_container(args)],
    )


def _container(args: AlertRelayArgs) -> "core.v1.ContainerArgs":
    variables: dict[str, pulumi.Input[str]] = {
        "TOPICS": pulumi.Output.all(**args.topics).apply(lambda known: json.dumps(known, sort_keys=True)),
        _WORDS["version"]: "2.2",
        _WORDS["region"]: args.region,
    }
    healthy = core.v1.HTTPGetActionArgs(path="/healthy", port="http")
    return core.v1.ContainerArgs(
        name="relay",
        image=args.image,
        env=[core.v1.EnvVarArgs(name=key, value=value) for key, value in variables.items()],
        ports=[core.v1.ContainerPortArgs(name="http", container_port=RELAY_PORT)],
        resources=core.v1.ResourceRequirementsArgs(
            limits={"memory": "256Mi"}, requests={"cpu": "10m", "memory": "256Mi"}
        ),
        security_context=unprivileged(read_only=True, user=NOBODY),
        startup_probe=core.v1.ProbeArgs(http_get=healthy, period_seconds=2, failure_threshold=30),
        readiness_probe=core.v1.ProbeArgs(http_get=healthy, period_seconds=5, timeout_seconds=5),
        liveness_probe=core.v1.ProbeArgs(http_get=healthy, period_seconds=10, timeout_seconds=5),
        # Until every node knows that the pod stops, requests still arrive.
        lifecycle=core.v1.LifecycleArgs(
            pre_stop=core.v1.LifecycleHandlerArgs(sleep=core.v1.SleepActionArgs(seconds=5))
        ),
    )


def _wall(
    name: str, metadata: "meta.v1.ObjectMetaArgs", api_cidr: str | None, opts: pulumi.ResourceOptions
) -> "networking.v1.NetworkPolicy":
    source = networking.v1.NetworkPolicyPeerArgs(pod_selector=_selector(ALERTMANAGER))
    port = networking.v1.NetworkPolicyPortArgs(protocol="TCP", port=RELAY_PORT)
    spec = networking.v1.NetworkPolicySpecArgs(
        pod_selector=_selector(LABELS),
        policy_types=["Ingress", "Egress"],
        ingress=[networking.v1.NetworkPolicyIngressRuleArgs(from_=[source], ports=[port])],
        egress=[
            dns_rule(),
            egress_rule([network_peer(ANYWHERE)], ("TCP", HTTPS_PORT)),
            egress_rule([network_peer(api_cidr or ANYWHERE)], ("TCP", WORKLOAD_IDENTITY_PORT)),
        ],
    )
    return networking.v1.NetworkPolicy(
        name, networking.v1.NetworkPolicyInitArgs(metadata=metadata, spec=spec), opts=opts
    )


def _selector(labels: Mapping[str, str]) -> "meta.v1.LabelSelectorArgs":
    return meta.v1.LabelSelectorArgs(match_labels=dict(labels))
