"""A policy waits for the groups of its stack that it names: IAM refuses a statement about a group that is not there."""

import re
from collections.abc import Mapping

import pytest

from infra.offline.recording import Registered
from tests.infra.snapshots import EXAMPLES, run

POLICY = "oci:Identity/policy:Policy"
GROUPS = {
    "oci:Identity/group:Group": "name",
    "oci:Identity/dynamicGroup:DynamicGroup": "name",
    "oci:Identity/domainsGroup:DomainsGroup": "displayName",
    "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup": "displayName",
}
WITH_GROUPS = ("staging", "prod", *EXAMPLES)


def awaited(urn: str, by_urn: Mapping[str, Registered], found: set[str]) -> set[str]:
    """What exists before a resource: its dependencies, and those of the components that it is in."""
    resource = by_urn.get(urn)
    for each in (*resource.depends_on, resource.parent) if resource else ():
        if each not in found:
            found.add(each)
            awaited(each, by_urn, found)
    return found


@pytest.mark.parametrize("stack", WITH_GROUPS)
def test_each_policy_waits_for_the_groups_that_it_names(stack: str) -> None:
    by_urn = {each.urn: each for each in run(stack).resources}
    groups = {each.inputs[GROUPS[each.type]]: each.urn for each in by_urn.values() if each.type in GROUPS}
    early: list[tuple[str, str]] = []
    named = 0
    for policy in by_urn.values():
        if policy.type != POLICY:
            continue
        words = {*re.findall(r"[\w-]+", " ".join(policy.inputs["statements"]))}
        before = awaited(policy.urn, by_urn, set())
        named += len(words & {*groups})
        early += [(policy.name, name) for name in words & {*groups} if groups[name] not in before]
    assert not early
    assert named or not groups
