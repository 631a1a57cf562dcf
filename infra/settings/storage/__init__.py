"""Buckets, block volumes, and file systems for shared weights."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from components.storage.lifecycle import LifecycleRuleArgs
from facts.storage import MOUNT_TARGET_ADDRESSES, lustre_addresses
from infra.settings.base import Name, Section


class LifecycleRule(Section):
    """What happens to objects after some days."""

    action: str
    """`ARCHIVE`, `INFREQUENT_ACCESS`, `DELETE`, or `ABORT` for unfinished uploads. Served objects are never
    archived."""

    days: int
    """Days since the last change of the object, or since a version became a previous version."""

    target: str | None = None
    """`objects`, `previous-object-versions` or `multipart-uploads`. Default: objects; with ABORT, multipart-uploads."""

    prefixes: tuple[str, ...] | None = None
    """The rule applies only to objects whose names begin with one of these. Default: all objects."""

    @property
    def enabled(self) -> bool:
        """Always true. The component can disable a rule; in the settings a rule is removed instead."""
        return True


class BucketSettings(Section):
    """A bucket of Object Storage."""

    name: Name
    """Name of the bucket, without the environment's prefix. Unique in the environment."""

    versioning: str | None = None
    """`Enabled`: overwritten and deleted objects are kept as previous versions. Not with `retentionDays`. Default:
    off."""

    storage_tier: str | None = None
    """Tier of new objects, `Standard` or `Archive`. A change replaces the bucket. Default: Standard."""

    auto_tiering: bool = False
    """Whether objects that are rarely read move to the infrequent-access tier."""

    key_id: str | None = None
    """OCID of the vault key that encrypts the bucket. Default: Oracle's key."""

    lifecycle: dict[str, LifecycleRule] = Field(default_factory=dict[str, LifecycleRule])
    """Lifecycle rules by name."""

    served: bool = False
    """Whether nodes read models from the bucket. Lifecycle rules then neither archive nor delete current objects."""

    retention_days: int | None = None
    """Days in which objects cannot be changed or deleted. Default: no retention rule."""

    retention_years: int | None = None
    """The same in years. Not with `retentionDays`. Default: no retention rule."""

    retention_lock_time: str | None = None
    """UTC time in quotes, `"2027-01-31T00:00:00Z"`, after which nobody can shorten or delete the retention rule. At
    least 14 days after the rule is created. It cannot be undone. Default: never."""

    developers: Literal["nothing", "read", "write"] | None = None
    """What the developers' group may do with the objects. `write` allows reading, adding and overwriting, but not
    deleting. Default: `read` if the bucket is `served`, otherwise `nothing`."""

    replicate: bool = False
    """Whether new objects are copied to a bucket in `tenancy.secondRegion`, with the same name and the suffix `-copy`.
    This is not a backup: deletions are copied too, and the copy has no versions and no retention rule."""

    @property
    def retains(self) -> bool:
        """Whether a retention rule keeps objects from being changed or deleted."""
        return self.retention_days is not None or self.retention_years is not None

    @property
    def for_developers(self) -> str:
        """`nothing`, `read` or `write`."""
        return self.developers or ("read" if self.served else "nothing")

    @property
    def lifecycle_args(self) -> Mapping[str, LifecycleRuleArgs]:
        """The lifecycle rules as args of the component."""
        return {
            name: LifecycleRuleArgs(
                action=rule.action, days=rule.days, target=rule.target, prefixes=rule.prefixes
            )
            for name, rule in self.lifecycle.items()
        }


class BackupSchedule(Section):
    """A backup schedule of volumes. Weekly backups run on Sundays, monthly on the 1st, yearly on 1 January."""

    period: str
    """`hourly`, `daily`, `weekly`, `monthly` or `yearly`."""

    keep_days: int
    """Days that each backup is kept, at least as long as the period."""

    hour: int | None = None
    """Hour of the day in UTC. Not with `hourly`. Default: 2."""

    full: bool = False
    """Whether each backup contains all data, not only the changes."""


class Volume(Section):
    """A block volume."""

    size_gib: int
    """Size in GiB, 50 to 32,768. It can grow, never shrink."""

    vpus_per_gib: int | None = None
    """Performance units per GiB: 0, 10, 20, or 30 to 120 in tens. Default: 10, balanced."""

    max_vpus_per_gib: int | None = None
    """Performance units that the service may raise a busy volume to. Default: it is not raised."""


class VolumeGroupSettings(Section):
    """A group of block volumes that are backed up together."""

    name: Name
    """Name of the group, without the environment's prefix."""

    availability_domain: int = Field(default=1, ge=1, le=3)
    """Number of the availability domain. A change replaces the volumes."""

    volumes: dict[Name, Volume]
    """Volumes by name. Pods use a volume by its OCID, which is in the stack outputs."""

    backups: dict[Name, BackupSchedule] = Field(default_factory=dict[str, BackupSchedule])
    """Backup schedules, by a name that you choose. Default: no backups."""

    copy_backups: bool = False
    """Whether backups are copied to `tenancy.secondRegion`, which must be the region that Oracle pairs with this
    one."""

    key_id: str | None = None
    """OCID of the vault key that encrypts the volumes. Default: the environment's storage key."""


class LustreLink(Section):
    """A directory of the Lustre file system that is imported from a bucket."""

    bucket: str
    """Name of a bucket in `storage.buckets`."""

    prefix: str = ""
    """Only objects whose names begin with this prefix."""

    path: str = "/"
    """Directory in the file system."""

    overwrite: bool = False
    """Whether an import overwrites existing files."""

    import_run: int | None = None
    """Increase the number to start an import. Default: no import."""


class LustreSettings(Section):
    """A Lustre file system for shared weights. It has no backups, so keep important data in a bucket."""

    name: str = "weights"
    """Name in mount commands: 1 to 8 letters, digits and underscores. A change replaces the file system."""

    capacity_gb: int = 31_200
    """Capacity in GB: 31,200 or more, in steps of 10,400 up to 124,800, then of 41,600. It can only grow."""

    mbps_per_tb: int = 125
    """Performance tier: 125, 250, 500 or 1000 MB/s per TB. A change replaces the file system."""

    availability_domain: int = Field(default=1, ge=1, le=3)
    """Number of the availability domain, preferably that of the GPU pool. A change replaces the file system."""

    key_id: str | None = None
    """OCID of the vault key that encrypts it. Default: the environment's storage key."""

    links: dict[Name, LustreLink] = Field(default_factory=dict[str, LustreLink])
    """Links to buckets, by a name that you choose."""


class FileStorageSettings(Section):
    """A file system of File Storage (NFS) for shared weights."""

    export_path: str = "/weights"
    """Export path that clients mount. A change replaces the export."""

    availability_domain: int = Field(default=1, ge=1, le=3)
    """Number of the availability domain, preferably that of the nodes. A change replaces the file system."""

    snapshot_days: int | None = None
    """Days that nightly snapshots are kept. Default: no snapshots."""

    key_id: str | None = None
    """OCID of the vault key that encrypts it. Default: the environment's storage key."""


class Storage(Section):
    """The storage of one environment."""

    buckets: tuple[BucketSettings, ...] = ()
    """Buckets of Object Storage."""

    volume_groups: tuple[VolumeGroupSettings, ...] = ()
    """Block volumes that are kept when pods and nodes are deleted."""

    lustre: LustreSettings | None = None
    """A Lustre file system for shared weights. Default: none."""

    file_storage: FileStorageSettings | None = None
    """A file system of File Storage for shared weights. Default: none."""

    @property
    def addresses(self) -> int:
        """Number of addresses that the file systems use in the private subnet."""
        lustre = lustre_addresses(self.lustre.capacity_gb) if self.lustre else 0
        return lustre + (MOUNT_TARGET_ADDRESSES if self.file_storage else 0)

    @property
    def key_paths(self) -> Iterator[tuple[str, str | None]]:
        """The path and OCID of every vault key in the section; None where it is not set."""
        for i, bucket in enumerate(self.buckets):
            yield f"storage.buckets[{i}].keyId", bucket.key_id
        for i, group in enumerate(self.volume_groups):
            yield f"storage.volumeGroups[{i}].keyId", group.key_id
        if self.lustre:
            yield "storage.lustre.keyId", self.lustre.key_id
        if self.file_storage:
            yield "storage.fileStorage.keyId", self.file_storage.key_id
