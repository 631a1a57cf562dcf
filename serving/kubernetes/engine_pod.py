"""The pod of one engine: no privileges, no host paths, and time enough to start and to drain."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta

from serving.engine.arguments import PORT
from serving.engine.environment import CACHE_PATH
from serving.engine.startup import PROBE_PERIOD_SECONDS

from .server_plan import ServerPlan

GPU_RESOURCE = "amd.com/gpu"
"""The device plugin's resource, and the key of the taint that OKE puts on AMD nodes."""

INSTANCE_TYPE = "node.kubernetes.io/instance-type"
HOST_NAME = "kubernetes.io/hostname"


@dataclass(frozen=True, kw_only=True)
class PodChoices:
    """What a pod takes beside its plan."""

    image: pulumi.Input[str]
    labels: dict[str, str]
    node_selector: dict[str, str]
    cache_claim: pulumi.Input[str] | None
    token_secret: pulumi.Input[str] | None
    token_key: str
    priority_class: pulumi.Input[str] | None
    image_pull_secret: pulumi.Input[str] | None
    run_as_user: int | None
    render_group: int | None
    seccomp_profile: str | None


def engine_pod(plan: ServerPlan, choices: PodChoices) -> core.v1.PodSpecArgs:
    """The pod's specification."""
    pull_secret = choices.image_pull_secret
    return core.v1.PodSpecArgs(
        automount_service_account_token=False,
        # Kubernetes would add VLLM_* variables for a Service of that name, which vLLM refuses to start with.
        enable_service_links=False,
        termination_grace_period_seconds=plan.grace_seconds,
        priority_class_name=choices.priority_class,
        image_pull_secrets=[core.v1.LocalObjectReferenceArgs(name=pull_secret)] if pull_secret else None,
        node_selector={INSTANCE_TYPE: plan.shape.name, **choices.node_selector},
        tolerations=[core.v1.TolerationArgs(key=GPU_RESOURCE, operator="Exists", effect="NoSchedule")],
        topology_spread_constraints=[_spread(choices.labels)],
        security_context=_pod_security(choices),
        containers=[_container(plan, choices)],
        volumes=_volumes(plan, choices),
    )


def _container(plan: ServerPlan, choices: PodChoices) -> core.v1.ContainerArgs:
    return core.v1.ContainerArgs(
        name="engine",
        image=choices.image,
        command=["vllm", "serve"],
        args=plan.arguments,
        env=_environment(plan, choices),
        ports=[core.v1.ContainerPortArgs(name="http", container_port=PORT)],
        resources=_resources(plan, choices),
        security_context=core.v1.SecurityContextArgs(
            privileged=False,
            allow_privilege_escalation=False,
            capabilities=core.v1.CapabilitiesArgs(drop=["ALL"]),
        ),
        startup_probe=_probe(PROBE_PERIOD_SECONDS, 5, plan.budget.probe_failures),
        readiness_probe=_probe(5, 5, 3),
        # A minute of patience: a front end busy with a burst is slow, not dead.
        liveness_probe=_probe(10, 10, 6),
        lifecycle=core.v1.LifecycleArgs(
            pre_stop=core.v1.LifecycleHandlerArgs(
                sleep=core.v1.SleepActionArgs(seconds=plan.drain.pre_stop_seconds)
            )
        ),
        volume_mounts=[
            core.v1.VolumeMountArgs(name="shared-memory", mount_path="/dev/shm"),  # noqa: S108
            core.v1.VolumeMountArgs(name="cache", mount_path=CACHE_PATH),
        ],
    )


def _probe(period_seconds: int, timeout_seconds: int, failures: int) -> core.v1.ProbeArgs:
    return core.v1.ProbeArgs(
        http_get=core.v1.HTTPGetActionArgs(path="/health", port="http"),
        period_seconds=period_seconds,
        timeout_seconds=timeout_seconds,
        failure_threshold=failures,
    )


def _environment(plan: ServerPlan, choices: PodChoices) -> list[core.v1.EnvVarArgs]:
    plain = [core.v1.EnvVarArgs(name=name, value=value) for name, value in plan.environment.items()]
    if choices.token_secret is None:
        return plain
    reference = core.v1.SecretKeySelectorArgs(name=choices.token_secret, key=choices.token_key)
    token = core.v1.EnvVarArgs(name="HF_TOKEN", value_from=core.v1.EnvVarSourceArgs(secret_key_ref=reference))
    return [token, *plain]


def _resources(plan: ServerPlan, choices: PodChoices) -> core.v1.ResourceRequirementsArgs:
    # Memory is limited to what is reserved, so that an engine cannot take its neighbours'; processors are not,
    # for a throttled front end looks like a slow model.
    limits = {GPU_RESOURCE: str(plan.gpus), "memory": f"{plan.memory_gib}Gi"}
    disk = {} if choices.cache_claim is not None else {"ephemeral-storage": f"{plan.disk_gib}Gi"}
    return core.v1.ResourceRequirementsArgs(limits=limits, requests={**limits, "cpu": str(plan.cpus), **disk})


def _volumes(plan: ServerPlan, choices: PodChoices) -> list[core.v1.VolumeArgs]:
    claim = choices.cache_claim
    shared_memory = core.v1.EmptyDirVolumeSourceArgs(
        medium="Memory", size_limit=f"{plan.shared_memory_gib}Gi"
    )
    if claim is None:
        # The kubelet's folder is on the node's NVMe drives; a host path would break the baseline security level.
        cache = core.v1.VolumeArgs(name="cache", empty_dir=core.v1.EmptyDirVolumeSourceArgs())
    else:
        source = core.v1.PersistentVolumeClaimVolumeSourceArgs(claim_name=claim)
        cache = core.v1.VolumeArgs(name="cache", persistent_volume_claim=source)
    return [core.v1.VolumeArgs(name="shared-memory", empty_dir=shared_memory), cache]


def _pod_security(choices: PodChoices) -> core.v1.PodSecurityContextArgs:
    profile = choices.seccomp_profile
    return core.v1.PodSecurityContextArgs(
        run_as_user=choices.run_as_user,
        run_as_non_root=True if choices.run_as_user else None,
        supplemental_groups=None if choices.render_group is None else [choices.render_group],
        fs_group=choices.run_as_user or None,
        seccomp_profile=core.v1.SeccompProfileArgs(type=profile) if profile else None,
    )


def _spread(labels: dict[str, str]) -> core.v1.TopologySpreadConstraintArgs:
    return core.v1.TopologySpreadConstraintArgs(
        max_skew=1,
        topology_key=HOST_NAME,
        when_unsatisfiable="ScheduleAnyway",
        label_selector=meta.v1.LabelSelectorArgs(match_labels=labels),
    )
