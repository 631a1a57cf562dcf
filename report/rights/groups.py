"""The groups and dynamic groups of the stack, and those that statements name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from facts.policies import DynamicGroup, Group, Subject
from facts.policies.subjects import groups_in
from report.resources import Resource

_TYPES = {
    "oci:Identity/group:Group": "group",
    "oci:Identity/domainsGroup:DomainsGroup": "group",
    "oci:Identity/dynamicGroup:DynamicGroup": "dynamic group",
    "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup": "dynamic group",
}

_BUILT_IN = ("administrators", "all domain users")
"""Groups of every tenancy. Source: Oracle's pages "The Administrators Group and Policy" and "Managing Groups"."""


@dataclass(frozen=True, kw_only=True)
class KnownGroup:
    """A group of the stack."""

    kind: str
    """`group` or `dynamic group`."""

    name: str
    ids: frozenset[str]
    rule: str = ""
    """The matching rule of a dynamic group. Empty: not known yet."""


def groups_of(resources: Sequence[Resource]) -> list[KnownGroup]:
    """The groups among these resources."""
    return [_group(each, _TYPES[each.type]) for each in resources if each.type in _TYPES]


def _group(resource: Resource, kind: str) -> KnownGroup:
    name = resource.inputs.get("displayName") or resource.inputs.get("name")
    rule = resource.inputs.get("matchingRule")
    ids = (resource.id, resource.outputs.get("ocid"), resource.outputs.get("id"))
    return KnownGroup(
        kind=kind,
        name=name if isinstance(name, str) else resource.name,
        ids=frozenset(each for each in ids if isinstance(each, str)),
        rule=rule if isinstance(rule, str) else "",
    )


def find(groups: Sequence[KnownGroup], kind: str, named: str) -> KnownGroup | None:
    """The group of this kind with a name or an OCID. IAM ignores the case of names."""
    for each in groups:
        if each.kind == kind and (each.name.lower() == named.lower() or named in each.ids):
            return each
    return None


def named_in(subject: Subject) -> Iterator[tuple[str, str]]:
    """The kind and the name or OCID of each group that a subject names."""
    if isinstance(subject, Group):
        yield "group", subject.name
    elif isinstance(subject, DynamicGroup):
        yield "dynamic group", subject.name
    else:
        yield from groups_in(subject)


def unused(groups: Sequence[KnownGroup], used: Sequence[tuple[str, str]]) -> list[KnownGroup]:
    """Groups of the stack that nothing names."""
    found = [find(groups, kind, name) for kind, name in used]
    return [each for each in groups if each not in found]
