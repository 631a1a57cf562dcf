"""The block volumes and their backups."""

from collections.abc import Mapping

import pulumi

from components.storage.backup_policy import BackupPolicy, BackupPolicyArgs
from components.storage.volume_group import VolumeGroup, VolumeGroupArgs
from infra.settings import Settings
from infra.settings.storage import VolumeGroupSettings
from infra.settings.storage.rules import schedule_args, volume_args

from .place import Place


def create_volumes(settings: Settings, place: Place) -> Mapping[str, pulumi.Output[Mapping[str, str]]]:
    """Creates the volume groups. Returns the OCIDs of the volumes by group and name."""
    return {group.name: _group(settings, place, group) for group in settings.storage.volume_groups}


def _group(settings: Settings, place: Place, wanted: VolumeGroupSettings) -> pulumi.Output[Mapping[str, str]]:
    context = place.context
    policy = None
    if wanted.backups:
        policy_args = BackupPolicyArgs(
            compartment_id=context.compartment_id,
            schedules=schedule_args(wanted),
            copy_region=settings.tenancy.second_region if wanted.copy_backups else None,
            tags=context.tags,
        )
        policy = BackupPolicy(context.name(f"{wanted.name}-backups"), policy_args, context.in_region)
    args = VolumeGroupArgs(
        compartment_id=context.compartment_id,
        availability_domain=context.availability_domains[wanted.availability_domain - 1],
        volumes=volume_args(wanted),
        backup_policy_id=policy.policy_id if policy else None,
        kms_key_id=wanted.key_id or place.volumes_key_id,
        protect=context.protect,
        tags=context.tags,
    )
    return VolumeGroup(context.name(wanted.name), args, place.options).volume_ids
