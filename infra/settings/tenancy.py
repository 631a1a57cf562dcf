"""Where the environment stands: region, compartment, who may reach it, and from where."""

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from facts.ocids import is_placeholder
from facts.problem import Problem
from facts.regions import REGIONS

from .base import Section
from .values.ocid import ocid_problems

Auth = Literal[
    "ApiKey",
    "InstancePrincipal",
    "InstancePrincipalWithCerts",
    "SecurityToken",
    "ResourcePrincipal",
    "OKEWorkloadIdentity",
    "WorkloadIdentityFederation",
]


_PROFILE = re.compile(r"[^\[\]\s]([^\[\]\r\n]*[^\[\]\s])?")
"""What can stand in brackets in a file that Python's configparser reads, as the OCI SDK does."""

OWN_TAGS = ("Project", "Environment", "ManagedBy")
"""Keys of the free-form tags that the program sets on every resource."""


class Deployer(Section):
    """From where `pulumi up` runs: it decides whether a private API endpoint can be reached."""

    access: Literal["inside", "tunnel", "internet"] = "tunnel"
    """`inside`: a host in the VCN, let in by `cidr`. `tunnel`: through `playground tunnel STACK`.
    `internet`: neither; reaches a public API endpoint only."""

    tunnel_port: int = Field(default=6443, ge=1024, le=65535)
    """Local TCP port of the tunnel."""

    cidr: str | None = None
    """The deployer's own addresses, as an IPv4 network. Needed with `inside`, where the API endpoint lets them in, and
    with a public endpoint, whose `allowedCidrs` must hold them. Default: not said, which is enough for a tunnel."""


class Tenancy(Section):
    """Region, compartment and credentials of one environment."""

    region: str
    """OCI region that everything but identity is created in, e.g. `us-ashburn-1`."""

    home_region: str | None = None
    """The tenancy's home region, where identity and budgets are written. Default: `region`."""

    second_region: str | None = None
    """OCI region that copies of data go to; the tenancy must be subscribed to it. Default: nothing is copied."""

    tenancy_id: str
    """OCID of the tenancy."""

    compartment_id: str
    """OCID of the compartment that holds the environment. It must exist."""

    auth: Auth = "ApiKey"
    """How the OCI provider authenticates."""

    config_file_profile: str | None = None
    """Profile of `~/.oci/config`. Default: the provider's own, `DEFAULT`."""

    tags: dict[str, str] = Field(default_factory=dict[str, str])
    """Free-form tags on every resource that can carry them, beside those the program sets itself."""

    protect: bool | None = None
    """Whether what holds data is protected from deletion and kept by a destroy. Default: in `prod` only."""

    deployer: Deployer = Field(default_factory=Deployer)
    """From where `pulumi up` runs."""

    @property
    def identity_region(self) -> str:
        """The home region: where identity and budgets are written."""
        return self.home_region or self.region


def region_of(tenancy: Tenancy | None) -> str | None:
    """The environment's region, if the section that names it could be read."""
    return tenancy.region if tenancy else None


def tenancy_problems(tenancy: Tenancy) -> Iterator[Problem]:
    """Unknown regions, invalid OCIDs, and an incomplete deployer."""
    yield from region_problems(tenancy.region, "tenancy.region")
    if tenancy.home_region is not None:
        yield from region_problems(tenancy.home_region, "tenancy.homeRegion")
    yield from _realm_problems(tenancy)
    profile = tenancy.config_file_profile
    if profile is not None and not _PROFILE.fullmatch(profile):
        yield Problem("tenancy.configFileProfile", profile, "must be the name of a profile, without brackets")
    yield from ocid_problems(tenancy.tenancy_id, "tenancy", path="tenancy.tenancyId")
    yield from ocid_problems(tenancy.compartment_id, "compartment", "tenancy", path="tenancy.compartmentId")


def _realm_problems(tenancy: Tenancy) -> Iterator[Problem]:
    """Regions of another realm: a tenancy is of one realm, and nothing is copied from one to another."""
    for key, name in (("homeRegion", tenancy.home_region), ("secondRegion", tenancy.second_region)):
        yield from same_realm_problems(name, tenancy.region, f"tenancy.{key}")


def same_realm_problems(name: str | None, region: str, path: str) -> Iterator[Problem]:
    """A region of another realm than the environment's own. Names that are no region are judged elsewhere."""
    own, other = REGIONS.get(region), REGIONS.get(name or "")
    if own and other and other.realm != own.realm:
        allowed = f"must be of realm {own.realm}, as {own.name} is, not of {other.realm}"
        yield Problem(path, other.name, allowed)


def region_problems(region: str, path: str) -> Iterator[Problem]:
    """A region that OCI does not have."""
    if region in REGIONS or is_placeholder(region):
        return
    otherwise = "`oci iam region list` shows them"
    yield Problem.not_one_of(path, region, REGIONS, "must be the name of an OCI region", otherwise=otherwise)
