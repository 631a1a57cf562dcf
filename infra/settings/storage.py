"""The object storage buckets."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from components.storage.bucket import bucket_problems
from components.storage.lifecycle import LifecycleRuleArgs
from facts.problem import Problem

from .base import Name, Section


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

    retention_days: int | None = None
    """Days in which objects can be neither changed nor deleted. Default: no retention rule."""

    @property
    def lifecycle_args(self) -> Mapping[str, LifecycleRuleArgs]:
        """The lifecycle rules as the component takes them."""
        return {
            name: LifecycleRuleArgs(
                action=rule.action, days=rule.days, target=rule.target, prefixes=rule.prefixes
            )
            for name, rule in self.lifecycle.items()
        }


class Storage(Section):
    """The storage of one environment."""

    buckets: tuple[BucketSettings, ...] = ()
    """Buckets of Object Storage."""


def storage_problems(storage: Storage) -> Iterator[Problem]:
    """Buckets whose settings exclude each other."""
    for index, bucket in enumerate(storage.buckets):
        yield from bucket_problems(
            bucket.name,
            versioning=bucket.versioning or "Disabled",
            storage_tier=bucket.storage_tier or "Standard",
            auto_tiering=bucket.auto_tiering,
            lifecycle=bucket.lifecycle_args,
            retention_days=bucket.retention_days,
            path=f"storage.buckets[{index}]",
        )
