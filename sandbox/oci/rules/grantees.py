"""Whom and where a policy statement grants something. Oracle's pages on policies and dynamic groups describe both."""

import re
from collections.abc import Iterator

from sandbox.oci.cloud import Cloud
from sandbox.oci.compartments import those_above
from sandbox.oci.services.identity.principals import DOMAIN_DYNAMIC, DYNAMIC
from sandbox.oci.services.identity.tenancy import of_path


def covers(cloud: Cloud, place: str, compartment: str) -> bool:
    """Whether a statement's compartment is this one or contains it. A name that nothing here has counts as true."""
    word, _, named = place.partition(" ")
    named = named.strip().strip("'")
    above = set(those_above(cloud, compartment))
    if word.lower() == "id":
        return named in above or named.startswith("ocid1.tenancy.")
    same = of_path(cloud, word.strip("'"))
    return not same or bool(same & above)


def is_principal(
    cloud: Cloud, subject: str, condition: str, principal: str, *, compartment: str | None = None
) -> bool:
    """Whether the subject of a statement is a principal of a type: by a condition, or by a dynamic group.

    With the compartment of the principal, the rule of a dynamic group of instances must match it.
    """
    kind, _, names = " ".join(subject.split()).partition(" ")
    if kind.lower() == "any-user":
        named = principal in _values("request.principal.type", condition)
        return named or not condition or "request.principal.id" in condition.lower()
    return kind.lower() == "dynamic-group" and any(
        _contains(cloud, name, principal, compartment) for name in names.split(",")
    )


def _contains(cloud: Cloud, name: str, principal: str, compartment: str | None) -> bool:
    """Whether a dynamic group contains a principal. True if the group was not created here or names OCIDs or tags."""
    plain = name.rsplit("/", 1)[-1].strip().strip("'").lower()
    rules = [
        str(each.inputs.get("matchingRule") or "").lower()
        for token in (DYNAMIC, DOMAIN_DYNAMIC)
        for each in cloud.all(token)
        if str(each.inputs.get("name") or each.inputs.get("displayName") or "").lower() == plain
    ]
    return not rules or any(_matches(text, principal, compartment) for text in rules)


def _matches(rule: str, principal: str, compartment: str | None) -> bool:
    """Source: Oracle's page "Writing Matching Rules to Define Dynamic Groups" (managingdynamicgroups.htm)."""
    if "resource.id" in rule or principal in _values("resource.type", rule):
        return True
    if principal != "instance":
        return False
    places = set(_values("instance.compartment.id", rule))
    if places and (compartment is None or compartment.lower() in places):
        return True
    return re.search(r"\b(instance\.id|tag\.)", rule) is not None


def _values(variable: str, text: str) -> Iterator[str]:
    return (
        each.lower() for each in re.findall(rf"{re.escape(variable)}\s*=\s*'([^']+)'", text, re.IGNORECASE)
    )
