"""What OCI's storage services offer: sizes, performance levels, backup periods, retention.

Sources: the provider SDK's docstrings (performance units, tiers, Lustre names, backup periods); Oracle's pages on
Lustre capacity (31.2 TB at least; steps of 10.4 TB to 124.8 TB, then of 41.6 TB) and on Lustre connectivity (43 to
60 addresses for 100 TB, by tier), on retention rules, on block volumes and on file storage. The API reference
still says that Lustre grows by multiples of 5 TB. If the two differ, this file follows the page on capacity.
"""

import math
import re
from types import MappingProxyType
from typing import Final

VOLUME_GIB: Final = (50, 32_768)
"""Smallest and largest block volume in GB. The service's GB is 2^30 bytes."""

VOLUME_VPUS: Final = tuple(range(0, 121, 10))
"""Performance units per GB: 0 lower cost, 10 balanced, 20 higher, 30 to 120 ultra high performance."""

GROUP_VOLUMES: Final = 64
"""Most volumes of a volume group (the provider's own limit)."""

PERIOD_DAYS: Final = MappingProxyType(
    {"ONE_HOUR": 1, "ONE_DAY": 1, "ONE_WEEK": 7, "ONE_MONTH": 31, "ONE_YEAR": 366}
)
"""Backup periods, and the fewest days to keep a backup so that at least one always exists."""

RETENTION_LOCK_DAYS: Final = 14
"""Days that must pass before a bucket's retention rule can be locked. Nobody can undo a lock."""

RETENTION_RULES: Final = 100
"""Most retention rules of a bucket."""

LUSTRE_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,8}")
"""Names of Lustre file systems, as mount commands use them."""

LUSTRE_TIERS: Final = (125, 250, 500, 1000)
"""MB/s per TB of a Lustre file system's performance tiers."""

LUSTRE_SMALLEST_GB: Final = 31_200
_STEP_CHANGES_GB, _SMALL_STEP_GB, _LARGE_STEP_GB = 124_800, 10_400, 41_600

NETWORK_GROUPS: Final = 5
"""Most security groups of a mount target or a Lustre file system."""

MOUNT_TARGET_ADDRESSES: Final = 3
"""Addresses of the subnet that a mount target needs: one for clients, two for maintenance and failover."""


def is_lustre_capacity(gigabytes: int) -> bool:
    """Whether a Lustre file system can have this capacity."""
    return gigabytes == lustre_capacity_from(gigabytes)


def lustre_capacity_from(gigabytes: int) -> int:
    """The smallest capacity of a Lustre file system that is `gigabytes` or more."""
    if gigabytes <= LUSTRE_SMALLEST_GB:
        return LUSTRE_SMALLEST_GB
    step = _SMALL_STEP_GB if gigabytes <= _STEP_CHANGES_GB else _LARGE_STEP_GB
    return math.ceil(gigabytes / step) * step


def lustre_addresses(gigabytes: int) -> int:
    """Most addresses of its subnet that a Lustre file system uses: 60 per 100 TB."""
    return math.ceil(gigabytes * 60 / 100_000)


def climbs(path: str) -> bool:
    """Whether a path contains `//` or a part `.` or `..`. No file service accepts these in an export or a link."""
    return "//" in path or any(part in (".", "..") for part in path.split("/"))
