"""Compiled kernels on the node: one folder for each image, and a cleanup of old folders before each start."""

import pulumi
from pulumi_kubernetes import core

from serving.engine.environment import COMPILE_PATH
from serving.jobs import script
from serving.unprivileged import unprivileged

VOLUME = "compile"
ROOT_PATH = "/kept"
"""Path of all folders, which only the cleanup container mounts."""


def image_folder(image: str) -> str:
    """Folder of an image. An image must not find the kernels of another."""
    return image.rpartition(":")[2][:12].lower()


def compile_mount(image: str) -> "core.v1.VolumeMountArgs":
    """The image's own folder, mounted where the engine looks for it."""
    return core.v1.VolumeMountArgs(name=VOLUME, mount_path=COMPILE_PATH, sub_path=image_folder(image))


def compile_volume(claim: pulumi.Input[str]) -> "core.v1.VolumeArgs":
    """The volume that both containers mount."""
    source = core.v1.PersistentVolumeClaimVolumeSourceArgs(claim_name=claim)
    return core.v1.VolumeArgs(name=VOLUME, persistent_volume_claim=source)


def cleaning_container(image: str) -> "core.v1.ContainerArgs":
    """Deletes the folders of former images. It uses the engine's image, which has Python and is pulled anyway."""
    return core.v1.ContainerArgs(
        name="old-kernels",
        image=image,
        command=["python3", "-c", script("old_kernels.py"), ROOT_PATH, image_folder(image)],
        resources=core.v1.ResourceRequirementsArgs(
            limits={"memory": "128Mi"}, requests={"cpu": "50m", "memory": "128Mi"}
        ),
        security_context=unprivileged(),
        volume_mounts=[core.v1.VolumeMountArgs(name=VOLUME, mount_path=ROOT_PATH)],
    )
