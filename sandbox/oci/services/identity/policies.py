"""Identity: policies. Their statements must parse, and their groups, compartments and words must exist.

`facts/policies/words.yaml` lists the words, each with the page that documents it.
"""

import re
from collections.abc import Iterator
from typing import Final

from facts.policies.words import VERBS, known, region_of_service, words
from facts.regions import REGIONS
from sandbox.oci.compartments import COMPARTMENT
from sandbox.oci.errors import OciError, conflict, invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import texts
from sandbox.oci.services.identity.names import same_name
from sandbox.oci.services.identity.principals import (
    BUILT_IN_GROUPS,
    DOMAIN_DYNAMIC,
    DOMAIN_GROUP,
    DYNAMIC,
    GROUP,
)
from sandbox.oci.services.identity.tenancy import of_path

POLICY: Final = "oci:Identity/policy:Policy"

describe(POLICY, region="none")


@rule(POLICY)
def policy_name(call: Call) -> None:
    """409 for a name that the compartment already has. Ignores case."""
    name = str(call.inputs.get("name"))
    for other in call.cloud.all(POLICY, compartment_id=str(call.inputs.get("compartmentId"))):
        if same_name(other.inputs.get("name"), name):
            raise conflict(f"Policy '{name}' already exists", "PolicyAlreadyExists")


_STATEMENT = re.compile(
    r"\s*(?P<kind>allow|deny|endorse|admit|define)\s+(?P<rest>.+)", re.IGNORECASE | re.DOTALL
)

_ALLOW = re.compile(
    r"(?P<subject>.+?)\s+to\s+(?P<what>\{[^}]*\}|(?:inspect|read|use|manage)\s+[\w*-]+(?:\s*,\s*[\w*-]+)*)\s+in\s+"
    r"(?:tenancy|compartment\s+(?:id\s+(?P<id>\S+)|(?P<compartment>'[^']+'|[^'\s]+)))(?:\s+where\s+.+)?",
    re.IGNORECASE | re.DOTALL | re.UNICODE,
)

_SUBJECT = re.compile(
    r"(?P<any>any-user|any-group)|service\s+.+|resource\s+.+"
    r"|(?P<kind>group|dynamic-group)\s+(?P<names>.+)",
    re.IGNORECASE | re.DOTALL,
)


@rule(POLICY, on="create update")
def statements(call: Call) -> None:
    """400 unless there are 1 to 50 statements of OCI's grammar, whose groups and compartments exist."""
    given = texts(call.inputs, "statements")
    if not 1 <= len(given) <= 50:
        raise invalid_parameter("statements size must be between 1 and 50")
    for text in given:
        found = _STATEMENT.fullmatch(text)
        if found is None:
            raise _unreadable(text)
        if found["kind"].lower() not in ("allow", "deny"):
            continue  # across tenancies: the other tenancy is not modelled
        allowed = _ALLOW.fullmatch(found["rest"].strip())
        subject = _SUBJECT.fullmatch(allowed["subject"].strip()) if allowed else None
        if allowed is None or subject is None:
            raise _unreadable(text)
        if subject["kind"]:
            _require_groups(call, subject["kind"].lower(), subject["names"])
        if allowed["id"]:
            owners = (COMPARTMENT, "oci:Identity/tenancy:Tenancy")
            call.cloud.require(allowed["id"].strip("'"), *owners, path="statements")
        elif allowed["compartment"]:
            _require_compartment(call, allowed["compartment"].strip("'"))


def _unreadable(text: str) -> OciError:
    return invalid_parameter(f"Unable to parse policy statement: {text}")


def _named(names: str) -> Iterator[str]:
    """The names and OCIDs in a list: A, 'B C', 'Domain'/'Group', Domain/Group, id ocid1.group..."""
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
        if not any(same_name(each.name, name) for each in there):
            raise invalid_parameter(
                f"The {kind} {name} specified in the policy statement does not exist under current compartment "
                "hierarchy."
            )


def _require_compartment(call: Call, name: str) -> None:
    """A name may be that of an adopted compartment, whose name is unknown."""
    compartments = call.cloud.all(COMPARTMENT)
    if any(each.assumed for each in compartments):
        return
    if not of_path(call.cloud, name):
        raise invalid_parameter(
            f"The compartment {name} specified in the policy statement does not exist under current compartment "
            "hierarchy."
        )


_WHAT = re.compile(
    r"\s*(?:allow|deny)\s+(?P<subject>.+?)\s+to\s+"
    r"(?:\{(?P<permissions>[^}]*)\}|(?P<verb>[\w-]+)\s+(?P<types>[\w-]+(?:\s*,\s*[\w-]+)*))\s+in\s+.+",
    re.IGNORECASE | re.DOTALL | re.UNICODE,
)


@rule(POLICY, on="create update")
def words_of_statements(call: Call) -> None:
    """400 for an unknown verb, resource type, permission or service in a statement."""
    for text in texts(call.inputs, "statements"):
        for noun, word in _unknown(text):
            raise invalid_parameter(f"Unable to parse policy statement: {text} (no {noun} is called {word})")


def _unknown(statement: str) -> Iterator[tuple[str, str]]:
    found = _WHAT.fullmatch(statement)
    if found is None:
        return  # across tenancies, or refused already because it does not parse
    vocabulary = words()
    kind, _, names = found["subject"].strip().partition(" ")
    used = {
        "service": (_several(names) if kind.lower() == "service" else [], vocabulary.services),
        "permission": (_several(found["permissions"]), vocabulary.permissions),
        "verb": (_several(found["verb"]), frozenset(VERBS)),
        "resource type": (_several(found["types"]), vocabulary.resource_types),
    }
    for noun, (given, allowed) in used.items():
        yield from ((noun, word) for word in given if not known(word, allowed))
    for service in used["service"][0]:
        region = region_of_service(service)
        if region is not None and region not in REGIONS:
            yield "service", service


def _several(text: str | None) -> list[str]:
    return [each for each in re.split(r"[\s,]+", text or "") if each]
