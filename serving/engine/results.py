"""The results of a job: the ConfigMap with its script, and the containers that copy results from and to a bucket."""

import hashlib
from collections.abc import Mapping
from typing import Protocol

import pulumi
from pulumi_kubernetes import core, meta

from serving.jobs import script
from serving.unprivileged import NOBODY, unprivileged

RESULTS = "/results"
"""Where the containers of a job find the volume for results."""


class ResultsBucket(Protocol):
    """Where results are stored, and with what."""

    @property
    def rclone_image(self) -> str: ...
    @property
    def bucket(self) -> pulumi.Input[str]: ...
    @property
    def bucket_namespace(self) -> pulumi.Input[str]: ...
    @property
    def compartment_id(self) -> pulumi.Input[str]: ...
    @property
    def region(self) -> str: ...


def script_map(
    name: str,
    file: str,
    *,
    prefix: str,
    namespace: pulumi.Input[str],
    labels: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> "tuple[str, core.v1.ConfigMap]":
    """The name and the ConfigMap of a script. Another script has another name: a running job keeps its own."""
    called = f"{prefix}-{hashlib.sha256(script(file).encode()).hexdigest()[:8]}"
    metadata = meta.v1.ObjectMetaArgs(name=called, namespace=namespace, labels=labels)
    made = core.v1.ConfigMap(
        name,
        core.v1.ConfigMapInitArgs(metadata=metadata, data={file: script(file)}, immutable=True),
        opts=opts,
    )
    return called, made


def rclone_container(place: ResultsBucket, folder: str, name: str, command: str) -> "core.v1.ContainerArgs":
    """A container that runs a shell command. `$FROM` there is the folder in the bucket, for rclone.

    It accesses the bucket with the pod's service account, through OKE workload identity.
    """
    variables: dict[str, pulumi.Input[str]] = {
        "FROM": pulumi.Output.concat("results:", place.bucket, "/", folder),
        "RCLONE_CONFIG_RESULTS_TYPE": "oracleobjectstorage",
        "RCLONE_CONFIG_RESULTS_PROVIDER": "workload_identity_auth",
        "RCLONE_CONFIG_RESULTS_NAMESPACE": place.bucket_namespace,
        "RCLONE_CONFIG_RESULTS_COMPARTMENT": place.compartment_id,
        "RCLONE_CONFIG_RESULTS_REGION": place.region,
        "OCI_RESOURCE_PRINCIPAL_VERSION": "2.2",
        "OCI_RESOURCE_PRINCIPAL_REGION": place.region,
    }
    return core.v1.ContainerArgs(
        name=name,
        image=place.rclone_image,
        command=["sh", "-euc", command],
        env=[core.v1.EnvVarArgs(name=key, value=value) for key, value in variables.items()],
        resources=core.v1.ResourceRequirementsArgs(
            requests={"cpu": "100m", "memory": "128Mi"}, limits={"memory": "512Mi"}
        ),
        volume_mounts=[core.v1.VolumeMountArgs(name="results", mount_path=RESULTS)],
        security_context=unprivileged(user=NOBODY),
    )


def job_volumes(code: str) -> "list[core.v1.VolumeArgs]":
    """The volumes for results and for the script in the ConfigMap `code`."""
    return [
        core.v1.VolumeArgs(name="results", empty_dir=core.v1.EmptyDirVolumeSourceArgs()),
        core.v1.VolumeArgs(name="script", config_map=core.v1.ConfigMapVolumeSourceArgs(name=code)),
    ]


def job_mounts() -> "list[core.v1.VolumeMountArgs]":
    """The mounts of those volumes for the container that measures."""
    return [
        core.v1.VolumeMountArgs(name="results", mount_path=RESULTS),
        core.v1.VolumeMountArgs(name="script", mount_path="/job", read_only=True),
    ]
