"""The object storage buckets."""

from typing import Literal

from pydantic import Field

from .base import Name, Section


class BucketSettings(Section):
    """A bucket of Object Storage."""

    name: Name
    """Name of the bucket after the environment's prefix, unique in the environment."""

    versioning: bool = False
    """Whether overwritten and deleted objects stay as older versions. Not together with `retentionDays`."""

    storage_tier: Literal["Standard", "Archive"] = "Standard"
    """Tier of new objects. It cannot change later without replacing the bucket."""

    key_id: str | None = None
    """OCID of the vault key that encrypts the bucket. Default: Oracle's key."""

    archive_previous_versions_days: int | None = Field(default=None, ge=1)
    """Days after which older versions are archived. Objects being served are never archived."""

    delete_after_days: int | None = Field(default=None, ge=1)
    """Days after which objects are deleted. Default: never."""

    delete_previous_versions_days: int | None = Field(default=None, ge=1)
    """Days after which older versions are deleted. Default: never."""

    retention_days: int | None = Field(default=None, ge=1)
    """Days in which objects can be neither changed nor deleted. Default: no retention rule."""


class Storage(Section):
    """The storage of one environment."""

    buckets: tuple[BucketSettings, ...] = ()
    """Buckets of Object Storage."""
