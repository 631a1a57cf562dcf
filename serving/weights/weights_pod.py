"""Common parts of the pods that import and stage weights: Python from one image, rclone from another, no privileges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core

from serving.unprivileged import unprivileged

SCRIPTS_PATH = "/opt/weights"
TOOLS_PATH = "/tools"
SIGNS_PATH = "/run/weights"
PACKAGE = "weights"
"""The ConfigMap is mounted as a Python package of this name."""


@dataclass(frozen=True, kw_only=True)
class WeightsBucketArgs:
    """The bucket of the weights. Access uses OKE workload identity, without stored keys."""

    name: pulumi.Input[str]
    """Name of the bucket."""

    namespace: pulumi.Input[str]
    """Object Storage namespace of the bucket."""

    region: str
    """Its region, e.g. `us-ashburn-1`."""


@dataclass(frozen=True, kw_only=True)
class WeightsImagesArgs:
    """Images of the pods that import and stage weights, each pinned: `name@sha256:…`."""

    python: str
    """Python 3.11 or newer. Only its standard library is used."""

    rclone: str
    """rclone at /usr/local/bin/rclone, 1.66 or newer, which is the first with OKE workload identity."""


def remote_variables(bucket: WeightsBucketArgs) -> Mapping[str, pulumi.Input[str]]:
    """Variables of rclone's remote `weights`. Source of the names: rclone's page on its oracleobjectstorage backend."""
    prefix = "RCLONE_CONFIG_WEIGHTS_"
    return {
        f"{prefix}TYPE": "oracleobjectstorage",
        f"{prefix}PROVIDER": "workload_identity_auth",
        f"{prefix}NAMESPACE": bucket.namespace,
        f"{prefix}REGION": bucket.region,
        # Without it, rclone tries to create the bucket before an upload, which no policy allows.
        f"{prefix}NO_CHECK_BUCKET": "true",
        f"{prefix}CHUNK_SIZE": "32Mi",
        f"{prefix}UPLOAD_CONCURRENCY": "4",
        # Oracle's SDK needs these two before it reads the service account's token.
        "OCI_RESOURCE_PRINCIPAL_VERSION": "2.2",
        "OCI_RESOURCE_PRINCIPAL_REGION": bucket.region,
    }


def container(
    name: str,
    images: WeightsImagesArgs,
    bucket: WeightsBucketArgs,
    *,
    module: str,
    words: Sequence[pulumi.Input[str]],
    resources: "core.v1.ResourceRequirementsArgs",
    variables: "Sequence[core.v1.EnvVarArgs]" = (),
    mounts: "Sequence[core.v1.VolumeMountArgs]" = (),
    liveness_probe: "core.v1.ProbeArgs | None" = None,
    readiness_probe: "core.v1.ProbeArgs | None" = None,
    user: int | None = None,
) -> "core.v1.ContainerArgs":
    """One of the programs, with rclone on its PATH. `user`: the user id. Default: root without privileges."""
    plain: dict[str, pulumi.Input[str]] = {
        "PATH": f"{TOOLS_PATH}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": SCRIPTS_PATH.rpartition("/")[0],
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        **remote_variables(bucket),
    }
    return core.v1.ContainerArgs(
        name=name,
        image=images.python,
        command=["python3", "-m", f"{PACKAGE}.{module}"],
        args=list(words),
        env=[*(core.v1.EnvVarArgs(name=key, value=value) for key, value in plain.items()), *variables],
        resources=resources,
        security_context=unprivileged(read_only=True, user=user),
        liveness_probe=liveness_probe,
        readiness_probe=readiness_probe,
        volume_mounts=[
            core.v1.VolumeMountArgs(name="scripts", mount_path=SCRIPTS_PATH, read_only=True),
            core.v1.VolumeMountArgs(name="tools", mount_path=TOOLS_PATH, read_only=True),
            core.v1.VolumeMountArgs(name="signs", mount_path=SIGNS_PATH),
            *mounts,
        ],
    )


def rclone_container(images: WeightsImagesArgs, *, user: int | None = None) -> "core.v1.ContainerArgs":
    """Copies rclone, which is one static file, to the program's PATH."""
    return core.v1.ContainerArgs(
        name="rclone",
        image=images.rclone,
        command=["cp", "/usr/local/bin/rclone", f"{TOOLS_PATH}/rclone"],
        resources=core.v1.ResourceRequirementsArgs(
            limits={"memory": "256Mi"}, requests={"cpu": "50m", "memory": "256Mi"}
        ),
        security_context=unprivileged(read_only=True, user=user),
        volume_mounts=[core.v1.VolumeMountArgs(name="tools", mount_path=TOOLS_PATH)],
    )


def volumes(scripts: pulumi.Input[str]) -> "list[core.v1.VolumeArgs]":
    """Volumes for programs, tools and the files of the probes."""
    source = core.v1.ConfigMapVolumeSourceArgs(name=scripts)
    return [
        core.v1.VolumeArgs(name="scripts", config_map=source),
        core.v1.VolumeArgs(name="tools", empty_dir=core.v1.EmptyDirVolumeSourceArgs()),
        core.v1.VolumeArgs(name="signs", empty_dir=core.v1.EmptyDirVolumeSourceArgs()),
    ]
