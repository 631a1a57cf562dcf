"""Who must be granted a key of the vault for each kind of resource, as Oracle's pages say it.

Grants and sandbox read this each for itself: the grants are written elsewhere, and are judged by this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_COMMON = "Content/Identity/policiescommon/commonpolicies.htm"
_OKE = "Content/ContEng/Concepts/contengpolicyconfig.htm"


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a grant."""

    service: str = ""
    """Service by name, with `{region}` for the region's identifier; a pattern where a realm is in the name."""

    principal: str = ""
    """Type of a resource that acts for itself: `any-user` with that type, or a dynamic group of it."""

    lends: bool = False
    """Whether it passes the key on (`use key-delegate`) in place of encrypting with it (`use keys`)."""


@dataclass(frozen=True)
class KeyNeed:
    """Grants without which a resource gets no key."""

    every: tuple[tuple[Holder, ...], ...]
    """Each of them is needed; within one, any of the holders will do."""

    page: str
    """Where it was read in November 2026, under https://docs.oracle.com/en-us/iaas/."""


_BLOCK = (Holder(service="blockstorage"),)

KEY_NEEDS: Mapping[str, KeyNeed] = {
    "buckets": KeyNeed(((Holder(service="objectstorage-{region}"),),), _COMMON),
    "volumes": KeyNeed((_BLOCK,), "Content/Block/Concepts/managingblockencryptionkeys.htm"),
    "boot volumes of nodes": KeyNeed((_BLOCK, (Holder(principal="nodepool", lends=True),)), _OKE),
    "claimed volumes": KeyNeed((_BLOCK, (Holder(principal="cluster", lends=True),)), _OKE),
    "file systems": KeyNeed(
        # The service's own name is how it was granted before, and is still in Oracle's landing zones.
        ((Holder(principal="filesystem"), Holder(service=r"fss\w+prod")),),
        "Content/File/Tasks/encrypt-file-system.htm",
    ),
    "claimed file systems": KeyNeed(
        ((Holder(principal="filesystem"),), (Holder(principal="cluster", lends=True),)), _OKE
    ),
    "Kubernetes secrets": KeyNeed(
        ((Holder(principal="cluster"),),), "Content/ContEng/Tasks/contengencryptingdata.htm"
    ),
    "streams": KeyNeed(((Holder(service="streaming"),),), _COMMON),
    "Autonomous Databases": KeyNeed(
        ((Holder(principal="autonomousdatabase"),),),
        "autonomous-database-serverless/doc/prerequisite-user-managed-key.html",
    ),
    # Oracle's page on Lustre's policies sends to one on its keys that could not be read: UNVERIFIED.
    "Lustre": KeyNeed(((Holder(service="lustrefs"),),), "Content/lustre/manage-file-systems.htm"),
}
"""By what is encrypted."""

CLAIM_DRIVERS: Mapping[str, tuple[str, str]] = {
    "blockvolume.csi.oraclecloud.com": ("kms-key-id", "claimed volumes"),
    "fss.csi.oraclecloud.com": ("kmsKeyOcid", "claimed file systems"),
}
"""Drivers of OKE's storage classes: the parameter that names a key, and what is then encrypted.

Source: Oracle's pages on persistent volume claims (Content/ContEng/Tasks/contengcreatingpersistentvolumeclaim…).
"""
