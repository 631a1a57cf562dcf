"""Storage: the buckets."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import objectstorage

from components.storage.bucket import Bucket, BucketArgs
from infra.context import Context
from infra.settings import Settings


@dataclass(frozen=True, kw_only=True)
class StorageLayer:
    """What other layers and users need of the storage."""

    bucket_names: Mapping[str, pulumi.Output[str]]
    """Full names of the buckets by their names in the settings."""


def create_storage(
    settings: Settings,
    context: Context,
    *,
    key_ids: Mapping[str, pulumi.Output[str]],
    ready: list[pulumi.Resource],
) -> StorageLayer:
    """One bucket for each of the settings; `ready` is what must stand before the keys are used."""
    if not settings.storage.buckets:
        return StorageLayer(bucket_names={})
    namespace = objectstorage.get_namespace_output(
        compartment_id=context.compartment_id, opts=pulumi.InvokeOutputOptions(provider=context.regional)
    ).namespace
    buckets = {
        wanted.name: Bucket(
            context.name(wanted.name),
            BucketArgs(
                compartment_id=context.compartment_id,
                namespace=namespace,
                bucket_name=context.name(wanted.name),
                versioning=wanted.versioning,
                storage_tier=wanted.storage_tier,
                auto_tiering=wanted.auto_tiering,
                kms_key_id=wanted.key_id or key_ids.get("storage"),
                lifecycle=wanted.lifecycle_args,
                retention_days=wanted.retention_days,
                protect=context.protect,
                tags=context.tags,
            ),
            pulumi.ResourceOptions.merge(context.in_region, pulumi.ResourceOptions(depends_on=ready)),
        )
        for wanted in settings.storage.buckets
    }
    return StorageLayer(bucket_names={name: bucket.bucket_name for name, bucket in buckets.items()})
