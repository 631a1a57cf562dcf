"""OCIDs of the wrong kind or region."""

from collections.abc import Iterator

from facts.problem import Problem
from infra.settings.cluster import Cluster
from infra.settings.gpu import Gpu
from infra.settings.observability import Observability
from infra.settings.storage import Storage
from infra.settings.tenancy import Tenancy, region_of
from infra.settings.values.ocid import ocid_problems


def function_id_problems(tenancy: Tenancy | None, observability: Observability) -> Iterator[Problem]:
    """OCIDs of the functions that topics call."""
    for path, endpoint in observability.functions:
        yield from ocid_problems(endpoint, "fnfunc", path=path, region=region_of(tenancy))


def cluster_id_problems(tenancy: Tenancy | None, cluster: Cluster) -> Iterator[Problem]:
    """OCIDs of the keys and images of the cluster and its CPU pools."""
    region = region_of(tenancy)
    yield from ocid_problems(cluster.secrets_key_id, "key", path="cluster.secretsKeyId", region=region)
    for i, key in enumerate(cluster.image_signing_key_ids):
        yield from ocid_problems(key, "key", path=f"cluster.imageSigningKeyIds[{i}]", region=region)
    for i, pool in enumerate(cluster.pools):
        yield from ocid_problems(pool.image_id, "image", path=f"cluster.pools[{i}].imageId", region=region)
        key, path = pool.boot_volume_key_id, f"cluster.pools[{i}].bootVolumeKeyId"
        yield from ocid_problems(key, "key", path=path, region=region)


def gpu_id_problems(tenancy: Tenancy | None, gpu: Gpu) -> Iterator[Problem]:
    """OCIDs of the images, keys and reservations of the GPU pools."""
    for i, pool in enumerate(gpu.pools):
        ids = {
            "imageId": ("image", pool.image_id),
            "bootVolumeKeyId": ("key", pool.boot_volume_key_id),
            "capacityReservationId": ("capacityreservation", pool.capacity_reservation_id),
        }
        for key, (kind, text) in ids.items():
            yield from ocid_problems(text, kind, path=f"gpu.pools[{i}].{key}", region=region_of(tenancy))


def storage_id_problems(tenancy: Tenancy | None, storage: Storage) -> Iterator[Problem]:
    """OCIDs of the keys of buckets, volumes and file systems."""
    for path, key in storage.key_paths:
        yield from ocid_problems(key, "key", path=path, region=region_of(tenancy))
