"""Quotas that a stack sets for its own compartment."""

from collections.abc import Sequence
from dataclasses import dataclass

from facts.quota_statements import TENANCY, Statement, parse_statement
from facts.quotas import family_of
from report.resources import Resource, as_sequence, type_chain

QUOTA = "oci:Limits/quota:Quota"
_OWN = "genai:index:CompartmentQuotas"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One quota policy."""

    name: str
    statements: Sequence[Statement]
    path: str
    """The path of the stack's compartment; `tenancy` if the report cannot tell which one it is."""

    def value(self, quota: str, region: str, domain: str) -> int | None:
        """The most of a quota in a place; None without a statement about it. The last statement applies."""
        applies = [
            each
            for each in self.statements
            if each.family == family_of(quota)
            and each.covers(quota)
            and each.is_in(self.path)
            and each.applies(region, domain)
        ]
        return applies[-1].value if applies and applies[-1].verb != "unset" else None


@dataclass(frozen=True, kw_only=True)
class Quotas:
    """The quota policies of a stack."""

    policies: Sequence[Policy]
    unknown: Sequence[str]
    """Policies whose statements are not known yet, or that the report cannot read."""

    elsewhere: Sequence[str]
    """Policies with statements about compartments that the report cannot tell from the stack's."""

    def value(self, quota: str, region: str, domain: str) -> int | None:
        """The most restrictive of all policies; None if none is about the quota."""
        found = [each.value(quota, region, domain) for each in self.policies]
        return min((each for each in found if each is not None), default=None)


def quotas_of(resources: Sequence[Resource]) -> Quotas:
    """The quota policies among the resources.

    `CompartmentQuotas` writes statements about the stack's compartment first. Which compartment another policy is about
    is known only where it names the tenancy.
    """
    policies, unknown, elsewhere = list[Policy](), list[str](), list[str]()
    for each in resources:
        if each.type != QUOTA:
            continue
        texts = as_sequence(each.inputs.get("statements"))
        read = [parse_statement(text) for text in texts if isinstance(text, str)]
        statements = [one for one in read if one]
        if not texts or len(statements) < len(texts):
            unknown.append(each.name)
            continue
        named = [one.place for one in statements if one.place != TENANCY]
        own = _OWN in type_chain(each.urn)
        if named and not own:
            elsewhere.append(each.name)
        path = named[0] if named and own else TENANCY
        policies.append(Policy(name=each.name, statements=statements, path=path))
    return Quotas(policies=policies, unknown=unknown, elsewhere=elsewhere)
