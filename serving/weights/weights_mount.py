"""How an engine uses staged weights: read-only, after they are complete, and with a lease as long as it runs."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta

from facts.checked_args import CheckedArgs
from serving.options import child
from serving.unprivileged import unprivileged
from serving.weights.node.manifest import ModelId
from serving.weights.scripts import LEASE, NODE, digest

WEIGHTS_PATH = "/weights"
LEASE_PATH = "/opt/weights"
RETAKE_SECONDS = 60
"""How long the engine waits for its lease. The model was there, but may be deleted and staged again at this moment."""


@dataclass(frozen=True, kw_only=True)
class MountedWeightsArgs:
    """Weights that `WeightsStaging` keeps on the nodes."""

    claim: pulumi.Input[str]
    """Claim in the engine's namespace for the folder on each node's own disk (`NodeCache`). Mounted read-only."""

    scripts: pulumi.Input[str]
    """ConfigMap in the engine's namespace with the lease (`WeightsLease.scripts`)."""

    staged_gb: float
    """Total GB (10^9 bytes) that a node stages, because a model may be the last one. It decides how long engines
    wait."""


@dataclass(frozen=True, kw_only=True)
class WeightsLeaseArgs:
    """The inputs of the lease's ConfigMap."""

    namespace: pulumi.Input[str]
    """Namespace of the engines. It must exist."""


class WeightsLease(CheckedArgs, pulumi.ComponentResource):
    """The lease program, as a ConfigMap that engines mount."""

    scripts: pulumi.Output[str]
    """Name of the ConfigMap. It changes with the program, so that engines restart."""

    def __init__(self, name: str, args: WeightsLeaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("genai:index:WeightsLease", name, {}, opts)
        data = {LEASE: (NODE / LEASE).read_text(encoding="utf-8")}
        called = f"weights-lease-{digest(data)}"
        scripts = core.v1.ConfigMap(
            f"{name}-scripts",
            core.v1.ConfigMapInitArgs(
                metadata=meta.v1.ObjectMetaArgs(
                    name=called,
                    namespace=args.namespace,
                    labels={"app.kubernetes.io/managed-by": "pulumi"},
                ),
                data=data,
                immutable=True,
            ),
            opts=child(self),
        )
        self.scripts = scripts.metadata.apply(lambda found: found.name or called)
        self.register_outputs({"scripts": self.scripts})


def weights_folder(model: str, revision: str) -> str:
    """The engine's folder of a model at a commit."""
    return f"{WEIGHTS_PATH}/models/{ModelId(model, revision).folder}"


def lease_command(folder: str, command: list[str]) -> list[str]:
    """A command that keeps the lease on a model as long as it runs."""
    return ["python3", f"{LEASE_PATH}/{LEASE}", folder, "--wait", str(RETAKE_SECONDS), "--", *command]


def wait_container(image: str, folder: str, seconds: int) -> "core.v1.ContainerArgs":
    """Waits until the model is on the node. The startup probe does not include this time. The container uses the
    engine's image, which has Python and is pulled anyway."""
    return core.v1.ContainerArgs(
        name="weights",
        image=image,
        command=["python3", f"{LEASE_PATH}/{LEASE}", folder, "--wait", str(seconds)],
        resources=core.v1.ResourceRequirementsArgs(
            limits={"memory": "128Mi"}, requests={"cpu": "50m", "memory": "128Mi"}
        ),
        security_context=unprivileged(),
        volume_mounts=weights_mounts(),
    )


def weights_mounts() -> "list[core.v1.VolumeMountArgs]":
    """The models and the lease program, both read-only."""
    return [
        core.v1.VolumeMountArgs(name="weights", mount_path=WEIGHTS_PATH, read_only=True),
        core.v1.VolumeMountArgs(name="lease", mount_path=LEASE_PATH, read_only=True),
    ]


def weights_volumes(mounted: MountedWeightsArgs) -> "list[core.v1.VolumeArgs]":
    """The volumes of `weights_mounts`. The claim is read-only: otherwise the kubelet would change the owner of its
    files to the pod's group."""
    claim = core.v1.PersistentVolumeClaimVolumeSourceArgs(claim_name=mounted.claim, read_only=True)
    source = core.v1.ConfigMapVolumeSourceArgs(name=mounted.scripts)
    return [
        core.v1.VolumeArgs(name="weights", persistent_volume_claim=claim),
        core.v1.VolumeArgs(name="lease", config_map=source),
    ]
