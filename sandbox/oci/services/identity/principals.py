"""Identity: names that are unique, statements that can be read, groups and compartments that are there."""

import re
from collections.abc import Iterator
from typing import Final

from sandbox.oci.errors import OciError, conflict, invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import texts

GROUP: Final = "oci:Identity/group:Group"
DOMAIN_GROUP: Final = "oci:Identity/domainsGroup:DomainsGroup"
DYNAMIC: Final = "oci:Identity/dynamicGroup:DynamicGroup"
DOMAIN_DYNAMIC: Final = "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup"
POLICY: Final = "oci:Identity/policy:Policy"
COMPARTMENT: Final = "oci:Identity/compartment:Compartment"

BUILT_IN_GROUPS: Final = frozenset({"administrators", "all domain users"})
"""Every tenancy has them."""

_IN_TENANCY: Final = {GROUP: "Group", DYNAMIC: "Dynamic group"}


@rule(GROUP, DYNAMIC, "oci:Identity/user:User")
def lives_in_the_tenancy(call: Call) -> None:
    """400: users and groups are of the root compartment."""
    compartment = call.inputs.get("compartmentId")
    if isinstance(compartment, str) and compartment.startswith("ocid1.compartment."):
        noun = {GROUP: "Group", DYNAMIC: "Dynamic group"}.get(call.token, "User")
        raise invalid_parameter(f"{noun} can only be created in the tenancy compartment")


@rule(POLICY)
def policy_name(call: Call) -> None:
    """409: unique in its compartment, whatever the case."""
    name = str(call.inputs.get("name"))
    for other in call.cloud.all(POLICY, compartment_id=str(call.inputs.get("compartmentId"))):
        if _same(other.inputs.get("name"), name):
            raise conflict(f"Policy '{name}' already exists", "PolicyAlreadyExists")


@rule(GROUP, DYNAMIC)
def group_name(call: Call) -> None:
    """409: groups and dynamic groups are unique in the tenancy, whatever the case."""
    name = str(call.inputs.get("name"))
    if (call.token == GROUP and name.lower() in BUILT_IN_GROUPS) or any(
        _same(other.inputs.get("name"), name) for other in call.cloud.all(call.token)
    ):
        code = {GROUP: "GroupAlreadyExists", DYNAMIC: "DynamicGroupAlreadyExists"}[call.token]
        raise conflict(f"{_IN_TENANCY[call.token]} '{name}' already exists", code)


@rule(DOMAIN_GROUP, DOMAIN_DYNAMIC)
def domain_group_name(call: Call) -> None:
    """409: unique in their identity domain, in the words of its SCIM interface."""
    name, endpoint = call.inputs.get("displayName"), call.inputs.get("idcsEndpoint")
    noun = "Group" if call.token == DOMAIN_GROUP else "DynamicResourceGroup"
    for other in call.cloud.all(call.token):
        if other.inputs.get("idcsEndpoint") == endpoint and _same(other.inputs.get("displayName"), name):
            raise conflict(f"{noun} with the same displayName already exists.")


@rule(COMPARTMENT)
def compartment_name(call: Call) -> None:
    """409: unique in the parent."""
    name, parent = call.inputs.get("name"), call.inputs.get("compartmentId")
    for other in call.cloud.all(COMPARTMENT):
        if other.inputs.get("compartmentId") == parent and _same(other.inputs.get("name"), name):
            raise conflict(f"Compartment '{name}' already exists", "CompartmentAlreadyExists")


@rule("oci:Identity/tagNamespace:TagNamespace")
def namespace_name(call: Call) -> None:
    """409: tag namespaces are unique in the tenancy, whatever the case."""
    if any(_same(each.inputs.get("name"), call.inputs.get("name")) for each in call.cloud.all(call.token)):
        raise conflict(
            f"TagNamespace '{call.inputs.get('name')}' already exists", "TagNamespaceAlreadyExists"
        )


@rule("oci:Identity/tag:Tag")
def tag_name(call: Call) -> None:
    """409: tag keys are unique in their namespace."""
    for other in call.cloud.all(call.token):
        if other.inputs.get("tagNamespaceId") == call.inputs.get("tagNamespaceId") and _same(
            other.inputs.get("name"), call.inputs.get("name")
        ):
            name = call.inputs.get("name")
            raise conflict(f"TagDefinition '{name}' already exists", "TagDefinitionAlreadyExists")


def _same(one: object, other: object) -> bool:
    return isinstance(one, str) and isinstance(other, str) and one.lower() == other.lower()


_STATEMENT = re.compile(
    r"\s*(?P<kind>allow|deny|endorse|admit|define)\s+(?P<rest>.+)", re.IGNORECASE | re.DOTALL
)
_ALLOW = re.compile(
    r"(?P<subject>.+?)\s+to\s+(?P<what>\{[^}]*\}|(?:inspect|read|use|manage)\s+[\w*-]+(?:\s*,\s*[\w*-]+)*)\s+in\s+"
    r"(?:tenancy|compartment\s+(?:id\s+)?(?P<compartment>'[^']+'|\S+))(?:\s+where\s+.+)?",
    re.IGNORECASE | re.DOTALL,
)
_SUBJECT = re.compile(
    r"(?P<any>any-user|any-group)|service\s+.+|resource\s+.+"
    r"|(?P<kind>group|dynamic-group)\s+(?P<names>.+)",
    re.IGNORECASE | re.DOTALL,
)


@rule(POLICY, on="create update")
def statements(call: Call) -> None:
    """400: one to fifty statements of OCI's grammar, whose groups and compartments exist."""
    given = texts(call.inputs, "statements")
    if not 1 <= len(given) <= 50:
        raise invalid_parameter("statements size must be between 1 and 50")
    for text in given:
        found = _STATEMENT.fullmatch(text)
        if found is None:
            raise _unreadable(text)
        if found["kind"].lower() not in ("allow", "deny"):
            continue  # across tenancies: the other side is not modelled
        allowed = _ALLOW.fullmatch(found["rest"].strip())
        subject = _SUBJECT.fullmatch(allowed["subject"].strip()) if allowed else None
        if allowed is None or subject is None:
            raise _unreadable(text)
        if subject["kind"]:
            _require_groups(call, subject["kind"].lower(), subject["names"])
        if allowed["compartment"]:
            _require_compartment(call, allowed["compartment"].strip("'"))


def _unreadable(text: str) -> OciError:
    return invalid_parameter(f"Unable to parse policy statement: {text}")


def _named(names: str) -> Iterator[str]:
    """Names and OCIDs of a list: A, 'B C', 'Domain'/'Group', Domain/Group, id ocid1.group..."""
    for each in names.split(","):
        text = each.strip()
        if text.lower().startswith("id "):
            yield text[3:].strip().strip("'")
        else:
            yield text.rsplit("/", 1)[-1].strip().strip("'\"")


def _require_groups(call: Call, kind: str, names: str) -> None:
    tokens = (GROUP, DOMAIN_GROUP) if kind == "group" else (DYNAMIC, DOMAIN_DYNAMIC)
    for name in _named(names):
        if name.startswith("ocid1."):
            call.cloud.require(name, *tokens, path="statements")
            continue
        if kind == "group" and name.lower() in BUILT_IN_GROUPS:
            continue
        there = (each for token in tokens for each in call.cloud.all(token))
        if not any(_same(each.name, name) for each in there):
            raise invalid_parameter(
                f"The {kind} {name} specified in the policy statement does not exist under current compartment "
                "hierarchy."
            )


def _require_compartment(call: Call, name: str) -> None:
    """By OCID it is adopted like any reference; by name it may be one that was adopted, its name unknown."""
    if name.startswith("ocid1."):
        call.cloud.require(name, COMPARTMENT, "oci:Identity/tenancy:Tenancy", path="statements")
        return
    compartments = call.cloud.all(COMPARTMENT)
    if any(each.assumed for each in compartments):
        return
    if not any(_same(each.inputs.get("name"), name.rsplit(":", 1)[-1]) for each in compartments):
        raise invalid_parameter(
            f"The compartment {name} specified in the policy statement does not exist under current compartment "
            "hierarchy."
        )


@rule(DYNAMIC, DOMAIN_DYNAMIC, on="create update")
def matching_rule(call: Call) -> None:
    """400: ALL {...}, ANY {...} or one condition on an instance or a resource."""
    text = str(call.inputs.get("matchingRule") or "").strip()
    body = re.fullmatch(r"(?:all|any)\s*\{(?P<body>.+)\}", text, re.IGNORECASE | re.DOTALL)
    inner = body["body"] if body else text
    if not re.search(r"\b(?:instance|resource|tag)\.[\w.-]+", inner) or inner.count("'") % 2:
        raise invalid_parameter(f"Invalid matching rule: {text}")
