"""The compartment, groups, dynamic groups and policies."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from components.identity.access_policy import count_problems
from components.identity.identity_domain import domain_problems
from components.identity.service_grants import service_problems
from components.identity.settle import MOST_SECONDS
from facts.policies import statement_problems
from facts.problem import Problem

from .base import Section

CLAIMED_FILES = "file-storage"
"""The service in `identity.services` that lets the cluster create file systems for volume claims."""

_UNUSED = "must not be set without `manage`: nothing uses it"


class IdentityDomain(Section):
    """An existing identity domain."""

    name: str = "Default"
    """Name of the domain, as in policies."""

    endpoint: str
    """Domain URL, `https://idcs-….identity.oraclecloud.com:443`, from the domain's page in the console."""


class Identity(Section):
    """Groups, dynamic groups and policies of one environment, all in the home region."""

    manage: bool = True
    """Whether the program creates groups and policies. If not, somebody else must grant what it needs beforehand."""

    compartment: Literal["given", "created"] = "given"
    """`given`: the environment is in `tenancy.compartmentId`. `created`: the program creates a compartment in it, with
    the environment's name."""

    domain: IdentityDomain | None = None
    """Identity domain of the groups. Default: none, for a tenancy without identity domains."""

    settle_seconds: int | None = Field(default=None, ge=0, le=MOST_SECONDS)
    """Seconds to wait before a new grant is used, because IAM changes take minutes to spread. Default: 120; on the
    sandbox 0."""

    storage_deletion: bool = False
    """Whether Administrators and Operators may delete buckets, objects, volumes, file systems and backups. The grants
    of who deploys do not depend on it, so `pulumi destroy` works without it."""

    services: tuple[str, ...] = ()
    """OCI services that need grants in addition to those that the other sections imply, e.g. `opensearch`."""

    statements: dict[str, str] = Field(default_factory=dict[str, str])
    """More policy statements, by a name that says what they grant. Each word is checked. `manage all-resources` is
    refused, and so is `any-user` without a condition on the principal."""


def identity_problems(identity: Identity) -> Iterator[Problem]:
    """Invalid statements, unknown services and an invalid domain."""
    if identity.domain:
        domain = identity.domain
        yield from domain_problems(domain.name, domain.endpoint, path="identity.domain")
    yield from service_problems(identity.services, path="identity.services")
    if identity.statements:
        yield from count_problems(len(identity.statements), path="identity")
    for name, text in identity.statements.items():
        yield from statement_problems(text, path=f"identity.statements[{name!r}]")
    if not identity.manage:
        yield from _unused_problems(identity)


def _unused_problems(identity: Identity) -> Iterator[Problem]:
    """Settings that nothing uses, because the program creates no policies."""
    fix = "Remove them, or let the program create policies"
    for key, given in (("statements", [*identity.statements]), ("services", [*identity.services])):
        if given:
            yield Problem(f"identity.{key}", given, "must be empty without `manage`", fix)
    if identity.domain:
        yield Problem("identity.domain", identity.domain.name, _UNUSED)
    if identity.storage_deletion:
        yield Problem("identity.storageDeletion", True, _UNUSED)
