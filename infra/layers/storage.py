"""Storage: buckets and their copies, block volumes, file systems for shared weights."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import objectstorage

from infra.context import Context, Ids
from infra.settings import Settings

from .storage_buckets import create_bucket, create_copy
from .storage_files import create_files, create_lustre
from .storage_place import Place
from .storage_volumes import create_volumes


@dataclass(frozen=True, kw_only=True)
class StorageLayer:
    """What other layers and users need of the storage."""

    bucket_names: Mapping[str, pulumi.Output[str]]
    """Full names of the buckets by their names in the settings."""

    outputs: Mapping[str, object]
    """`copies`, `volumeIds`, `lustre`, `fileStorage`: what the settings leave out is missing."""


def create_storage(
    settings: Settings,
    context: Context,
    *,
    subnet_ids: Ids,
    group_ids: Ids,
    key_ids: Mapping[str, pulumi.Output[str]],
    ready: list[pulumi.Resource],
) -> StorageLayer:
    """What the settings name; `ready` is what must stand before keys and networks are used."""
    wanted = settings.storage
    place = Place(
        context=context,
        subnet_id=subnet_ids["private"],
        group_ids=group_ids,
        key_id=key_ids.get("storage"),
        ready=ready,
    )
    namespace = _namespace(context) if wanted.buckets else pulumi.Output.from_input("")
    buckets = {each.name: create_bucket(place, each, namespace) for each in wanted.buckets}
    names = {name: bucket.bucket_name for name, bucket in buckets.items()}
    outputs = {
        "copies": {
            each.name: create_copy(settings, place, each, buckets[each.name])
            for each in wanted.buckets
            if each.replicate
        },
        "volumeIds": create_volumes(settings, place),
        "lustre": create_lustre(settings, place, namespace, names),
        "fileStorage": create_files(settings, place),
    }
    return StorageLayer(
        bucket_names=names, outputs={key: value for key, value in outputs.items() if value not in (None, {})}
    )


def _namespace(context: Context) -> pulumi.Output[str]:
    return objectstorage.get_namespace_output(
        compartment_id=context.compartment_id, opts=pulumi.InvokeOutputOptions(provider=context.regional)
    ).namespace
