"""Staging: a pod on every GPU node of a pool, which alone writes the wanted models to the node's disk."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps, core, meta

from facts.checked_args import CheckedArgs
from facts.kubernetes import GPU_TAINT_KEY
from facts.problem import Problem, refuse
from serving.options import child

from .weights_pod import (
    SIGNS_PATH,
    WeightsBucketArgs,
    WeightsImagesArgs,
    container,
    rclone_container,
    volumes,
)
from .weights_rules import disk_share_of, images_problems, staging_problems, streams_of

HASHERS = 8
DISK_PATH = "/disk"
WANTED_PATH = "/etc/weights"


@dataclass(frozen=True, kw_only=True)
class WantedModelArgs:
    """A model at a commit, as in the bucket."""

    model: str
    """Key of the model in the catalogue."""

    revision: str
    """Commit of its repository."""


@dataclass(frozen=True, kw_only=True)
class WeightsStagingArgs:
    """The models, the bucket, and the nodes."""

    namespace: pulumi.Input[str]
    """Namespace of the pods. It must exist. The baseline pod security level is enough."""

    models: Sequence[WantedModelArgs]
    """Models for every node. A change reaches the pods without a restart."""

    bucket: WeightsBucketArgs
    """Bucket of the weights."""

    images: WeightsImagesArgs
    """Images of the pods."""

    scripts: pulumi.Input[str]
    """ConfigMap with the programs (`WeightsHome.scripts`)."""

    service_account: pulumi.Input[str]
    """Service account that may read objects of the bucket (`WeightsHome.staging_account`)."""

    disk_claim: pulumi.Input[str]
    """Claim in the namespace for the folder on each node's own disk (`NodeCache`)."""

    node_selector: Mapping[str, str]
    """Labels of the nodes."""

    disk_share: float | None = None
    """Share of the disk at which staging stops, whatever uses the disk: 0.05 to 0.6. Default: 0.6."""

    streams: int | None = None
    """Transfers at the same time, 1 to 256. Default: 32."""


class WeightsStaging(CheckedArgs, pulumi.ComponentResource):
    """A DaemonSet that downloads models from the bucket to each node's disk, and deletes unused models.

    A pod is ready when all wanted models are on its disk. Pulumi does not wait for it: engines wait for their models.
    """

    daemon_set_name: pulumi.Output[str]
    """Name of the DaemonSet."""

    def __init__(
        self, name: str, args: WeightsStagingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"the staging {name}")
        super().__init__("genai:index:WeightsStaging", name, {}, opts)
        labels = {"app.kubernetes.io/name": "weights-staging", "app.kubernetes.io/instance": name}
        managed = {**labels, "app.kubernetes.io/managed-by": "pulumi"}
        wanted = core.v1.ConfigMap(
            f"{name}-wanted",
            core.v1.ConfigMapInitArgs(
                metadata=meta.v1.ObjectMetaArgs(
                    name=f"{name}-wanted", namespace=args.namespace, labels=managed
                ),
                data={"wanted.json": _wanted(args.models)},
            ),
            opts=child(self),
        )
        called = wanted.metadata.apply(lambda found: found.name or f"{name}-wanted")
        agents = apps.v1.DaemonSet(
            f"{name}-agents",
            apps.v1.DaemonSetInitArgs(
                metadata=meta.v1.ObjectMetaArgs(
                    name=name,
                    namespace=args.namespace,
                    labels=managed,
                    annotations={"pulumi.com/skipAwait": "true"},
                ),
                spec=_agents(labels, _pod(args, called)),
            ),
            opts=child(self),
        )
        self.daemon_set_name = agents.metadata.apply(lambda found: found.name or name)
        self.register_outputs({"daemonSetName": self.daemon_set_name})


def _problems(args: WeightsStagingArgs, path: str) -> Iterator[Problem]:
    yield from images_problems(args.images.python, args.images.rclone, f"{path}.images")
    yield from staging_problems(args, path=path)
    wanted = [(each.model, each.revision) for each in args.models]
    for index, model in enumerate(wanted):
        if model in wanted[:index]:
            yield Problem(f"{path}.models", "@".join(model), "occurs twice")
    if not args.node_selector:
        yield Problem(f"{path}.nodeSelector", "", "must name the nodes that have the disk")


def _agents(labels: dict[str, str], pod: "core.v1.PodSpecArgs") -> "apps.v1.DaemonSetSpecArgs":
    return apps.v1.DaemonSetSpecArgs(
        selector=meta.v1.LabelSelectorArgs(match_labels=labels),
        # The old pod must release the disk before the new pod starts.
        update_strategy=apps.v1.DaemonSetUpdateStrategyArgs(
            type="RollingUpdate",
            rolling_update=apps.v1.RollingUpdateDaemonSetArgs(max_unavailable="50%", max_surge=0),
        ),
        template=core.v1.PodTemplateSpecArgs(metadata=meta.v1.ObjectMetaArgs(labels=labels), spec=pod),
    )


def _wanted(models: Sequence[WantedModelArgs]) -> str:
    return json.dumps([{"model": each.model, "revision": each.revision} for each in models], indent=1)


def _pod(args: WeightsStagingArgs, wanted: pulumi.Input[str]) -> "core.v1.PodSpecArgs":
    words: list[pulumi.Input[str]] = [
        *("--signs", SIGNS_PATH, "run", "--root", DISK_PATH, "--bucket", args.bucket.name),
        *("--wanted", f"{WANTED_PATH}/wanted.json", "--disk-share", str(disk_share_of(args))),
        *("--streams", str(streams_of(args)), "--hashers", str(HASHERS)),
    ]
    agent = container(
        "agent",
        args.images,
        args.bucket,
        module="agent",
        words=words,
        # The limit covers rclone's buffers. Cached pages of files are freed when other pods need memory.
        resources=core.v1.ResourceRequirementsArgs(
            limits={"memory": "8Gi"}, requests={"cpu": "2", "memory": "2Gi"}
        ),
        mounts=[
            core.v1.VolumeMountArgs(name="disk", mount_path=DISK_PATH),
            core.v1.VolumeMountArgs(name="wanted", mount_path=WANTED_PATH, read_only=True),
        ],
        liveness_probe=_probe("alive", failures=3),
        readiness_probe=_probe("ready", failures=1),
    )
    disk = core.v1.PersistentVolumeClaimVolumeSourceArgs(claim_name=args.disk_claim)
    source = core.v1.ConfigMapVolumeSourceArgs(name=wanted)
    # Root without privileges: root owns the folder on the node, and nobody else may write files that engines load.
    return core.v1.PodSpecArgs(
        enable_service_links=False,
        service_account_name=args.service_account,
        node_selector=dict(args.node_selector),
        tolerations=[core.v1.TolerationArgs(key=GPU_TAINT_KEY, operator="Exists", effect="NoSchedule")],
        termination_grace_period_seconds=30,
        init_containers=[rclone_container(args.images)],
        containers=[agent],
        volumes=[
            *volumes(args.scripts),
            core.v1.VolumeArgs(name="disk", persistent_volume_claim=disk),
            core.v1.VolumeArgs(name="wanted", config_map=source),
        ],
    )


def _probe(sign: str, *, failures: int) -> "core.v1.ProbeArgs":
    command = ["python3", "-m", "weights.agent", "--signs", SIGNS_PATH, "probe", sign]
    return core.v1.ProbeArgs(
        exec_=core.v1.ExecActionArgs(command=command),
        initial_delay_seconds=10,
        period_seconds=30,
        timeout_seconds=10,
        failure_threshold=failures,
    )
