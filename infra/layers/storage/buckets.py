"""The buckets, and the copies of replicated buckets."""

import pulumi

from components.storage.bucket import Bucket, BucketArgs
from components.storage.bucket_replication import BucketReplication, BucketReplicationArgs
from infra.settings import Settings
from infra.settings.storage import BucketSettings
from infra.settings.storage.rules import COPY_SUFFIX

from .place import Place


def create_bucket(place: Place, wanted: BucketSettings, namespace: pulumi.Output[str]) -> Bucket:
    """Creates one bucket in the settings."""
    context = place.context
    args = BucketArgs(
        compartment_id=context.compartment_id,
        namespace=namespace,
        bucket_name=context.name(wanted.name),
        versioning=wanted.versioning,
        storage_tier=wanted.storage_tier,
        auto_tiering=wanted.auto_tiering,
        kms_key_id=wanted.key_id or place.key_id,
        lifecycle=wanted.lifecycle_args,
        served=wanted.served,
        retention_days=wanted.retention_days,
        retention_years=wanted.retention_years,
        retention_lock_time=wanted.retention_lock_time,
        protect=context.protect,
        tags=context.tags,
    )
    return Bucket(context.name(wanted.name), args, place.options)


def create_copy(
    settings: Settings, place: Place, wanted: BucketSettings, source: Bucket
) -> pulumi.Output[str]:
    """Creates a bucket in the second region and the replication policy. Returns the location of the copies.

    Only replication writes to the copy, so it has no lifecycle or retention rules. Oracle's key encrypts it, because
    the keys of a vault stay in their region.
    """
    context, name = place.context, place.context.name(f"{wanted.name}{COPY_SUFFIX}")
    copy_args = BucketArgs(
        compartment_id=context.compartment_id,
        namespace=source.namespace,
        bucket_name=name,
        protect=context.protect,
        tags=context.tags,
    )
    there, options = context.in_second_region(name)
    copy = Bucket(there, copy_args, options)
    args = BucketReplicationArgs(
        namespace=source.namespace,
        bucket_name=source.bucket_name,
        destination_bucket_name=copy.bucket_name,
        region=context.region,
        destination_region=settings.tenancy.second_region or "",
    )
    return BucketReplication(context.name(f"{wanted.name}-replication"), args, place.options).destination
