"""What a security zone can deny.

Source: docs.oracle.com/iaas/security-zone/using/security-zone-policies.htm, and the names that Oracle's landing zone
looks up: github.com/oci-landing-zones/terraform-oci-modules-security, security-zones/main.tf (both compared again in
November 2026: the six names are those of its levels 1 and 2; the page has others, about moving and attaching
resources, which would deny what this toolkit does itself, such as public balancers).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class ZonePolicy:
    """A policy of security zones."""

    denies: str
    """What it denies, in words."""

    needs_key: bool = False
    """Whether it denies resources without a customer's key."""


POLICIES: Mapping[str, ZonePolicy] = MappingProxyType(
    {
        "public_buckets": ZonePolicy("buckets that anybody can read"),
        "db_instance_public_access": ZonePolicy("databases with a public address"),
        "block_volume_without_vault_key": ZonePolicy(
            "block volumes without a customer's key", needs_key=True
        ),
        "boot_volume_without_vault_key": ZonePolicy("boot volumes without a customer's key", needs_key=True),
        "buckets_without_vault_key": ZonePolicy("buckets without a customer's key", needs_key=True),
        "file_system_without_vault_key": ZonePolicy("file systems without a customer's key", needs_key=True),
    }
)
"""The policies by Oracle's name, without its first word `deny`."""

CIS_POLICIES = tuple(POLICIES)
"""The policies of levels 1 and 2 of the CIS benchmark."""
