"""A Lustre file system, for many nodes that read weights at the speed of their network."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import lustre

from components.options import child, stateful
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from facts.storage import (
    LUSTRE_NAME,
    LUSTRE_TIERS,
    NETWORK_GROUPS,
    climbs,
    is_lustre_capacity,
    lustre_capacity_from,
)


@dataclass(frozen=True, kw_only=True)
class ObjectStorageLinkArgs:
    """A directory of the file system that is imported from a bucket and can be exported to it."""

    path: str
    """Directory in the file system, e.g. `/weights`. A change replaces the link."""

    source: pulumi.Input[str]
    """`<namespace>:/<bucket>/<prefix>`, the prefix optional. A change replaces the link."""

    overwrite: bool | None = None
    """Whether an import overwrites existing files. Default: no."""

    import_run: int | None = None
    """Number of imports. Increase it by one to start an import. Default: no import."""


@dataclass(frozen=True, kw_only=True)
class LustreFileSystemArgs:
    """Arguments of a LustreFileSystem."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the file system."""

    availability_domain: pulumi.Input[str]
    """Name of the availability domain, preferably that of the GPU nodes. A change replaces the file system."""

    subnet_id: pulumi.Input[str]
    """OCID of its subnet, with 60 free addresses per 100 TB. The service `lustrefs` must have permission to use the
    network. A change replaces the file system."""

    nsg_ids: Sequence[pulumi.Input[str]]
    """OCIDs of its 1 to 5 security groups, which must allow TCP 988 from source ports 512 to 1023 in both
    directions."""

    file_system_name: str
    """Name in mount commands: 1 to 8 letters, digits and underscores. A change replaces the file system."""

    capacity_gb: int | None = None
    """Capacity in GB: 31,200, or more in steps of 10,400 up to 124,800, then of 41,600. It can grow, never shrink.
    Default: 31,200."""

    mbps_per_tb: int | None = None
    """Performance tier in MB/s per TB: 125, 250, 500 or 1000. A change replaces the file system. Default: 125."""

    squash_root: bool | None = None
    """Whether the root user of a client is mapped to nobody. Pods that load weights usually run as root. Default:
    no."""

    kms_key_id: pulumi.Input[str] | None = None
    """OCID of the vault key that encrypts it. Default: Oracle's key."""

    links: Mapping[str, ObjectStorageLinkArgs] | None = None
    """Links to Object Storage by name. Default: none."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete it, and keeps it when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class LustreFileSystem(CheckedArgs, pulumi.ComponentResource):
    """A Lustre file system and its links to Object Storage.

    The service creates no backups: keep data that must not be lost in a bucket.
    """

    file_system_id: pulumi.Output[str]
    """OCID of the file system."""

    mount_source: pulumi.Output[str]
    """`<address>@<network>:/<name>`: the source for mounts, and the volumeHandle of a Kubernetes volume with the driver
    `lustre.csi.oraclecloud.com`."""

    def __init__(
        self, name: str, args: LustreFileSystemArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"the Lustre file system {name}")
        super().__init__("genai:index:LustreFileSystem", name, {}, opts)

        system = lustre.FileStorageLustreFileSystem(
            f"{name}-lustre",
            lustre.FileStorageLustreFileSystemArgs(
                compartment_id=args.compartment_id,
                availability_domain=args.availability_domain,
                display_name=name,
                file_system_name=args.file_system_name,
                capacity_in_gbs=_capacity(args),
                performance_tier=f"MBPS_PER_TB_{_tier(args)}",
                root_squash_configuration=lustre.FileStorageLustreFileSystemRootSquashConfigurationArgs(
                    identity_squash="ROOT" if args.squash_root else "NONE"
                ),
                subnet_id=args.subnet_id,
                nsg_ids=args.nsg_ids,
                kms_key_id=args.kms_key_id,
                freeform_tags=args.tags,
            ),
            opts=stateful(
                self,
                args.protect,
                pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="2h", update="2h")),
            ),
        )
        # Another bucket replaces a link, and a directory has only one.
        opts_of_links = child(self, pulumi.ResourceOptions(delete_before_replace=True))
        for each, link in (args.links or {}).items():
            made = _link(f"{name}-{each}", link, args, system.id)
            lustre.FileStorageObjectStorageLink(f"{name}-{each}", made, opts=opts_of_links)

        self.file_system_id = system.id
        self.mount_source = pulumi.Output.concat(
            system.management_service_address, "@", system.lnet, ":/", args.file_system_name
        )
        self.register_outputs({"fileSystemId": self.file_system_id, "mountSource": self.mount_source})


class LinkChoices(Protocol):
    """A link to a bucket."""

    @property
    def path(self) -> str: ...
    @property
    def import_run(self) -> int | None: ...


class LustreChoices(Protocol):
    """The plain values of a file system, which the component's args and the settings both have."""

    @property
    def capacity_gb(self) -> int | None: ...
    @property
    def mbps_per_tb(self) -> int | None: ...
    @property
    def links(self) -> Mapping[str, LinkChoices] | None: ...


def lustre_problems(system: LustreChoices, *, file_system_name: str, path: str) -> Iterator[Problem]:
    """Names, sizes and tiers that Lustre does not support, and several links of one directory."""
    capacity_gb, mbps_per_tb = _capacity(system), _tier(system)
    if not LUSTRE_NAME.fullmatch(file_system_name):
        allowed = "must be 1 to 8 letters, digits and underscores"
        yield Problem(f"{path}.name", file_system_name, allowed)
    if not is_lustre_capacity(capacity_gb):
        allowed = "must be 31,200 GB, or more in steps of 10,400 up to 124,800, then of 41,600"
        fix = f"The next valid size is {lustre_capacity_from(capacity_gb):,}"
        yield Problem(f"{path}.capacityGb", capacity_gb, allowed, fix)
    if mbps_per_tb not in LUSTRE_TIERS:
        tiers = ", ".join(map(str, LUSTRE_TIERS))
        yield Problem(f"{path}.mbpsPerTb", mbps_per_tb, f"must be one of {tiers}")
    first: dict[str, str] = {}
    for name, link in (system.links or {}).items():
        at, directory = f"{path}.links[{name!r}].path", link.path
        if link.import_run is not None and link.import_run < 0:
            allowed = "must be 0 or more, and increase by one for each import"
            yield Problem(f"{path}.links[{name!r}].importRun", link.import_run, allowed)
        if not directory.startswith("/") or climbs(directory):
            yield Problem(
                at, directory, "must begin with / and contain no double slashes and no part . or .."
            )
        if directory in first:
            yield Problem(at, directory, f"must differ from the directory of {first[directory]!r}")
        first.setdefault(directory, name)


def _problems(args: LustreFileSystemArgs, path: str) -> Iterator[Problem]:
    yield from lustre_problems(args, file_system_name=args.file_system_name, path=path)
    if not 1 <= len(args.nsg_ids) <= NETWORK_GROUPS:
        allowed = f"must be 1 to {NETWORK_GROUPS} security groups"
        yield Problem(f"{path}.nsgIds", len(args.nsg_ids), allowed)


def _capacity(system: LustreChoices) -> int:
    return 31_200 if system.capacity_gb is None else system.capacity_gb


def _tier(system: LustreChoices) -> int:
    return 125 if system.mbps_per_tb is None else system.mbps_per_tb


def _link(
    name: str, link: ObjectStorageLinkArgs, args: LustreFileSystemArgs, system_id: pulumi.Output[str]
) -> "lustre.FileStorageObjectStorageLinkArgs":
    return lustre.FileStorageObjectStorageLinkArgs(
        compartment_id=args.compartment_id,
        availability_domain=args.availability_domain,
        display_name=name,
        lustre_file_system_id=system_id,
        file_system_path=link.path,
        object_storage_prefix=link.source,
        is_overwrite=bool(link.overwrite),
        start_import_from_object_trigger=link.import_run,
        freeform_tags=args.tags,
    )
