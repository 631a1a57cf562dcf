"""Who may do what: the compartment, groups, dynamic groups, policies."""

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
"""The service of `identity.services` that lets the cluster make file systems for claims."""


class IdentityDomain(Section):
    """An identity domain that exists."""

    name: str = "Default"
    """Name of the domain, as policies quote it."""

    endpoint: str
    """Domain URL, `https://idcs-….identity.oraclecloud.com:443`, from the domain's page in the console."""


class Identity(Section):
    """Groups, dynamic groups and policies of one environment, all written in the home region."""

    manage: bool = True
    """Whether the program writes groups and policies. If not, somebody else grants what it needs beforehand."""

    compartment: Literal["given", "created"] = "given"
    """`given`: `tenancy.compartmentId` holds the environment. `created`: a compartment of the environment's name is
    made in it."""

    domain: IdentityDomain | None = None
    """The identity domain of the groups. Default: none, for a tenancy without identity domains."""

    settle_seconds: int | None = Field(default=None, ge=0, le=MOST_SECONDS)
    """Seconds until a written grant is used, for IAM takes minutes to spread. Default: 120, on the sandbox 0."""

    services: tuple[str, ...] = ()
    """Services of OCI that need grants beyond those that the other sections imply, e.g. `opensearch`."""

    statements: dict[str, str] = Field(default_factory=dict[str, str])
    """Further policy statements by a name that says what they grant. Each word is checked; `manage all-resources`,
    and `any-user` without a condition on the principal, are refused."""


def identity_problems(identity: Identity) -> Iterator[Problem]:
    """Statements and services that OCI does not know, and an unknown domain."""
    if identity.domain:
        domain = identity.domain
        yield from domain_problems(domain.name, domain.endpoint, path="identity.domain")
    yield from service_problems(identity.services, path="identity.services")
    if identity.statements:
        yield from count_problems(len(identity.statements), path="identity")
    for name, text in identity.statements.items():
        yield from statement_problems(text, path=f"identity.statements[{name!r}]")
    if identity.statements and not identity.manage:
        fix = "Leave them out, or let the program write policies"
        yield Problem("identity.statements", list(identity.statements), "must be empty without `manage`", fix)
