"""The identity domain of groups, if the tenancy has domains."""

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi

from facts.problem import Problem
from facts.web_addresses import split_address

GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group"
DYNAMIC_GROUP_SCHEMA = "urn:ietf:params:scim:schemas:oracle:idcs:DynamicResourceGroup"


@dataclass(frozen=True, kw_only=True)
class IdentityDomainArgs:
    """An existing identity domain."""

    name: str
    """Name of the domain in statements, e.g. `Default`."""

    endpoint: pulumi.Input[str]
    """The domain's own address, `https://idcs-….identity.oraclecloud.com:443` (the domain's page in the console)."""


def domain_problems(name: str, endpoint: str | None, *, path: str) -> Iterator[Problem]:
    """A name that statements cannot quote, and an invalid address."""
    if not name.strip() or name != name.strip() or set("'/") & set(name):
        allowed = "must be the name of an identity domain, without quotes, / and spaces around it"
        yield Problem(f"{path}.name", name, allowed)
    if endpoint is None:
        return
    address = split_address(endpoint)
    if address is None or address.path not in ("", "/") or address.query or address.fragment:
        fix = "The domain's page in the console shows it as Domain URL"
        yield Problem(f"{path}.endpoint", endpoint, "must be the https address of the identity domain", fix)
