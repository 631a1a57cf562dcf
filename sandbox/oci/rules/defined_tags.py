"""Defined tags of every resource: how many, of which keys, and which a compartment requires.

Sources: Oracle's page "Tagging Overview" (64 defined tags; a value has 256 characters; retired keys cannot be
applied), the provider's documentation of `oci_identity_tag` (lists of values) and `oci_identity_tag_default` ("If no
value is set, resource creation is blocked"), and OCI's refusal "The following tag namespaces / keys are not authorized
or not found".
The other words of the refusals are unverified. A namespace that was not created here is taken to exist, as an OCID is.
"""

from collections.abc import Iterator
from typing import Any, Final

from facts.provider_fields import resource_fields
from sandbox.oci.cloud import Cloud
from sandbox.oci.compartments import those_above
from sandbox.oci.errors import invalid_parameter, not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, texts
from sandbox.oci.services.identity.names import same_name
from sandbox.oci.services.identity.tags import DEFAULT, NAMESPACE, OF_ORACLE, TAG

_MOST: Final = 64
_LONGEST: Final = 256


@rule("*", on="create update")
def defined_tags(call: Call) -> None:
    """400 for more than 64 tags, and for values that the key does not take. 404 for a key that does not exist."""
    tags = tags_in(call.inputs)
    if len(tags) > _MOST:
        raise invalid_parameter(f"definedTags: {len(tags)} tags exceed the maximum of {_MOST}")
    before = tags_in(call.old.outputs) if call.old else {}
    for (namespace, key), value in tags.items():
        if before.get((namespace, key)) != value:
            _tag(call, namespace, key, value)


def tags_in(inputs: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Values by namespace and key, from either form: the provider's `namespace.key`, or the API's nested objects."""
    given = inputs.get("definedTags")
    found: dict[tuple[str, str], str] = {}
    for name, value in given.items() if isinstance(given, dict) else ():
        if isinstance(value, dict):
            found |= {(str(name), str(key)): str(each) for key, each in value.items()}
        else:
            namespace, _, key = str(name).partition(".")
            found[namespace, key] = str(value)
    return found


def _tag(call: Call, namespace: str, key: str, value: str) -> None:
    name = f"{namespace}.{key}"
    if not namespace or not key or any(mark in key for mark in ". "):
        raise invalid_parameter(f"definedTags: {name!r} is not a namespace, a period and a key")
    if namespace.lower() in OF_ORACLE:
        raise not_found(
            f"The following tag namespaces / keys are not authorized or not found: '{namespace.lower()}'"
        )
    if len(value) > _LONGEST:
        raise invalid_parameter(f"definedTags: the value of {name!r} exceeds {_LONGEST} characters")
    owner = next(
        (each for each in call.cloud.all(NAMESPACE) if same_name(each.inputs.get("name"), namespace)), None
    )
    if owner is None or owner.assumed:
        return
    found = next(
        (
            each
            for each in call.cloud.all(TAG)
            if each.inputs.get("tagNamespaceId") == owner.id and same_name(each.inputs.get("name"), key)
        ),
        None,
    )
    if found is None:
        raise not_found(f"The following tag namespaces / keys are not authorized or not found: '{name}'")
    if any(str(each.inputs.get("isRetired")).lower() == "true" for each in (owner, found)):
        raise invalid_parameter(f"definedTags: {name!r} is retired")
    _one_of_its_values(found, name, value)


def _one_of_its_values(key: Entry, name: str, value: str) -> None:
    for validator in blocks(key.inputs, "validator"):
        allowed = texts(validator, "values")
        if allowed and value not in allowed and not value.startswith("${"):
            raise invalid_parameter(f"definedTags: {value!r} is not one of the values of {name!r}")


@rule("*")
def required_tags(call: Call) -> None:
    """400 for a resource without a tag that a default of its compartment requires."""
    fields = resource_fields(call.token)
    if not fields or "definedTags" not in fields or call.token in (NAMESPACE, TAG):
        return
    given = {(namespace.lower(), key.lower()) for namespace, key in tags_in(call.inputs)}
    for namespace, key in _required(call.cloud, str(call.inputs.get("compartmentId"))):
        if (namespace.lower(), key.lower()) not in given:
            raise invalid_parameter(
                f"The tag {namespace}.{key} is required in the compartment, and has no value"
            )


def _required(cloud: Cloud, compartment: str) -> Iterator[tuple[str, str]]:
    """The tags that the defaults of a compartment or of one above it require."""
    defaults = [each for each in cloud.all(DEFAULT) if str(each.inputs.get("isRequired")).lower() == "true"]
    if not defaults:
        return
    above = those_above(cloud, compartment)
    for each in defaults:
        key = cloud.find(str(each.inputs.get("tagDefinitionId")))
        owner = cloud.find(str(key.inputs.get("tagNamespaceId"))) if key else None
        if key and owner and each.inputs.get("compartmentId") in above:
            yield str(owner.inputs.get("name")), str(key.inputs.get("name"))
