"""Rules for the storage section, and for its copies in a second region."""

from collections.abc import Iterator, Mapping

from components.storage.backup_policy import BackupScheduleArgs, backup_problems
from components.storage.bucket import bucket_problems
from components.storage.bucket_replication import replication_problems
from components.storage.lustre_file_system import lustre_problems
from components.storage.shared_file_system import shared_file_problems
from components.storage.volume_group import BlockVolumeArgs, volume_group_problems
from facts.problem import Problem, moved
from infra.settings.storage import LustreSettings, Storage, VolumeGroupSettings
from infra.settings.tenancy import Tenancy

COPY_SUFFIX = "-copy"
"""Suffix of a bucket's name in the second region. OCI needs unique names only within a region, but ours are unique in
all regions."""


def volume_args(group: VolumeGroupSettings) -> Mapping[str, BlockVolumeArgs]:
    """The volumes as args of the component."""
    return {name: BlockVolumeArgs(**volume.model_dump()) for name, volume in group.volumes.items()}


def schedule_args(group: VolumeGroupSettings) -> Mapping[str, BackupScheduleArgs]:
    """The backup schedules as args of the component."""
    return {name: BackupScheduleArgs(**schedule.model_dump()) for name, schedule in group.backups.items()}


def storage_problems(storage: Storage) -> Iterator[Problem]:
    """Settings that exclude each other, and invalid sizes and names."""
    for index, bucket in enumerate(storage.buckets):
        path = f"storage.buckets[{index}]"
        own = bucket_problems(bucket, bucket_name=bucket.name, path=path)
        yield from moved(own, f"{path}.bucketName", f"{path}.name")
        if bucket.developers == "write" and bucket.retains:
            allowed = "must be `nothing` or `read`: retentionDays prevents overwriting of objects"
            yield Problem(f"{path}.developers", bucket.developers, allowed)
    for index, group in enumerate(storage.volume_groups):
        yield from _group_problems(group, f"storage.volumeGroups[{index}]")
    if storage.lustre:
        yield from _lustre_problems(storage.lustre, [bucket.name for bucket in storage.buckets])
    if storage.file_storage:
        yield from shared_file_problems(storage.file_storage, path="storage.fileStorage")


def _group_problems(group: VolumeGroupSettings, path: str) -> Iterator[Problem]:
    yield from volume_group_problems(group.volumes, path=path)
    if group.backups:
        found = backup_problems(group.backups, path=path)
        yield from moved(found, f"{path}.schedules", f"{path}.backups")
    elif group.copy_backups:
        yield Problem(f"{path}.copyBackups", True, "must not be set: there are no backups")


def _lustre_problems(lustre: LustreSettings, buckets: list[str]) -> Iterator[Problem]:
    yield from lustre_problems(lustre, file_system_name=lustre.name, path="storage.lustre")
    for name, link in lustre.links.items():
        if link.bucket not in buckets:
            at = f"storage.lustre.links[{name!r}].bucket"
            yield Problem.not_one_of(
                at, link.bucket, buckets, "must be the name of a bucket in storage.buckets"
            )


def storage_region_problems(storage: Storage, tenancy: Tenancy) -> Iterator[Problem]:
    """Copies without a second region."""
    second, copied = tenancy.second_region, list(_copied(storage))
    if second is not None:
        found = replication_problems(tenancy.region, second, path="tenancy")
        yield from moved(found, "tenancy.destinationRegion", "tenancy.secondRegion")
    elif copied:
        fix = "Copies are stored in that region"
        yield Problem("tenancy.secondRegion", None, f"must be set with {copied[0]}", fix)


def _copied(storage: Storage) -> Iterator[str]:
    yield from (f"storage.buckets[{i}].replicate" for i, each in enumerate(storage.buckets) if each.replicate)
    groups = enumerate(storage.volume_groups)
    yield from (f"storage.volumeGroups[{i}].copyBackups" for i, each in groups if each.copy_backups)
