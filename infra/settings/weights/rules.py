"""Rules for the staging of weights, and for the bucket and the disks that it uses."""

from collections.abc import Iterator

from facts.problem import Problem
from facts.shapes import Shape, find_shape
from infra.settings.gpu import Gpu, GpuPool
from infra.settings.serving import Serving
from infra.settings.storage import Storage
from infra.settings.traffic import Traffic
from infra.settings.traffic.candidates import with_candidates
from infra.settings.values.images import pinned_problems
from serving.catalogue.loader import find_model
from serving.weights.weights_rules import room_problems, staging_problems


def weights_problems(serving: Serving) -> Iterator[Problem]:
    """What is wrong with the section itself."""
    weights, path = serving.weights, "serving.weights"
    if weights is None:
        return
    yield from pinned_problems(weights.python_image, weights.python_image_digest, f"{path}.pythonImage")
    yield from pinned_problems(weights.rclone_image, weights.rclone_image_digest, f"{path}.rcloneImage")
    yield from staging_problems(weights, path=path)
    if weights.namespace == serving.namespace:
        allowed = (
            "must be different from the models' namespace: anyone who can start pods in it can write weights"
        )
        yield Problem(f"{path}.namespace", weights.namespace, allowed)


def weights_bucket_problems(storage: Storage, serving: Serving) -> Iterator[Problem]:
    """A bucket that does not exist, restores objects slowly, or prevents that objects are replaced."""
    weights, path = serving.weights, "serving.weights.bucket"
    if weights is None:
        return
    names = [bucket.name for bucket in storage.buckets]
    found = next((bucket for bucket in storage.buckets if bucket.name == weights.bucket), None)
    if found is None:
        yield Problem.not_one_of(
            path, weights.bucket, names, f"must be a bucket: {', '.join(names) or 'there are none'}"
        )
        return
    if found.storage_tier == "Archive":
        yield Problem(path, weights.bucket, "is in the Archive tier, where restoring an object takes an hour")
    if found.retains:
        allowed = "has retentionDays, but a repeated import must be able to replace objects"
        yield Problem(path, weights.bucket, allowed, "Use a bucket without retention")


def weights_room_problems(gpu: Gpu, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Models of a pool that together do not fit on a node's disk, or not with the candidates."""
    alone = [*_room_problems(gpu, serving, "serving.models")]
    yield from alone
    if traffic.candidates and not alone:
        yield from _room_problems(gpu, with_candidates(serving, traffic.candidates), "traffic.candidates")


def _room_problems(gpu: Gpu, serving: Serving, path: str) -> Iterator[Problem]:
    if serving.weights is None:
        return
    pools = {pool.name: pool for pool in gpu.pools}
    sizes: dict[str, dict[str, float]] = {name: {} for name in pools}
    for each in serving.models:
        model = find_model(each.model)
        if model is not None and each.pool in sizes:
            # Each commit is a copy of its own.
            revision = each.revision or model.revision
            sizes[each.pool][f"{each.model} of commit {revision[:8]}"] = model.weights_gb
    for name, pool in pools.items():
        shape = find_shape(pool.shape)
        if shape is not None and sizes[name]:
            yield from room_problems(
                sizes[name],
                disk_gb=disk_gb(shape, pool),
                disk_share=serving.weights.disk_share,
                path=f"{path} of pool {name}",
            )


def disk_gb(shape: Shape, pool: GpuPool) -> float:
    """Size of a node's disk array in GB."""
    drives = shape.nvme_drives * (shape.nvme_drive_tb or 0) * 1000
    return drives / 2 if pool.nvme_raid == 10 else drives
