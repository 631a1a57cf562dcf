"""The file systems for shared weights. Each is optional."""

from collections.abc import Mapping

import pulumi

from components.storage.lustre_file_system import (
    LustreFileSystem,
    LustreFileSystemArgs,
    ObjectStorageLinkArgs,
)
from components.storage.shared_file_system import SharedFileSystem, SharedFileSystemArgs
from infra.settings import Settings
from infra.settings.storage import LustreLink

from .place import Place


def create_lustre(
    settings: Settings,
    place: Place,
    namespace: pulumi.Output[str],
    bucket_names: Mapping[str, pulumi.Output[str]],
) -> pulumi.Output[str] | None:
    """Creates the Lustre file system. Returns what clients mount."""
    wanted, context = settings.storage.lustre, place.context
    if wanted is None:
        return None
    args = LustreFileSystemArgs(
        compartment_id=context.compartment_id,
        availability_domain=context.availability_domains[wanted.availability_domain - 1],
        subnet_id=place.subnet_id,
        nsg_ids=place.network.groups("lustre"),
        file_system_name=wanted.name,
        capacity_gb=wanted.capacity_gb,
        mbps_per_tb=wanted.mbps_per_tb,
        kms_key_id=wanted.key_id or place.key_id,
        links={
            name: _link(link, namespace, bucket_names[link.bucket]) for name, link in wanted.links.items()
        },
        protect=context.protect,
        tags=context.tags,
    )
    return LustreFileSystem(context.name("lustre"), args, place.options).mount_source


def _link(
    link: LustreLink, namespace: pulumi.Output[str], bucket: pulumi.Output[str]
) -> ObjectStorageLinkArgs:
    source = pulumi.Output.concat(namespace, ":/", bucket, f"/{link.prefix}" if link.prefix else "")
    return ObjectStorageLinkArgs(
        path=link.path, source=source, overwrite=link.overwrite, import_run=link.import_run
    )


def create_files(settings: Settings, place: Place) -> SharedFileSystem | None:
    """Creates the file system of File Storage."""
    wanted, context = settings.storage.file_storage, place.context
    if wanted is None:
        return None
    args = SharedFileSystemArgs(
        compartment_id=context.compartment_id,
        availability_domain=context.availability_domains[wanted.availability_domain - 1],
        subnet_id=place.subnet_id,
        nsg_ids=place.network.groups("filestorage"),
        client_cidr=place.network.cidrs[0],
        further_client_cidrs=place.network.cidrs[1:],
        export_path=wanted.export_path,
        snapshot_days=wanted.snapshot_days,
        kms_key_id=wanted.key_id or place.key_id,
        protect=context.protect,
        tags=context.tags,
    )
    return SharedFileSystem(context.name("files"), args, place.options)
