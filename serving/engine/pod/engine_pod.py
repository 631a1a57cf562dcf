"""The pods of one engine: no privileges, no host paths, and enough time to start and to drain.

An engine on one node is one pod. An engine over several nodes has a leader, which serves requests, and workers, which
do not. The LeaderWorkerSet controller deletes the leader as soon as a worker is deleted, so a worker must run until its
leader has drained.
"""

import json
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta

from facts.autoscaler import LOCAL_VOLUMES
from facts.kubernetes import GPU_RESOURCE, GPU_TAINT_KEY, SHAPE_LABEL
from serving.engine.adapters import adapter_folder
from serving.engine.environment import CACHE_PATH
from serving.engine.options.arguments import MASTER_PORT, PORT, worker_command_line
from serving.engine.server_plan import ServerPlan
from serving.engine.startup import PROBE_PERIOD_SECONDS
from serving.unprivileged import unprivileged
from serving.weights.weights_mount import (
    MountedWeightsArgs,
    lease_command,
    wait_container,
    weights_mounts,
    weights_volumes,
)

from .compile_cache import cleaning_container, compile_mount, compile_volume
from .engine_places import prefer_shared_nodes, share_labels, spread_replicas
from .rdma_places import GROUP_LABEL, near_each_other

RDMA_RESOURCE = "nvidia.com/rdma-vf"
RDMA_NETWORK = "default/rdma-vf"
NETWORKS_ANNOTATION = "k8s.v1.cni.cncf.io/networks"
"""Names of the RDMA cards' virtual functions in oci-hpc-oke's policy."""

ROLE_LABEL = "app.kubernetes.io/component"
LEADER, WORKER = "leader", "worker"


@dataclass(frozen=True, kw_only=True)
class PodChoices:
    """The inputs of a pod in addition to its plan."""

    image: str
    labels: dict[str, str]
    node_selector: dict[str, str]
    cache_claim: pulumi.Input[str] | None
    compile_claim: pulumi.Input[str] | None
    weights: MountedWeightsArgs | None
    token_secret: pulumi.Input[str] | None
    token_key: str
    priority_class: pulumi.Input[str] | None
    movable: bool = False
    nearby: str | None = None
    image_pull_secret: pulumi.Input[str] | None
    run_as_user: int | None
    render_group: int | None
    seccomp_profile: str | None


def engine_template(
    plan: ServerPlan, choices: PodChoices, labels: dict[str, str], *, worker: bool = False
) -> "core.v1.PodTemplateSpecArgs":
    """The pod with its labels. Pods of an engine over several nodes also have roles and RDMA networks."""
    several = plan.nodes > 1
    role = {ROLE_LABEL: WORKER if worker else LEADER} if several else {}
    networks = ",".join([RDMA_NETWORK] * plan.rdma_functions)
    annotations = {NETWORKS_ANNOTATION: networks} if networks else {}
    if choices.movable and choices.cache_claim is None:
        # The cache is filled again elsewhere. Without this, the autoscaler never removes the node.
        annotations[LOCAL_VOLUMES] = "cache"
    return core.v1.PodTemplateSpecArgs(
        metadata=meta.v1.ObjectMetaArgs(
            labels={**labels, **role, **share_labels(plan)}, annotations=annotations or None
        ),
        spec=engine_pod(plan, choices, worker=worker),
    )


def engine_pod(plan: ServerPlan, choices: PodChoices, *, worker: bool = False) -> "core.v1.PodSpecArgs":
    """The pod's specification."""
    pull_secret = choices.image_pull_secret
    return core.v1.PodSpecArgs(
        automount_service_account_token=False,
        # For a Service named vllm, Kubernetes would add VLLM_* variables, with which vLLM does not start.
        enable_service_links=False,
        termination_grace_period_seconds=plan.grace_seconds,
        priority_class_name=choices.priority_class,
        image_pull_secrets=[core.v1.LocalObjectReferenceArgs(name=pull_secret)] if pull_secret else None,
        node_selector={SHAPE_LABEL: plan.shape.name, **choices.node_selector},
        tolerations=[core.v1.TolerationArgs(key=GPU_TAINT_KEY, operator="Exists", effect="NoSchedule")],
        topology_spread_constraints=[spread_replicas(choices.labels)],
        affinity=_affinity(plan, choices),
        security_context=_pod_security(choices),
        init_containers=_init_containers(plan, choices) or None,
        containers=[_container(plan, choices, worker=worker)],
        volumes=_volumes(plan, choices),
    )


def _affinity(plan: ServerPlan, choices: PodChoices) -> "core.v1.AffinityArgs | None":
    if plan.nodes > 1:
        return near_each_other(choices.nearby, choices.labels, GROUP_LABEL)
    return prefer_shared_nodes(plan, choices.labels)


def _container(plan: ServerPlan, choices: PodChoices, *, worker: bool) -> "core.v1.ContainerArgs":
    drain = plan.drain
    # A worker has no port and no requests of its own. It waits until its leader has answered the last request.
    wait = drain.pre_stop_seconds + (drain.longest_stream_seconds if worker else 0)
    return core.v1.ContainerArgs(
        name="engine",
        image=choices.image,
        command=_command(plan),
        args=worker_command_line(plan.arguments) if worker else plan.arguments,
        env=_environment(plan, choices),
        ports=None if worker else _ports(plan),
        resources=_resources(plan, choices),
        security_context=core.v1.SecurityContextArgs(
            privileged=False,
            allow_privilege_escalation=False,
            capabilities=core.v1.CapabilitiesArgs(drop=["ALL"], add=list(plan.capabilities) or None),
        ),
        startup_probe=None if worker else _probe(PROBE_PERIOD_SECONDS, 5, plan.budget.probe_failures),
        readiness_probe=None if worker else _probe(5, 5, 3),
        # One minute: a front end that is busy with a burst of requests is slow, not dead.
        liveness_probe=None if worker else _probe(10, 10, 6),
        lifecycle=core.v1.LifecycleArgs(
            pre_stop=core.v1.LifecycleHandlerArgs(sleep=core.v1.SleepActionArgs(seconds=wait))
        ),
        volume_mounts=_mounts(choices),
    )


def _command(plan: ServerPlan) -> list[str]:
    serve = ["vllm", "serve"]
    return serve if plan.weights_folder is None else lease_command(plan.weights_folder, serve)


def _init_containers(plan: ServerPlan, choices: PodChoices) -> "list[core.v1.ContainerArgs]":
    waits = (
        []
        if plan.weights_folder is None
        else [wait_container(choices.image, plan.weights_folder, plan.budget.staging_seconds)]
    )
    cleans = [] if choices.compile_claim is None else [cleaning_container(choices.image)]
    fetches = [_adapters(plan, choices)] if plan.adapters else []
    return [*cleans, *waits, *fetches]


def _ports(plan: ServerPlan) -> "list[core.v1.ContainerPortArgs]":
    serving = core.v1.ContainerPortArgs(name="http", container_port=PORT)
    return [serving, core.v1.ContainerPortArgs(name="master", container_port=MASTER_PORT)][
        : 1 + (plan.nodes > 1)
    ]


def _mounts(choices: PodChoices) -> "list[core.v1.VolumeMountArgs]":
    mounts = [
        core.v1.VolumeMountArgs(name="shared-memory", mount_path="/dev/shm"),  # noqa: S108
        core.v1.VolumeMountArgs(name="cache", mount_path=CACHE_PATH),
        *(weights_mounts() if choices.weights is not None else ()),
    ]
    return mounts if choices.compile_claim is None else [*mounts, compile_mount(choices.image)]


FETCH_ADAPTERS = """\
import json, os
from huggingface_hub import snapshot_download
for repository, revision, folder in json.loads(os.environ["ADAPTERS"]):
    snapshot_download(repository, revision=revision, local_dir=folder)
"""
"""vLLM itself downloads an adapter without a revision. This script pins the revision."""


def _adapters(plan: ServerPlan, choices: PodChoices) -> "core.v1.ContainerArgs":
    wanted = [
        (adapter.repository, adapter.revision, adapter_folder(CACHE_PATH, adapter))
        for adapter in plan.adapters
    ]
    variables = [
        core.v1.EnvVarArgs(name="ADAPTERS", value=json.dumps(wanted)),
        core.v1.EnvVarArgs(name="HF_HOME", value=f"{CACHE_PATH}/huggingface"),
        *_token(choices),
    ]
    return core.v1.ContainerArgs(
        name="adapters",
        image=choices.image,
        command=["python3", "-c", FETCH_ADAPTERS],
        env=variables,
        resources=core.v1.ResourceRequirementsArgs(
            limits={"memory": "2Gi"}, requests={"cpu": "500m", "memory": "2Gi"}
        ),
        security_context=unprivileged(),
        volume_mounts=[core.v1.VolumeMountArgs(name="cache", mount_path=CACHE_PATH)],
    )


def _probe(period_seconds: int, timeout_seconds: int, failures: int) -> "core.v1.ProbeArgs":
    return core.v1.ProbeArgs(
        http_get=core.v1.HTTPGetActionArgs(path="/health", port="http"),
        period_seconds=period_seconds,
        timeout_seconds=timeout_seconds,
        failure_threshold=failures,
    )


def _environment(plan: ServerPlan, choices: PodChoices) -> "list[core.v1.EnvVarArgs]":
    plain = [core.v1.EnvVarArgs(name=name, value=value) for name, value in plan.environment.items()]
    return [*_token(choices), *_own_address(plan), *plain]


def _token(choices: PodChoices) -> "list[core.v1.EnvVarArgs]":
    if choices.token_secret is None:
        return []
    reference = core.v1.SecretKeySelectorArgs(name=choices.token_secret, key=choices.token_key)
    source = core.v1.EnvVarSourceArgs(secret_key_ref=reference)
    return [core.v1.EnvVarArgs(name="HF_TOKEN", value_from=source)]


def _own_address(plan: ServerPlan) -> "list[core.v1.EnvVarArgs]":
    """A pod with RDMA networks has several addresses. The nodes of an engine find each other by the first address."""
    if plan.nodes == 1:
        return []
    source = core.v1.EnvVarSourceArgs(field_ref=core.v1.ObjectFieldSelectorArgs(field_path="status.podIP"))
    return [core.v1.EnvVarArgs(name="VLLM_HOST_IP", value_from=source)]


def _resources(plan: ServerPlan, choices: PodChoices) -> "core.v1.ResourceRequirementsArgs":
    # Memory is limited to the request, so that an engine cannot use its neighbours' memory. Processors are not limited,
    # because a throttled front end looks like a slow model.
    limits = {GPU_RESOURCE: str(plan.gpus), "memory": f"{plan.memory_gib}Gi"}
    if plan.rdma_functions:
        limits[RDMA_RESOURCE] = str(plan.rdma_functions)
    disk = {} if choices.cache_claim is not None else {"ephemeral-storage": f"{plan.disk_gib}Gi"}
    return core.v1.ResourceRequirementsArgs(limits=limits, requests={**limits, "cpu": str(plan.cpus), **disk})


def _volumes(plan: ServerPlan, choices: PodChoices) -> "list[core.v1.VolumeArgs]":
    shared_memory = core.v1.EmptyDirVolumeSourceArgs(
        medium="Memory", size_limit=f"{plan.shared_memory_gib}Gi"
    )
    # The kubelet's folder is on the node's NVMe drives. The baseline security level forbids host paths.
    cache = core.v1.VolumeArgs(name="cache", empty_dir=core.v1.EmptyDirVolumeSourceArgs())
    if choices.cache_claim is not None:
        cache = _claimed("cache", choices.cache_claim)
    compiled = [] if choices.compile_claim is None else [compile_volume(choices.compile_claim)]
    staged = [] if choices.weights is None else weights_volumes(choices.weights)
    return [core.v1.VolumeArgs(name="shared-memory", empty_dir=shared_memory), cache, *compiled, *staged]


def _claimed(name: str, claim: pulumi.Input[str]) -> "core.v1.VolumeArgs":
    source = core.v1.PersistentVolumeClaimVolumeSourceArgs(claim_name=claim)
    return core.v1.VolumeArgs(name=name, persistent_volume_claim=source)


def _pod_security(choices: PodChoices) -> "core.v1.PodSecurityContextArgs":
    profile = choices.seccomp_profile
    return core.v1.PodSecurityContextArgs(
        run_as_user=choices.run_as_user,
        run_as_non_root=True if choices.run_as_user else None,
        supplemental_groups=None if choices.render_group is None else [choices.render_group],
        fs_group=choices.run_as_user or None,
        seccomp_profile=core.v1.SeccompProfileArgs(type=profile) if profile else None,
    )
