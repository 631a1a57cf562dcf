"""The pod of a router: no privileges, no files, and enough time to drain."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta

from serving.engine.deadlines import ROUTER_PRE_STOP_SECONDS, RouterDeadlines
from serving.engine.pod.engine_places import spread_replicas
from serving.unprivileged import NOBODY, pod_of_nobody, unprivileged

from .router_program import HTTP_PORT, METRICS_PORT, NAMESPACE_VARIABLE, RouterPlan, RouterProgram

HTTP, METRICS = "http", "metrics"
"""Names of the ports."""


@dataclass(frozen=True, kw_only=True)
class RouterPod:
    """The inputs of a pod."""

    program: RouterProgram
    plan: RouterPlan
    deadlines: RouterDeadlines
    image: str
    account: pulumi.Input[str]
    cpus: int
    memory_gib: int
    labels: Mapping[str, str]
    """Labels of the selector."""

    priority_class: pulumi.Input[str] | None
    image_pull_secret: pulumi.Input[str] | None


def router_pod(pod: RouterPod) -> "core.v1.PodSpecArgs":
    """The pod's specification."""
    pull_secret = pod.image_pull_secret
    return core.v1.PodSpecArgs(
        service_account_name=pod.account,
        # For a Service, Kubernetes would add variables that a program may read as its own.
        enable_service_links=False,
        termination_grace_period_seconds=pod.deadlines.grace_seconds,
        priority_class_name=pod.priority_class,
        image_pull_secrets=[core.v1.LocalObjectReferenceArgs(name=pull_secret)] if pull_secret else None,
        topology_spread_constraints=[spread_replicas(dict(pod.labels))],
        security_context=pod_of_nobody(),
        containers=[_container(pod)],
        volumes=[
            core.v1.VolumeArgs(name="tmp", empty_dir=core.v1.EmptyDirVolumeSourceArgs(size_limit="64Mi"))
        ],
    )


def _container(pod: RouterPod) -> "core.v1.ContainerArgs":
    memory = f"{pod.memory_gib}Gi"
    field = core.v1.ObjectFieldSelectorArgs(field_path="metadata.namespace")
    namespace = core.v1.EnvVarSourceArgs(field_ref=field)
    return core.v1.ContainerArgs(
        name="router",
        image=pod.image,
        command=list(pod.program.command),
        args=pod.program.arguments(pod.plan),
        env=[
            core.v1.EnvVarArgs(name=NAMESPACE_VARIABLE, value_from=namespace),
            # Nobody has no home.
            core.v1.EnvVarArgs(name="HOME", value="/tmp"),  # noqa: S108
        ],
        ports=[
            core.v1.ContainerPortArgs(name=HTTP, container_port=HTTP_PORT),
            core.v1.ContainerPortArgs(name=METRICS, container_port=METRICS_PORT),
        ],
        # Processors are not limited, because a throttled router slows every model request.
        resources=core.v1.ResourceRequirementsArgs(
            limits={"memory": memory}, requests={"cpu": str(pod.cpus), "memory": memory}
        ),
        security_context=unprivileged(read_only=True, user=NOBODY),
        startup_probe=_probe(pod.program.live_path, 2, 30),
        readiness_probe=_probe(pod.program.ready_path, 5, 2),
        liveness_probe=_probe(pod.program.live_path, 10, 6),
        lifecycle=core.v1.LifecycleArgs(
            pre_stop=core.v1.LifecycleHandlerArgs(
                sleep=core.v1.SleepActionArgs(seconds=ROUTER_PRE_STOP_SECONDS)
            )
        ),
        volume_mounts=[core.v1.VolumeMountArgs(name="tmp", mount_path="/tmp")],  # noqa: S108
    )


def _probe(path: str, period_seconds: int, failures: int) -> "core.v1.ProbeArgs":
    return core.v1.ProbeArgs(
        http_get=core.v1.HTTPGetActionArgs(path=path, port=HTTP),
        period_seconds=period_seconds,
        timeout_seconds=5 if period_seconds >= 5 else period_seconds,
        failure_threshold=failures,
    )


def router_template(pod: RouterPod, labels: Mapping[str, str]) -> "core.v1.PodTemplateSpecArgs":
    """The pod with its labels."""
    return core.v1.PodTemplateSpecArgs(
        metadata=meta.v1.ObjectMetaArgs(labels=dict(labels)), spec=router_pod(pod)
    )
