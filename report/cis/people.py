"""Checks of grants: who may do what."""

import re
from collections.abc import Iterator

from facts.cis import STORAGE_DELETIONS
from facts.policies import Group, Unreadable, parse_statement
from facts.policies.conditions import holds
from report.resources import Resource, as_sequence

from .finding import (
    Finding,
    Findings,
    Resources,
    of_types,
)


def _statements(resources: Resources) -> Iterator[tuple[Resource, str]]:
    for policy in of_types(resources, "oci:Identity/policy:Policy"):
        for each in as_sequence(policy.inputs.get("statements")):
            yield policy, str(each).lower()


def _grants(resources: Resources, pattern: str) -> list[Finding]:
    return [Finding(policy.name) for policy, text in _statements(resources) if re.search(pattern, text)]


def all_resources(resources: Resources) -> Findings:
    """A group that manages all resources of any compartment."""
    return _grants(resources, r"^allow group .* to manage all-resources\b")


def all_resources_in_tenancy(resources: Resources) -> Findings:
    """A group that manages all resources of the tenancy."""
    return _grants(resources, r"^allow group .* to manage all-resources in tenancy")


def users_and_groups(resources: Resources) -> Findings:
    """A group that changes users or groups of the tenancy, the administrators' group among them."""
    return [
        Finding(policy.name)
        for policy, text in _statements(resources)
        if re.search(r"^allow group .* to (use|manage) (users|groups|all-resources) in tenancy", text)
        and "target.group.name!=administrators" not in re.sub(r"[\s']", "", text)
    ]


def own_identity(resources: Resources) -> Findings:
    """No dynamic group of instances, databases, functions or a compartment's resources."""
    groups = of_types(
        resources,
        "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup",
        "oci:Identity/dynamicGroup:DynamicGroup",
    )
    rules = [str(each.inputs.get("matchingRule")).lower() for each in groups]
    words = ("instance", "fnfunc", "autonomousdatabase", "resource.compartment.id")
    return [] if any(word in rule for rule in rules for word in words) else [Finding("dynamic groups")]


def storage_deletion(resources: Resources) -> Findings:
    """A group that may delete the storage that it manages."""
    return [Finding(policy.name) for policy, text in _statements(resources) if _deletes_storage(text)]


def _deletes_storage(text: str) -> bool:
    statement = parse_statement(text)
    if isinstance(statement, Unreadable):
        return False
    kept = STORAGE_DELETIONS.get(str(statement.resource).lower(), ())
    return (
        isinstance(statement.subject, Group)
        and statement.verb == "manage"
        and any(holds(statement.where, {"request.permission": each.lower()}) for each in kept)
    )
