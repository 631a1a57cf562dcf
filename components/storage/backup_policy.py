"""When block volumes are backed up, and how long the backups are kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import pulumi
from pulumi_oci import core

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from facts.storage import PERIOD_DAYS

PERIODS: Mapping[str, str] = MappingProxyType(
    {
        "hourly": "ONE_HOUR",
        "daily": "ONE_DAY",
        "weekly": "ONE_WEEK",
        "monthly": "ONE_MONTH",
        "yearly": "ONE_YEAR",
    }
)
"""The toolkit's words for the service's periods."""

_HOUR = 2


@dataclass(frozen=True, kw_only=True)
class BackupScheduleArgs:
    """One schedule. Weekly backups run on Sundays, monthly on the 1st, yearly on 1 January. Times are in UTC."""

    period: str
    """`hourly`, `daily`, `weekly`, `monthly` or `yearly`."""

    keep_days: int
    """Days for which each backup is kept, at least the days of the period."""

    hour: int | None = None
    """Hour of the day, 0 to 23. Not with hourly. Default: 2."""

    full: bool | None = None
    """Whether each backup is a full backup instead of an incremental one. Default: no."""


@dataclass(frozen=True, kw_only=True)
class BackupPolicyArgs:
    """Arguments of a BackupPolicy."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the policy. A change replaces it."""

    schedules: Mapping[str, BackupScheduleArgs]
    """Schedules by a name that you choose, at least one."""

    copy_region: str | None = None
    """Region to which every backup is copied: the region that Oracle pairs with the volumes' region, e.g.
    `us-phoenix-1` for Ashburn. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class BackupPolicy(CheckedArgs, pulumi.ComponentResource):
    """Backup schedules for volumes and volume groups."""

    policy_id: pulumi.Output[str]
    """OCID of the policy."""

    def __init__(self, name: str, args: BackupPolicyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(backup_problems(args.schedules, path=name), f"the backup policy {name}")
        super().__init__("genai:index:BackupPolicy", name, {}, opts)

        policy = core.VolumeBackupPolicy(
            f"{name}-policy",
            core.VolumeBackupPolicyArgs(
                compartment_id=args.compartment_id,
                display_name=name,
                destination_region=args.copy_region,
                # OCI stores them as a set. Another order would appear as a change.
                schedules=[_schedule(args.schedules[each]) for each in sorted(args.schedules)],
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )

        self.policy_id = policy.id
        self.register_outputs({"policyId": self.policy_id})


class ScheduleChoices(Protocol):
    """The plain values of a schedule, which the component's args and the settings both have."""

    @property
    def period(self) -> str: ...
    @property
    def keep_days(self) -> int: ...
    @property
    def hour(self) -> int | None: ...


def backup_problems(schedules: Mapping[str, ScheduleChoices], *, path: str) -> Iterator[Problem]:
    """Unknown periods, invalid hours, and backups that are deleted before the next backup."""
    if not schedules:
        yield Problem(f"{path}.schedules", {}, "must contain at least one schedule")
    for name, schedule in schedules.items():
        at, period = f"{path}.schedules[{name!r}]", PERIODS.get(schedule.period)
        if period is None:
            yield Problem.not_one_of(f"{at}.period", schedule.period, PERIODS)
        elif schedule.keep_days < PERIOD_DAYS[period]:
            allowed = f"must be {PERIOD_DAYS[period]} or more: otherwise there are days without a backup"
            yield Problem(f"{at}.keepDays", schedule.keep_days, allowed)
        if schedule.hour is not None and schedule.period == "hourly":
            yield Problem(f"{at}.hour", schedule.hour, "must be left out: backups are hourly")
        elif schedule.hour is not None and not 0 <= schedule.hour <= 23:
            yield Problem(f"{at}.hour", schedule.hour, "must be an hour from 0 to 23, UTC")


def _schedule(schedule: BackupScheduleArgs) -> "core.VolumeBackupPolicyScheduleArgs":
    period = schedule.period
    return core.VolumeBackupPolicyScheduleArgs(
        backup_type="FULL" if schedule.full else "INCREMENTAL",
        period=PERIODS[period],
        retention_seconds=schedule.keep_days * 86_400,
        offset_type="STRUCTURED",
        hour_of_day=None if period == "hourly" else _HOUR if schedule.hour is None else schedule.hour,
        day_of_week="SUNDAY" if period == "weekly" else None,
        day_of_month=1 if period in ("monthly", "yearly") else None,
        month="JANUARY" if period == "yearly" else None,
        time_zone="UTC",
    )
