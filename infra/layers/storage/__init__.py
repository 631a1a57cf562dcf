"""Storage: buckets and their copies, block volumes, file systems for shared weights."""

import pulumi
from pulumi_oci import objectstorage

from infra.program.context import Context
from infra.program.outputs import NetworkLayer, StorageLayer, VaultLayer
from infra.settings import Settings

from .buckets import create_bucket, create_copy
from .files import create_files, create_lustre
from .place import Place
from .volumes import create_volumes


def create_storage(
    settings: Settings, context: Context, network: NetworkLayer, vault: VaultLayer
) -> StorageLayer:
    """Creates the storage in the settings, after the grants for keys and networks."""
    wanted = settings.storage
    place = Place(
        context=context,
        network=network,
        key_id=vault.key_ids.get("storage"),
        volumes_key_id=vault.key_ids.get("volumes"),
        ready=vault.ready,
    )
    archives = settings.observability.logs.archives if settings.observability.logs else ()
    named = _namespace(context) if wanted.buckets or archives else None
    namespace = named or pulumi.Output.from_input("")
    buckets = {each.name: create_bucket(place, each, namespace) for each in wanted.buckets}
    names = {name: bucket.bucket_name for name, bucket in buckets.items()}
    files = create_files(settings, place)
    outputs = {
        "copies": {
            each.name: create_copy(settings, place, each, buckets[each.name])
            for each in wanted.buckets
            if each.replicate
        },
        "volumeIds": create_volumes(settings, place),
        "lustre": create_lustre(settings, place, namespace, names),
        "fileStorage": files and {"mountSource": files.mount_source, "volumeHandle": files.volume_handle},
    }
    return StorageLayer(
        bucket_names=names,
        namespace=named,
        logged={"filestorage": files.mount_target_id} if files else {},
        outputs={key: value for key, value in outputs.items() if value not in (None, {})},
    )


def _namespace(context: Context) -> pulumi.Output[str]:
    return objectstorage.get_namespace_output(
        compartment_id=context.compartment_id, opts=pulumi.InvokeOutputOptions(provider=context.regional)
    ).namespace
