"""The principals that need a grant on a vault key, for each kind of resource. Source: Oracle's pages.

The grants are written elsewhere. The sandbox checks them against this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_COMMON = "Content/Identity/policiescommon/commonpolicies.htm"
_OKE = "Content/ContEng/Concepts/contengpolicyconfig.htm"


@dataclass(frozen=True)
class Holder:
    """A principal that can have a grant."""

    service: str = ""
    """Name of a service, with `{region}` for the region's identifier; a pattern if the name contains a realm."""

    principal: str = ""
    """Type of a resource principal: `any-user` with that type, or a dynamic group of it."""

    lends: bool = False
    """Whether it delegates the key to another service (`use key-delegate`) instead of encrypting with it (`use
    keys`)."""


@dataclass(frozen=True)
class KeyNeed:
    """The grants that a resource needs to use a key."""

    every: tuple[tuple[Holder, ...], ...]
    """Every group is needed. One holder of each group is enough."""

    page: str
    """The page, under https://docs.oracle.com/en-us/iaas/, read in November 2026."""

    verified: bool = True
    """Whether the page names the principal. The sandbox refuses a missing grant only then, and otherwise warns."""


_BLOCK = (Holder(service="blockstorage"),)

KEY_NEEDS: Mapping[str, KeyNeed] = {
    "buckets": KeyNeed(((Holder(service="objectstorage-{region}"),),), _COMMON),
    "volumes": KeyNeed((_BLOCK,), "Content/Block/Concepts/managingblockencryptionkeys.htm"),
    "boot volumes of nodes": KeyNeed((_BLOCK, (Holder(principal="nodepool", lends=True),)), _OKE),
    "claimed volumes": KeyNeed((_BLOCK, (Holder(principal="cluster", lends=True),)), _OKE),
    "file systems": KeyNeed(
        # Older grants name the service itself; Oracle's landing zones still do.
        ((Holder(principal="filesystem"), Holder(service=r"fss[A-Za-z0-9_]+prod")),),
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
    "certificate authorities": KeyNeed(
        ((Holder(principal="certificateauthority"),),),
        "Content/certificates/managing-certificate-authorities.htm",
    ),
    # UNVERIFIED: Oracle's page on Lustre's policies links to a page on its keys that could not be read.
    "Lustre": KeyNeed(
        ((Holder(service="lustrefs"),),), "Content/lustre/manage-file-systems.htm", verified=False
    ),
    # UNVERIFIED: neither this page nor the vault's policy reference names a principal.
    "PostgreSQL": KeyNeed((), "Content/postgresql/policies.htm", verified=False),
}
"""Grants by the kind of resource that is encrypted."""

CLAIM_DRIVERS: Mapping[str, tuple[str, str]] = {
    "blockvolume.csi.oraclecloud.com": ("kms-key-id", "claimed volumes"),
    "fss.csi.oraclecloud.com": ("kmsKeyOcid", "claimed file systems"),
}
"""Drivers of OKE's storage classes: the parameter that names a key, and the kind of resource that it encrypts.

Source: Oracle's pages on persistent volume claims (Content/ContEng/Tasks/contengcreatingpersistentvolumeclaim…).
"""
