"""Service limits and quotas by the names OCI gives them, and fixed bounds of the services used.

Sources: Oracle's pages on compute quotas, capacity reservations, networking limits, budgets, alarms and object
storage; the provider SDK's docstrings. A tenancy's own limits come from its limits service: a default here is
what the sandbox starts with, never a promise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from facts.shapes import find_shape

Scope = Literal["availability-domain", "region", "tenancy"]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One service limit. Quota statements use the same name under `family`."""

    name: str
    service: str
    """As the limits service calls it."""
    family: str
    """As quota statements call it."""
    scope: Scope
    counts: str
    assumed_default: int
    """What the sandbox grants; accounts differ."""
    source: str


_ALL = (
    Limit(
        name="gpu-mi300x-count",
        service="compute",
        family="compute-core",
        scope="availability-domain",
        counts="GPUs, not nodes: one BM.GPU.MI300X.8 counts 8",
        assumed_default=80,
        source="Oracle's compute quotas page",
    ),
    Limit(
        name="standard-e5-core-count",
        service="compute",
        family="compute-core",
        scope="availability-domain",
        counts="OCPUs of E5 shapes",
        assumed_default=200,
        source="assumed",
    ),
    Limit(
        name="vcn-count",
        service="vcn",
        family="vcn",
        scope="region",
        counts="VCNs",
        assumed_default=50,
        source="assumed",
    ),
    Limit(
        name="cluster-count",
        service="container-engine",
        family="container-engine",
        scope="region",
        counts="clusters",
        assumed_default=15,
        source="assumed",
    ),
)

LIMITS: Mapping[str, Limit] = MappingProxyType({limit.name: limit for limit in _ALL})

NSG_RULES = 120
"""Security rules of one network security group, both directions together; quoted by others, not read at Oracle."""
NSGS_PER_VNIC = 5
NSGS_PER_LUSTRE = 5

VCN_PREFIXES = (16, 30)
"""The largest and the smallest VCN."""
SUBNET_PREFIX_SMALLEST = 30

RESERVATION_CONFIGURATIONS = 50
UNUSED_RESERVATION_SHARE = 0.85
"""What an unused reserved instance costs, of its full price."""

ALARM_PENDING = ("PT1M", "PT1H")
ALARM_REPEAT = ("PT1M", "P30D")
ALARM_SLACK = ("PT3M", "PT2H")
ALARM_RESOLUTION = "1m"
ALARM_FORMATS = ("RAW", "PRETTY_JSON", "ONS_OPTIMIZED")

BUCKET_RETENTION_RULES = 100
RETENTION_LOCK_DAYS = 14
"""The least delay before a retention rule may lock; locking cannot be undone."""

BUDGET_RESET_PERIOD = "MONTHLY"
BUDGET_TARGETS = 1
BUDGET_RULE_PERCENT = 10_000
BUDGET_RULE_TYPES = ("ACTUAL", "FORECAST")

LOG_DAYS = 180
"""The longest retention of a log."""
AUDIT_DAYS = 365

VAULT_DELETION_DAYS = (7, 30)
SECRET_DELETION_DAYS = (1, 30)
KEY_ROTATION_DAYS = (60, 365)
"""Scheduled rotation, which only virtual private vaults have."""

AUTOSCALING_COOLDOWN_SECONDS = 300
AUTOSCALING_SCHEDULES = 50


def gpu_demand(shape: str, nodes: int) -> tuple[str, int] | None:
    """The limit that GPU nodes count against and by how much; None for shapes without one that is known."""
    known = find_shape(shape)
    if known is None or known.gpu_limit_name is None:
        return None
    return known.gpu_limit_name, nodes * known.gpus
