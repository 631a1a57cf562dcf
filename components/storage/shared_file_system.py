"""A file system of File Storage that nodes and pods mount over NFS."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import filestorage

from components.options import child, stateful
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from facts.storage import NETWORK_GROUPS, climbs

_PATH = re.compile(r"/[A-Za-z0-9._/-]{1,1023}")


@dataclass(frozen=True, kw_only=True)
class SharedFileSystemArgs:
    """Arguments of a SharedFileSystem."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the file system."""

    availability_domain: pulumi.Input[str]
    """Name of the availability domain, preferably that of the nodes. A change replaces the file system."""

    subnet_id: pulumi.Input[str]
    """OCID of the mount target's subnet, which is regional or in the same availability domain and has 3 free addresses.
    A change replaces the mount target."""

    nsg_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the mount target's 1 to 5 security groups, which must allow TCP 111 and 2048 to 2050, and UDP 111 and
    2048."""

    client_cidr: pulumi.Input[str]
    """IPv4 CIDR of the clients that may mount it. Hostnames are not allowed."""

    further_client_cidrs: Sequence[pulumi.Input[str]] | None = None
    """More such CIDRs, for a VCN with several. Default: none."""

    export_path: str | None = None
    """Path under which clients mount it, e.g. `/weights`. A change replaces the export. Default: `/weights`."""

    snapshot_days: int | None = None
    """Days for which a nightly snapshot is kept, 1 or more. Default: no snapshots."""

    kms_key_id: pulumi.Input[str] | None = None
    """OCID of the vault key that encrypts it. File Storage must have permission to use the key. Default: Oracle's
    key."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete it, and keeps it when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class SharedFileSystem(CheckedArgs, pulumi.ComponentResource):
    """A file system, its mount target, and the export that connects them."""

    file_system_id: pulumi.Output[str]
    """OCID of the file system."""

    mount_target_id: pulumi.Output[str]
    """OCID of the mount target, which writes the logs of NFS."""

    mount_source: pulumi.Output[str]
    """`<address>:<path>`, for `mount -t nfs`."""

    volume_handle: pulumi.Output[str]
    """`<file system>:<address>:<path>`: volumeHandle of a Kubernetes volume with the driver
    `fss.csi.oraclecloud.com`."""

    def __init__(
        self, name: str, args: SharedFileSystemArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"the file system {name}")
        super().__init__("genai:index:SharedFileSystem", name, {}, opts)

        path = args.export_path or "/weights"
        system = filestorage.FileSystem(
            f"{name}-files",
            filestorage.FileSystemArgs(
                compartment_id=args.compartment_id,
                availability_domain=args.availability_domain,
                display_name=name,
                kms_key_id=args.kms_key_id,
                filesystem_snapshot_policy_id=_snapshots(self, name, args),
                freeform_tags=args.tags,
            ),
            opts=stateful(self, args.protect),
        )
        target = _target(self, name, args)
        filestorage.Export(
            f"{name}-export", _export(args, target.export_set_id, system.id, path), opts=child(self)
        )

        self.file_system_id = system.id
        self.mount_target_id = target.id
        self.mount_source = pulumi.Output.concat(target.ip_address, ":", path)
        self.volume_handle = pulumi.Output.concat(system.id, ":", target.ip_address, ":", path)
        self.register_outputs(
            {
                "fileSystemId": self.file_system_id,
                "mountTargetId": self.mount_target_id,
                "mountSource": self.mount_source,
                "volumeHandle": self.volume_handle,
            }
        )


def _target(parent: pulumi.Resource, name: str, args: SharedFileSystemArgs) -> "filestorage.MountTarget":
    return filestorage.MountTarget(
        f"{name}-target",
        filestorage.MountTargetArgs(
            compartment_id=args.compartment_id,
            availability_domain=args.availability_domain,
            display_name=name,
            subnet_id=args.subnet_id,
            nsg_ids=args.nsg_ids,
            freeform_tags=args.tags,
        ),
        opts=child(parent),
    )


def _export(
    args: SharedFileSystemArgs, export_set_id: pulumi.Input[str], system_id: pulumi.Input[str], path: str
) -> "filestorage.ExportArgs":
    clients = [
        filestorage.ExportExportOptionArgs(
            source=cidr,
            access="READ_WRITE",
            # Loaders in pods run as root, write files for other users, and use any source port.
            identity_squash="NONE",
            require_privileged_source_port=False,
        )
        for cidr in (args.client_cidr, *(args.further_client_cidrs or ()))
    ]
    return filestorage.ExportArgs(
        export_set_id=export_set_id, file_system_id=system_id, path=path, export_options=clients
    )


class FileChoices(Protocol):
    """The plain values of a file system, which the component's args and the settings both have."""

    @property
    def export_path(self) -> str | None: ...
    @property
    def snapshot_days(self) -> int | None: ...


def shared_file_problems(files: FileChoices, *, path: str) -> Iterator[Problem]:
    """Paths that clients cannot mount, and snapshots with an invalid number of days. Settings and component use the
    same messages."""
    export_path, snapshot_days = files.export_path, files.snapshot_days
    if export_path is not None and (not _PATH.fullmatch(export_path) or climbs(export_path)):
        allowed = (
            "must begin with / and contain letters, digits, periods, hyphens, underscores and single slashes,"
            " and no part . or .."
        )
        yield Problem(f"{path}.exportPath", export_path, allowed)
    if snapshot_days is not None and snapshot_days < 1:
        yield Problem(f"{path}.snapshotDays", snapshot_days, "must be 1 or more days")


def _problems(args: SharedFileSystemArgs, path: str) -> Iterator[Problem]:
    yield from shared_file_problems(args, path=path)
    if not 1 <= len(args.nsg_ids) <= NETWORK_GROUPS:
        allowed = f"must be 1 to {NETWORK_GROUPS} security groups"
        yield Problem(f"{path}.nsgIds", len(args.nsg_ids), allowed)


def _snapshots(parent: pulumi.Resource, name: str, args: SharedFileSystemArgs) -> pulumi.Output[str] | None:
    if args.snapshot_days is None:
        return None
    schedule = filestorage.FilesystemSnapshotPolicyScheduleArgs(
        period="DAILY",
        hour_of_day=2,
        time_zone="UTC",
        retention_duration_in_seconds=str(args.snapshot_days * 86_400),
    )
    policy = filestorage.FilesystemSnapshotPolicy(
        f"{name}-snapshots",
        filestorage.FilesystemSnapshotPolicyArgs(
            compartment_id=args.compartment_id,
            availability_domain=args.availability_domain,
            display_name=f"{name}-snapshots",
            schedules=[schedule],
            freeform_tags=args.tags,
        ),
        opts=child(parent),
    )
    return policy.id
