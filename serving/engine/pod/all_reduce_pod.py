"""The pods of the all-reduce over two nodes: a container that measures, and one that stores the results."""

import json
from collections.abc import Mapping

from pulumi_kubernetes import batch, core, meta

from facts.kubernetes import GPU_RESOURCE, GPU_TAINT_KEY, SHAPE_LABEL
from facts.rccl import ALL_REDUCE_FLOORS, ALL_REDUCE_SOURCE, LINK_SOURCE, rccl_variables
from facts.shapes import SHAPES, Shape
from serving.engine.all_reduce_args import SCRIPT, AllReduceTestArgs, results_folder
from serving.engine.all_reduce_rules import NODES, PUBLISHED_GIB, all_reduce_of
from serving.engine.results import RESULTS, job_mounts, job_volumes, rclone_container
from serving.engine.server_plan import NODE_SHARE, THREADS_PER_CORE
from serving.jobs.all_reduce import NO_FIGURE

from .engine_pod import NETWORKS_ANNOTATION, RDMA_NETWORK, RDMA_RESOURCE
from .rdma_places import JOB_LABEL, near_each_other

LIMIT_SECONDS = 900
"""How long the all-reduce may take. Assumed: the messages of a healthy pair take about a minute."""

KEEP = """until [ -e /results/done ]; do sleep 2; done
rclone copy /results "$FROM" --exclude done"""

SHARED_MEMORY_GIB = 128
"""As in oci-hpc-oke's rccl-tests (manifests/rccl-tests)."""


def all_reduce_cron(
    args: AllReduceTestArgs, called: str, code: str, labels: Mapping[str, str]
) -> "batch.v1.CronJobSpecArgs":
    test, shape = all_reduce_of(args), SHAPES[args.shape]
    networks = ",".join([RDMA_NETWORK] * len(shape.rdma_nics))
    pod = core.v1.PodTemplateSpecArgs(
        metadata=meta.v1.ObjectMetaArgs(labels=labels, annotations={NETWORKS_ANNOTATION: networks}),
        spec=_pod(args, shape, called, code, labels),
    )
    return batch.v1.CronJobSpecArgs(
        # A CronJob needs a schedule even if it is suspended.
        schedule=args.schedule or "0 0 1 1 *",
        suspend=args.schedule is None,
        time_zone="Etc/UTC",
        # Two runs at the same time would disturb each other.
        concurrency_policy="Forbid",
        job_template=batch.v1.JobTemplateSpecArgs(
            spec=batch.v1.JobSpecArgs(
                completion_mode="Indexed",
                completions=NODES,
                parallelism=NODES,
                # Each pod has one try of its own. Otherwise a figure below its floor would stop the other pod before
                # that has stored its result.
                backoff_limit_per_index=0,
                pod_failure_policy=_both_fail(),
                active_deadline_seconds=test.wait_minutes * 60 + 2 * LIMIT_SECONDS,
                template=pod,
            )
        ),
    )


def _both_fail() -> "batch.v1.PodFailurePolicyArgs":
    """Without a figure of one pod, the other would wait, with all GPUs of its node."""
    without_figure = batch.v1.PodFailurePolicyOnExitCodesRequirementArgs(
        container_name="measure", operator="In", values=[NO_FIGURE]
    )
    rule = batch.v1.PodFailurePolicyRuleArgs(action="FailJob", on_exit_codes=without_figure)
    return batch.v1.PodFailurePolicyArgs(rules=[rule])


def _pod(
    args: AllReduceTestArgs, shape: Shape, called: str, code: str, labels: Mapping[str, str]
) -> "core.v1.PodSpecArgs":
    test = all_reduce_of(args)
    memory = core.v1.EmptyDirVolumeSourceArgs(medium="Memory", size_limit=f"{SHARED_MEMORY_GIB}Gi")
    return core.v1.PodSpecArgs(
        restart_policy="Never",
        enable_service_links=False,
        service_account_name=called,
        subdomain=called,
        affinity=near_each_other(args.nearby, labels, JOB_LABEL),
        node_selector={SHAPE_LABEL: shape.name, **args.node_selector},
        tolerations=[core.v1.TolerationArgs(key=GPU_TAINT_KEY, operator="Exists", effect="NoSchedule")],
        # Both are containers, not one an init container: Multus finds only the devices of containers.
        containers=[
            _measure(args, shape, called),
            rclone_container(args, results_folder(test.prefix, args.pool_name), "keep", KEEP),
        ],
        volumes=[*job_volumes(code), core.v1.VolumeArgs(name="shared-memory", empty_dir=memory)],
    )


def _measure(args: AllReduceTestArgs, shape: Shape, called: str) -> "core.v1.ContainerArgs":
    test = all_reduce_of(args)
    limits = {
        GPU_RESOURCE: str(shape.gpus),
        RDMA_RESOURCE: str(len(shape.rdma_nics)),
        "memory": f"{int((shape.memory_gib or 0) * NODE_SHARE)}Gi",
    }
    return core.v1.ContainerArgs(
        name="measure",
        image=args.image,
        command=["python3", f"/job/{SCRIPT}", "measure"],
        args=[
            *("--service", called),
            *("--results", RESULTS),
            *("--floors", json.dumps(_floors(args, shape))),
            *("--gpus", str(shape.gpus)),
            *("--message-gib", str(test.message_gib)),
            *("--wait", str(test.wait_minutes * 60)),
            *("--limit", str(LIMIT_SECONDS)),
            *("--image", args.image),
            *(("--program", args.program) if args.program else ()),
        ],
        env=_environment(shape),
        resources=core.v1.ResourceRequirementsArgs(
            limits=limits,
            requests={**limits, "cpu": str(int((shape.cores or 0) * THREADS_PER_CORE * NODE_SHARE))},
        ),
        volume_mounts=[
            *job_mounts(),
            core.v1.VolumeMountArgs(name="shared-memory", mount_path="/dev/shm"),  # noqa: S108
        ],
        security_context=core.v1.SecurityContextArgs(
            privileged=False,
            allow_privilege_escalation=False,
            capabilities=core.v1.CapabilitiesArgs(drop=["ALL"], add=["IPC_LOCK"]),
        ),
    )


def _floors(args: AllReduceTestArgs, shape: Shape) -> dict[str, dict[str, object]]:
    """The floors by name, as the script reads them. A floor without a source is unverified."""
    test = all_reduce_of(args)
    floors: dict[str, tuple[int | None, str]] = {
        "busGbs": (test.bus_gbs or ALL_REDUCE_FLOORS.get(shape.name), ALL_REDUCE_SOURCE),
        "links": (len(shape.rdma_nics), LINK_SOURCE),
        "linkGbps": (shape.rdma_gbps, LINK_SOURCE),
        "linkErrors": (test.link_errors, "unverified"),
    }
    if test.bus_gbs is not None or test.message_gib != PUBLISHED_GIB:
        floors["busGbs"] = (floors["busGbs"][0], "unverified: set in the stack, or for other messages")
    return {name: {"value": value, "source": source} for name, (value, source) in floors.items()}


def _environment(shape: Shape) -> "list[core.v1.EnvVarArgs]":
    """The variables that engines over nodes have too, so that the figure is theirs."""
    node = core.v1.EnvVarSourceArgs(field_ref=core.v1.ObjectFieldSelectorArgs(field_path="spec.nodeName"))
    variables = rccl_variables(shape) or {}
    return [
        core.v1.EnvVarArgs(name="NODE_NAME", value_from=node),
        *(core.v1.EnvVarArgs(name=name, value=value) for name, value in sorted(variables.items())),
    ]
