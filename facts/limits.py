"""Service limits and quotas by OCI's names, and fixed limits of services.

Sources: Oracle's pages on compute quotas, capacity reservations, networking limits, budgets, alarms and object
storage; the provider SDK's docstrings. The real limits of a tenancy come from its limits service. A default here
is only the limit that the sandbox starts with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Scope = Literal["availability-domain", "region", "tenancy"]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One service limit. Quota statements use the same name under `family`."""

    name: str
    service: str
    """Name of the service in the limits service."""
    family: str
    """Name of the service in quota statements."""
    scope: Scope
    counts: str
    assumed_default: int
    """The limit in the sandbox. Accounts differ."""
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
"""Most security rules of one network security group, in both directions together. The source is third parties, not an
Oracle page."""
