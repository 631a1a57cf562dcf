"""Block volumes that are backed up together, at the same time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import core

from components.options import child, stateful
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from facts.storage import GROUP_VOLUMES, VOLUME_GIB, VOLUME_VPUS

BALANCED = 10


@dataclass(frozen=True, kw_only=True)
class BlockVolumeArgs:
    """One block volume."""

    size_gib: int
    """Size in GiB, 50 to 32,768. It can grow, never shrink."""

    vpus_per_gib: int | None = None
    """Performance units per GiB: 0 lower cost, 10 balanced, 20 higher, 30 to 120 ultra high. Default: 10."""

    max_vpus_per_gib: int | None = None
    """Performance units to which the service raises the volume while it is busy, more than `vpus_per_gib`. Default: the
    service does not raise it."""


@dataclass(frozen=True, kw_only=True)
class VolumeGroupArgs:
    """Arguments of a VolumeGroup."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the volumes."""

    availability_domain: pulumi.Input[str]
    """Name of the availability domain of the volumes and of the instances that attach them. A change replaces the
    volumes."""

    volumes: Mapping[str, BlockVolumeArgs]
    """1 to 64 volumes by name. If you add or remove a volume, the group is replaced, but not the other volumes."""

    backup_policy_id: pulumi.Input[str] | None = None
    """OCID of the backup policy of the group. Default: no backups."""

    kms_key_id: pulumi.Input[str] | None = None
    """OCID of the vault key that encrypts the volumes. The service `blockstorage` must have permission to use it.
    Default: Oracle's key."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the volumes, and keeps them when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class VolumeGroup(CheckedArgs, pulumi.ComponentResource):
    """Block volumes, their group, and the group's backup policy.

    A Kubernetes volume can use one: driver `blockvolume.csi.oraclecloud.com`, with the OCID as volumeHandle.
    """

    group_id: pulumi.Output[str]
    """OCID of the group."""

    volume_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the volumes by name."""

    def __init__(self, name: str, args: VolumeGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(volume_group_problems(args.volumes, path=name), f"the volume group {name}")
        super().__init__("genai:index:VolumeGroup", name, {}, opts)

        volumes = {
            each: core.Volume(f"{name}-{each}", _volume(f"{name}-{each}", wanted, args),
                              opts=stateful(self, args.protect))
            for each, wanted in sorted(args.volumes.items())
        }  # fmt: skip
        group = core.VolumeGroup(
            f"{name}-group",
            core.VolumeGroupArgs(
                compartment_id=args.compartment_id,
                availability_domain=args.availability_domain,
                display_name=name,
                source_details=core.VolumeGroupSourceDetailsArgs(
                    type="volumeIds", volume_ids=[volume.id for volume in volumes.values()]
                ),
                freeform_tags=args.tags,
            ),
            # A volume can be in only one group, so the old group is deleted first. It contains no data, so it is not
            # protected.
            opts=child(self, pulumi.ResourceOptions(delete_before_replace=True)),
        )
        if args.backup_policy_id is not None:
            core.VolumeBackupPolicyAssignment(
                f"{name}-backups",
                core.VolumeBackupPolicyAssignmentArgs(asset_id=group.id, policy_id=args.backup_policy_id),
                # An asset can have only one policy.
                opts=child(self, pulumi.ResourceOptions(delete_before_replace=True)),
            )

        self.group_id = group.id
        self.volume_ids = pulumi.Output.all(**{each: volume.id for each, volume in volumes.items()})
        self.register_outputs({"groupId": self.group_id, "volumeIds": self.volume_ids})


class VolumeChoices(Protocol):
    """The plain values of a volume, which the component's args and the settings both have."""

    @property
    def size_gib(self) -> int: ...
    @property
    def vpus_per_gib(self) -> int | None: ...
    @property
    def max_vpus_per_gib(self) -> int | None: ...


def volume_group_problems(volumes: Mapping[str, VolumeChoices], *, path: str) -> Iterator[Problem]:
    """Too many volumes or none, and sizes and performance levels that block volumes do not support."""
    if not 1 <= len(volumes) <= GROUP_VOLUMES:
        yield Problem(f"{path}.volumes", len(volumes), f"must be 1 to {GROUP_VOLUMES} volumes")
    for name, volume in volumes.items():
        yield from _volume_problems(volume, f"{path}.volumes[{name!r}]")


def _volume_problems(volume: VolumeChoices, path: str) -> Iterator[Problem]:
    low, high = VOLUME_GIB
    if not low <= volume.size_gib <= high:
        yield Problem(f"{path}.sizeGib", volume.size_gib, f"must be from {low:,} to {high:,} GiB")
    usual, most = volume.vpus_per_gib, volume.max_vpus_per_gib
    for key, value in (("vpusPerGib", usual), ("maxVpusPerGib", most)):
        if value is not None and value not in VOLUME_VPUS:
            yield Problem(f"{path}.{key}", value, "must be a multiple of 10 from 0 to 120")
    if most is not None and most <= (BALANCED if usual is None else usual):
        allowed = f"must be more than vpusPerGib, {BALANCED if usual is None else usual}"
        yield Problem(f"{path}.maxVpusPerGib", most, allowed)


def _volume(name: str, wanted: BlockVolumeArgs, args: VolumeGroupArgs) -> "core.VolumeArgs":
    usual, most = wanted.vpus_per_gib, wanted.max_vpus_per_gib
    tuning = core.VolumeAutotunePolicyArgs(autotune_type="PERFORMANCE_BASED", max_vpus_per_gb=str(most))
    return core.VolumeArgs(
        compartment_id=args.compartment_id,
        availability_domain=args.availability_domain,
        display_name=name,
        size_in_gbs=str(wanted.size_gib),
        vpus_per_gb=str(BALANCED if usual is None else usual),
        autotune_policies=None if most is None else [tuning],
        kms_key_id=args.kms_key_id,
        freeform_tags=args.tags,
    )
