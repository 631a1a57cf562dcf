"""What engines compile, kept on the node: a folder for each image, and a look for old ones before each start."""

import pulumi
from pulumi_kubernetes import core

from serving.engine.environment import COMPILE_PATH
from serving.jobs import script
from serving.unprivileged import unprivileged

VOLUME = "compile"
ROOT_PATH = "/kept"
"""All folders, seen by the container that cleans and by none else."""


def image_folder(image: str) -> str:
    """Folder of an image: what one compiled must not be found by another."""
    return image.rpartition(":")[2][:12].lower()


def compile_mount(image: str) -> "core.v1.VolumeMountArgs":
    """The image's own folder, where the engine looks for it."""
    return core.v1.VolumeMountArgs(name=VOLUME, mount_path=COMPILE_PATH, sub_path=image_folder(image))


def compile_volume(claim: pulumi.Input[str]) -> "core.v1.VolumeArgs":
    """The claim that both mount."""
    source = core.v1.PersistentVolumeClaimVolumeSourceArgs(claim_name=claim)
    return core.v1.VolumeArgs(name=VOLUME, persistent_volume_claim=source)


def cleaning_container(image: str) -> "core.v1.ContainerArgs":
    """Takes former images' folders away. It has the engine's image, which has Python and is pulled anyway."""
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
