"""What the stack that manages the tenancy creates in it: Cloud Guard, a security zone, scans, notices of changes."""

from collections.abc import Mapping

from pydantic import Field

from infra.settings.base import Section


class CloudGuardSettings(Section):
    """Cloud Guard for the whole tenancy, with Oracle's recipes. After a removal it stays enabled, without targets."""

    enabled_elsewhere: bool = False
    """Whether Cloud Guard is already enabled. Its configuration then stays as it is, and only the targets are
    created."""

    reporting_region: str | None = None
    """Region in which Cloud Guard collects problems. OCI does not change it while Cloud Guard is enabled. Default: the
    home region."""

    compartments: dict[str, str] = Field(default_factory=dict[str, str])
    """OCIDs of compartments with targets of their own, by name. The tenancy's target covers every compartment
    already."""


class SecurityZoneSettings(Section):
    """A security zone over the environment's compartment and those below it. OCI then refuses what its policies
    deny."""

    policies: tuple[str, ...] | None = None
    """What the zone denies: `buckets_without_vault_key`, `block_volume_without_vault_key`,
    `boot_volume_without_vault_key`, `file_system_without_vault_key`, `public_buckets`, `db_instance_public_access`.
    Default: all of them."""


class ScanningSettings(Section):
    """Scans of the environment's instances, and of container images, for vulnerabilities."""

    day: str | None = None
    """Day of the weekly scan of instances, such as `SUNDAY`. Default: every day."""

    repositories: tuple[str, ...] | None = None
    """Repositories of OCI's registry whose images are scanned. They must exist. Default: none; with an empty list all
    of the compartment."""

    registry_compartment_id: str | None = None
    """OCID of the compartment of the repositories. Default: the environment's compartment."""

    images: int | None = None
    """How many images of each repository are scanned first. Default: 4."""


class NoticeSettings(Section):
    """Notices of changes to identity, networks and Cloud Guard's problems, anywhere in the tenancy."""

    topic: str | None = None
    """Name of the topic in `observability.topics` that gets them. Default: the topic of severity WARNING."""

    without: tuple[str, ...] = ()
    """Kinds of change to leave out, such as `sign-ins`."""


class TenancyWide(Section):
    """The keys of `governance` that only the stack that manages the tenancy may have."""

    cloud_guard: CloudGuardSettings | None = None
    """Cloud Guard. Default: not managed."""

    security_zone: SecurityZoneSettings | None = None
    """A security zone over the environment's compartment. It needs Cloud Guard. Default: none."""

    scanning: ScanningSettings | None = None
    """Vulnerability scans. Default: none."""

    notices: NoticeSettings | None = None
    """Notices of changes that the CIS benchmark wants. Default: none."""

    creator_tag: bool = False
    """Whether each new resource of the tenancy gets a tag with the name of who creates it,
    `genai-playground.CreatedBy`.
    Tenancies since December 2019 have such a tag of Oracle's, `Oracle-Tags.CreatedBy`, unless somebody removed it."""

    @property
    def of_the_tenancy(self) -> Mapping[str, object]:
        """The set keys among these, by their names in the stack file."""
        found: Mapping[str, object] = {
            "cloudGuard": self.cloud_guard,
            "securityZone": self.security_zone,
            "scanning": self.scanning,
            "notices": self.notices,
            "creatorTag": self.creator_tag or None,
        }
        return {key: each for key, each in found.items() if each is not None}
