"""Weights: from the hub into a bucket once, from there onto the nodes' own disks."""

from collections.abc import Iterable, Iterator

from facts.problem import Problem
from facts.shapes import Shape, find_shape
from serving.catalogue.loader import find_model
from serving.kubernetes.weights_rules import MOST_SHARE, room_problems, staging_problems

from .base import Name, Section
from .gpu import Gpu, GpuPool
from .images import pinned_problems
from .storage import Storage


class Weights(Section):
    """How weights come onto the nodes. Without this section every engine fetches its own from the hub."""

    bucket: Name = "model-artifacts"
    """Bucket that keeps them, by its name among `storage.buckets`."""

    namespace: Name = "weights"
    """Kubernetes namespace of the pods that move them."""

    python_image: str = "docker.io/library/python"
    """Repository of an image with Python 3.11 or newer."""

    python_image_digest: str
    """Its digest, `sha256:…`."""

    rclone_image: str = "docker.io/rclone/rclone"
    """Repository of an image with rclone 1.66 or newer."""

    rclone_image_digest: str
    """Its digest, `sha256:…`."""

    disk_share: float = MOST_SHARE
    """How much of a node's NVMe disk may be in use, by anything, before staging stops: 0.05 to 0.6."""

    streams: int = 32
    """Transfers at once on a node, 1 to 256."""

    @property
    def images(self) -> tuple[str, str]:
        """Python's and rclone's, pinned."""
        return (
            f"{self.python_image}@{self.python_image_digest}",
            f"{self.rclone_image}@{self.rclone_image_digest}",
        )


def weights_problems(weights: Weights, *, serving_namespace: str) -> Iterator[Problem]:
    """What is wrong with the section by itself."""
    path = "serving.weights"
    yield from pinned_problems(weights.python_image, weights.python_image_digest, f"{path}.pythonImage")
    yield from pinned_problems(weights.rclone_image, weights.rclone_image_digest, f"{path}.rcloneImage")
    yield from staging_problems(
        wanted=(),
        disk_share=weights.disk_share,
        streams=weights.streams,
        node_selector={"pool": "any"},
        path=path,
    )
    if weights.namespace == serving_namespace:
        allowed = "must be another than the models': whoever starts pods beside the agent can write weights"
        yield Problem(f"{path}.namespace", weights.namespace, allowed)


def weights_bucket_problems(weights: Weights, storage: Storage) -> Iterator[Problem]:
    """A bucket that is not there, that restores slowly, or that takes served models away."""
    path = "serving.weights.bucket"
    names = [bucket.name for bucket in storage.buckets]
    found = next((bucket for bucket in storage.buckets if bucket.name == weights.bucket), None)
    if found is None:
        yield Problem.not_one_of(
            path, weights.bucket, names, f"must be a bucket: {', '.join(names) or 'there is none'}"
        )
        return
    if found.storage_tier == "Archive":
        yield Problem(path, weights.bucket, "is of the Archive tier, whose objects take an hour to come back")
    if found.retention_days is not None:
        allowed = "has retentionDays, and an import that was cut short must be able to replace objects"
        yield Problem(path, weights.bucket, allowed, "Use a bucket without retention")


def weights_room_problems(weights: Weights, gpu: Gpu, models: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Models of a pool that do not fit a node's disk together. `models` are pools with keys of the catalogue."""
    pools = {pool.name: pool for pool in gpu.pools}
    sizes: dict[str, dict[str, float]] = {name: {} for name in pools}
    for pool, key in models:
        model = find_model(key)
        if model is not None and pool in sizes:
            sizes[pool][key] = model.weights_gb
    for name, pool in pools.items():
        shape = find_shape(pool.shape)
        if shape is not None and sizes[name]:
            yield from room_problems(
                sizes[name],
                disk_gb=disk_gb(shape, pool),
                disk_share=weights.disk_share,
                path=f"serving.models of pool {name}",
            )


def disk_gb(shape: Shape, pool: GpuPool) -> float:
    """Size of a node's array in GB."""
    drives = shape.nvme_drives * (shape.nvme_drive_tb or 0) * 1000
    return drives / 2 if pool.nvme_raid == 10 else drives
