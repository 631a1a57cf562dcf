"""The controls of the CIS OCI Foundations Benchmark 3.0, and what this toolkit does about each.

Source of numbers, levels and what each control looks at: Oracle's checker of the benchmark, scripts/cis_reports.py in
github.com/oci-landing-zones/oci-cis-landingzone-quickstart (read in November 2026). The words are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from facts.engine_yaml import read_yaml

STATUSES: Mapping[str, str] = {
    "met": "met",
    "exceptions": "met, with exceptions",
    "unmet": "not met",
    "account": "a person's task",
    "absent": "does not apply",
}
"""What a control can be for a stack, in the words of the page."""

STORAGE_DELETIONS: Mapping[str, tuple[str, ...]] = {
    "file-family": (
        "EXPORT_SET_DELETE",
        "MOUNT_TARGET_DELETE",
        "FILE_SYSTEM_DELETE",
        "FILE_SYSTEM_DELETE_SNAPSHOT",
    ),
    "file-systems": ("FILE_SYSTEM_DELETE", "FILE_SYSTEM_DELETE_SNAPSHOT"),
    "mount-targets": ("MOUNT_TARGET_DELETE",),
    "object-family": ("BUCKET_DELETE", "OBJECT_DELETE"),
    "buckets": ("BUCKET_DELETE",),
    "objects": ("OBJECT_DELETE",),
    "volume-family": ("VOLUME_BACKUP_DELETE", "VOLUME_DELETE", "BOOT_VOLUME_BACKUP_DELETE"),
    "volumes": ("VOLUME_DELETE",),
    "volume-backups": ("VOLUME_BACKUP_DELETE",),
    "boot-volume-backups": ("BOOT_VOLUME_BACKUP_DELETE",),
}
"""The permissions that control 1.15 keeps from who manages storage, by resource type: what the checker looks for. Their
names are those of Oracle's policy reference (facts/policies/words.yaml)."""

_FILE = Path(__file__).parent / "data" / "cis.yaml"


@dataclass(frozen=True, kw_only=True)
class Control:
    """A control of the benchmark."""

    number: str
    level: int
    """1: for every tenancy. 2: for those with more to protect."""

    wants: str
    """What it wants, in a few words."""

    prod: str
    """Its status in prod, one of STATUSES. A test compares it with prod's resources."""

    does: str
    """What the toolkit does, or why it does not."""


@cache
def controls() -> tuple[Control, ...]:
    """Every control, in the order of the benchmark."""
    found = cast(Mapping[str, Mapping[str, object]], read_yaml(_FILE).value)
    return tuple(
        Control(
            number=number,
            level=int(str(each["level"])),
            wants=str(each["wants"]),
            prod=str(each["prod"]),
            does=str(each["does"]),
        )
        for number, each in found.items()
    )
