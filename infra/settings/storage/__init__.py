"""Buckets, block volumes, and file systems for shared weights."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from components.storage.lifecycle import LifecycleRuleArgs
from facts.storage import MOUNT_TARGET_ADDRESSES, lustre_addresses
from infra.settings.base import Name, Section


class LifecycleRule(Section):
    """What happens to objects as they age."""

    action: str
    """`ARCHIVE`, `INFREQUENT_ACCESS`, `DELETE`, or `ABORT` for unfinished uploads. What is served is never archived."""

    days: int
    """Days since the last change of the object, or since a version became an older one."""

    target: str | None = None
    """`objects`, `previous-object-versions` or `multipart-uploads`. Default: objects, with ABORT multipart-uploads."""

    prefixes: tuple[str, ...] | None = None
    """Only objects whose names begin with one of these. Default: all."""

    @property
    def enabled(self) -> bool:
        """The component can switch a rule off; in the settings it is taken out."""
        return True


class BucketSettings(Section):
    """A bucket of Object Storage."""

    name: Name
    """Name of the bucket after the environment's prefix, unique in the environment."""

    versioning: str | None = None
    """`Enabled`: overwritten and deleted objects stay as older versions. Not with `retentionDays`. Default: none."""

    storage_tier: str | None = None
    """`Standard` or `Archive`, the tier of new objects. A change replaces the bucket. Default: Standard."""

    auto_tiering: bool = False
    """Whether objects that nobody reads move to the infrequent-access tier."""

    key_id: str | None = None
    """OCID of the vault key that encrypts the bucket. Default: Oracle's key."""

    lifecycle: dict[str, LifecycleRule] = Field(default_factory=dict[str, LifecycleRule])
    """Lifecycle rules by name."""

    served: bool = False
    """Whether nodes read models from it: its current objects are then neither archived nor deleted by age."""

    retention_days: int | None = None
    """Days in which objects can be neither changed nor deleted. Default: no retention rule."""

    retention_lock_time: str | None = None
    """UTC time in quotes, `"2027-01-31T00:00:00Z"`, from which nobody can shorten or drop the retention rule, at least
    14 days from when it is made. There is no way back. Default: never."""

    developers: Literal["nothing", "read", "write"] | None = None
    """What the group of developers may do with the objects: `write` reads, adds and overwrites, and deletes nothing.
    Default: `read` where the bucket is `served`, otherwise nothing."""

    replicate: bool = False
    """Whether new objects are copied to a bucket of the same name with `-copy` in `tenancy.secondRegion`. No
    backup: deletions are copied too, and the copy has neither versions nor a retention rule."""

    @property
    def for_developers(self) -> str:
        """`nothing`, `read` or `write`."""
        return self.developers or ("read" if self.served else "nothing")

    @property
    def lifecycle_args(self) -> Mapping[str, LifecycleRuleArgs]:
        """The lifecycle rules as the component takes them."""
        return {
            name: LifecycleRuleArgs(
                action=rule.action, days=rule.days, target=rule.target, prefixes=rule.prefixes
            )
            for name, rule in self.lifecycle.items()
        }


class BackupSchedule(Section):
    """When volumes are backed up: weekly on Sundays, monthly on the 1st, yearly on 1 January."""

    period: str
    """`hourly`, `daily`, `weekly`, `monthly` or `yearly`."""

    keep_days: int
    """Days that each backup is kept, at least the days of the period."""

    hour: int | None = None
    """Hour of the day in UTC; not with hourly. Default: 2."""

    full: bool = False
    """Whether each backup holds all data, not only what changed."""


class Volume(Section):
    """A block volume."""

    size_gib: int
    """Size in GiB, 50 to 32,768. It can grow, never shrink."""

    vpus_per_gib: int | None = None
    """Performance units per GiB: 0, 10, 20, or 30 to 120 in tens. Default: 10, balanced."""

    max_vpus_per_gib: int | None = None
    """Performance units to which the service raises the volume while it is busy. Default: it is not raised."""


class VolumeGroupSettings(Section):
    """Block volumes that are backed up together."""

    name: Name
    """Name of the group after the environment's prefix."""

    availability_domain: int = Field(default=1, ge=1, le=3)
    """Number of the availability domain. A change replaces the volumes."""

    volumes: dict[Name, Volume]
    """Volumes by name. Pods use one by its OCID, which is in the stack's outputs."""

    backups: dict[Name, BackupSchedule] = Field(default_factory=dict[str, BackupSchedule])
    """Backup schedules by a name of your own. Default: no backups."""

    copy_backups: bool = False
    """Whether backups are copied to `tenancy.secondRegion`, which must be the one that Oracle pairs with the region."""

    key_id: str | None = None
    """OCID of the vault key that encrypts the volumes. Default: the environment's storage key."""


class LustreLink(Section):
    """A directory of the Lustre file system that is filled from a bucket."""

    bucket: str
    """Name of one of `storage.buckets`."""

    prefix: str = ""
    """Only objects whose names begin with it."""

    path: str = "/"
    """Directory in the file system."""

    overwrite: bool = False
    """Whether an import overwrites files that are there."""

    import_run: int | None = None
    """Raise it by one to start an import. Default: none is started."""


class LustreSettings(Section):
    """A Lustre file system for shared weights. It has no backups: keep in a bucket what must not be lost."""

    name: str = "weights"
    """Name in mount commands: 1 to 8 letters, digits and underscores. A change replaces the file system."""

    capacity_gb: int = 31_200
    """Capacity in GB: 31,200, or more by steps of 10,400 up to 124,800, then of 41,600. It only grows."""

    mbps_per_tb: int = 125
    """Performance tier: 125, 250, 500 or 1000 MB/s per TB. A change replaces the file system."""

    availability_domain: int = Field(default=1, ge=1, le=3)
    """Number of the availability domain, best that of the GPU pool. A change replaces the file system."""

    key_id: str | None = None
    """OCID of the vault key that encrypts it. Default: the environment's storage key."""

    links: dict[Name, LustreLink] = Field(default_factory=dict[str, LustreLink])
    """Links to buckets by a name of your own."""


class FileStorageSettings(Section):
    """A file system of File Storage (NFS) for shared weights."""

    export_path: str = "/weights"
    """Path under which clients mount it. A change replaces the export."""

    availability_domain: int = Field(default=1, ge=1, le=3)
    """Number of the availability domain, best that of the nodes. A change replaces the file system."""

    snapshot_days: int | None = None
    """Days that a snapshot of every night is kept. Default: no snapshots are taken."""

    key_id: str | None = None
    """OCID of the vault key that encrypts it. Default: the environment's storage key."""


class Storage(Section):
    """The storage of one environment."""

    buckets: tuple[BucketSettings, ...] = ()
    """Buckets of Object Storage."""

    volume_groups: tuple[VolumeGroupSettings, ...] = ()
    """Block volumes that stay when pods and nodes go."""

    lustre: LustreSettings | None = None
    """A Lustre file system for shared weights. Default: none."""

    file_storage: FileStorageSettings | None = None
    """A file system of File Storage for shared weights. Default: none."""

    @property
    def addresses(self) -> int:
        """Addresses of the private subnet that the file systems take."""
        lustre = lustre_addresses(self.lustre.capacity_gb) if self.lustre else 0
        return lustre + (MOUNT_TARGET_ADDRESSES if self.file_storage else 0)

    @property
    def key_paths(self) -> Iterator[tuple[str, str | None]]:
        """The path and value of every vault key that the section may name."""
        for i, bucket in enumerate(self.buckets):
            yield f"storage.buckets[{i}].keyId", bucket.key_id
        for i, group in enumerate(self.volume_groups):
            yield f"storage.volumeGroups[{i}].keyId", group.key_id
        if self.lustre:
            yield "storage.lustre.keyId", self.lustre.key_id
        if self.file_storage:
            yield "storage.fileStorage.keyId", self.file_storage.key_id
