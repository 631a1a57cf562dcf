"""Whom and where a policy statement grants something. Oracle's pages on policies and dynamic groups describe both."""

import re
from collections.abc import Iterator

from sandbox.oci.cloud import Cloud
from sandbox.oci.services.identity.principals import DOMAIN_DYNAMIC, DYNAMIC
from sandbox.oci.services.identity.tenancy import COMPARTMENT


def covers(cloud: Cloud, place: str, compartment: str) -> bool:
    """Whether a statement's compartment is this one or contains it. A name that nothing here has counts as true."""
    word, _, named = place.partition(" ")
    named = named.strip().strip("'")
    above = {compartment, *_parents(cloud, compartment)}
    if word.lower() == "id":
        return named in above or named.startswith("ocid1.tenancy.")
    last = word.strip("'").rsplit(":", 1)[-1].lower()
    same = {each.id for each in cloud.all(COMPARTMENT) if str(each.inputs.get("name")).lower() == last}
    return not same or bool(same & above)


def _parents(cloud: Cloud, compartment: str) -> Iterator[str]:
    entry = cloud.find(compartment)
    while entry is not None and entry.token == COMPARTMENT:
        yield str(entry.inputs.get("compartmentId"))
        entry = cloud.find(str(entry.inputs.get("compartmentId")))


def is_principal(cloud: Cloud, subject: str, condition: str, principal: str) -> bool:
    """Whether the subject of a statement is a resource principal of a type: by a condition, or by a dynamic group."""
    kind, _, names = " ".join(subject.split()).partition(" ")
    if kind.lower() == "any-user":
        return principal in _types("request.principal.type", condition) or (
            "request.principal.id" in condition.lower()
        )
    return kind.lower() == "dynamic-group" and principal in _members(cloud, names)


def _members(cloud: Cloud, names: str) -> "set[str] | _Anything":
    """Resource types in a dynamic group. Any type, if it was not created here or matches resources by OCID."""
    plain = names.rsplit("/", 1)[-1].strip().strip("'").lower()
    rules = [
        str(each.inputs.get("matchingRule") or "")
        for token in (DYNAMIC, DOMAIN_DYNAMIC)
        for each in cloud.all(token)
        if str(each.inputs.get("name") or each.inputs.get("displayName") or "").lower() == plain
    ]
    if not rules or any("resource.id" in text for text in rules):
        return _Anything()
    return {found for text in rules for found in _types("resource.type", text)}


class _Anything:
    def __contains__(self, _: object) -> bool:
        return True


def _types(variable: str, text: str) -> Iterator[str]:
    return (
        each.lower() for each in re.findall(rf"{re.escape(variable)}\s*=\s*'([^']+)'", text, re.IGNORECASE)
    )
