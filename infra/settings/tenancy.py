"""Where the environment is: region, compartment, and the place that `pulumi up` runs in."""

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

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
"""What Python's configparser, which the OCI SDK uses, accepts in brackets."""

OWN_TAGS = ("Project", "Environment", "ManagedBy")
"""Keys of the free-form tags that the program sets on every resource."""


class Deployer(Section):
    """Where `pulumi up` runs. This decides whether it can reach a private API endpoint."""

    access: Literal["inside", "tunnel", "internet"] = "tunnel"
    """`inside`: on a host in the VCN, which `cidr` lets in. `tunnel`: through `playground tunnel STACK`.
    `internet`: neither; it reaches only a public API endpoint."""

    tunnel_port: int = Field(default=6443, ge=1024, le=65535)
    """Local TCP port of the tunnel."""

    cidr: str | None = None
    """The deployer's own addresses, as an IPv4 network. Required with `inside`, because the API endpoint must let them
    in, and with a public endpoint, whose `allowedCidrs` must contain them. Default: not set, which is enough for a
    tunnel."""


class Tenancy(Section):
    """Region, compartment and credentials of one environment."""

    region: str
    """OCI region of all resources except identity, e.g. `us-ashburn-1`."""

    home_region: str | None = None
    """The tenancy's home region. Identity resources and budgets are created there. Default: `region`."""

    second_region: str | None = None
    """OCI region for copies of data. The tenancy must be subscribed to it. Default: nothing is copied."""

    tenancy_id: str
    """OCID of the tenancy."""

    compartment_id: str
    """OCID of the compartment for the environment. It must exist."""

    auth: Auth = "ApiKey"
    """How the OCI provider authenticates."""

    config_file_profile: str | None = None
    """Profile of `~/.oci/config`. Default: the provider's own, `DEFAULT`."""

    tags: dict[str, str] = Field(default_factory=dict[str, str])
    """Free-form tags for every resource that supports tags, in addition to those that the program sets."""

    protect: bool | None = None
    """Whether resources with data are protected from deletion and kept by `destroy`. Default: only in `prod`."""

    deployer: Deployer = Field(default_factory=Deployer)
    """Where `pulumi up` runs."""

    @property
    def identity_region(self) -> str:
        """The home region, where identity resources and budgets are created."""
        return self.home_region or self.region


PROTECTED_ENVIRONMENTS = frozenset({"prod"})
"""Environments that are protected unless the settings say otherwise."""


def protects(tenancy: Tenancy, environment: str) -> bool:
    """Whether resources with data are protected from deletion and kept by `destroy`."""
    return environment in PROTECTED_ENVIRONMENTS if tenancy.protect is None else tenancy.protect


def region_of(tenancy: Tenancy | None) -> str | None:
    """The environment's region, or None if the section could not be read."""
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
    """Regions of another realm. A tenancy belongs to one realm, and data cannot be copied between realms."""
    for key, name in (("homeRegion", tenancy.home_region), ("secondRegion", tenancy.second_region)):
        yield from same_realm_problems(name, tenancy.region, f"tenancy.{key}")


def same_realm_problems(name: str | None, region: str, path: str) -> Iterator[Problem]:
    """A region of another realm than the environment's own. Another rule checks unknown regions."""
    own, other = REGIONS.get(region), REGIONS.get(name or "")
    if own and other and other.realm != own.realm:
        allowed = f"must be in realm {own.realm}, like {own.name}, not in {other.realm}"
        yield Problem(path, other.name, allowed)


def region_problems(region: str, path: str) -> Iterator[Problem]:
    """A region that does not exist in OCI. It cannot be a placeholder: it gives the realm and the number of domains."""
    if region in REGIONS:
        return
    otherwise = "`oci iam region list` lists them"
    yield Problem.not_one_of(path, region, REGIONS, "must be the name of an OCI region", otherwise=otherwise)
