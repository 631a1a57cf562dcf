"""Identity: tag namespaces, their keys and the default tags of compartments.

A namespace must be retired before it is deleted. A retired one keeps its name. Its deletion takes up to 48 hours:
docs.oracle.com/iaas/tools/oci-cli/latest/oci_cli_docs/cmdref/iam/tag-namespace/cascade-delete.html
"""

from typing import Final

from sandbox.oci.default_tags import DEFAULT, NAMESPACE, TAG
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, texts
from sandbox.oci.rules.references import refers
from sandbox.oci.services.identity.names import same_name

OF_ORACLE: Final = frozenset({"oracle-tags", "orcl-cloud"})
"""The namespaces that only Oracle's services write to."""

_LONGEST_VALUE: Final = 256
_MOST_VALUES: Final = 100

describe(NAMESPACE, DEFAULT, region="none")
describe(TAG, ocid="tagdefinition", region="none")
refers(TAG, tagNamespaceId=(NAMESPACE,))
refers(DEFAULT, tagDefinitionId=(TAG,))


@rule(NAMESPACE, TAG)
def no_period(call: Call) -> None:
    """400 for a period in a name, or for a namespace of Oracle. Source: Oracle's page "Tagging Overview"."""
    name = str(call.inputs.get("name"))
    if "." in name:
        raise invalid_parameter(f"name {name!r} is invalid: it cannot contain periods or spaces")
    if call.token == NAMESPACE and name.lower() in OF_ORACLE:
        raise invalid_parameter(f"name {name!r} is reserved")


@rule(NAMESPACE)
def namespace_name(call: Call) -> None:
    """409 for the name of another tag namespace of the tenancy. Ignores case."""
    if any(
        same_name(each.inputs.get("name"), call.inputs.get("name")) for each in call.cloud.all(call.token)
    ):
        raise conflict(
            f"TagNamespace '{call.inputs.get('name')}' already exists", "TagNamespaceAlreadyExists"
        )


@rule(TAG)
def tag_name(call: Call) -> None:
    """409 for a tag key that the namespace already has."""
    for other in call.cloud.all(call.token):
        if other.inputs.get("tagNamespaceId") == call.inputs.get("tagNamespaceId") and same_name(
            other.inputs.get("name"), call.inputs.get("name")
        ):
            name = call.inputs.get("name")
            raise conflict(f"TagDefinition '{name}' already exists", "TagDefinitionAlreadyExists")


@rule(TAG, on="create update")
def values_of_a_key(call: Call) -> None:
    """400 for a list without values, with more than 100, or with one that is empty or too long."""
    for validator in blocks(call.inputs, "validator"):
        values = texts(validator, "values")
        if not 1 <= len(values) <= _MOST_VALUES:
            raise invalid_parameter(f"validator.values size must be between 1 and {_MOST_VALUES}")
        for value in values:
            if not 1 <= len(value) <= _LONGEST_VALUE:
                raise invalid_parameter(
                    f"validator.values: {value!r} must have 1 to {_LONGEST_VALUE} characters"
                )


@rule(DEFAULT, on="create update")
def default_value(call: Call) -> None:
    """400 for a value that the key does not take; 409 for a second default of a key in a compartment."""
    key, value = call.cloud.find(str(call.inputs.get("tagDefinitionId"))), str(call.inputs.get("value"))
    if not 1 <= len(value) <= _LONGEST_VALUE:
        raise invalid_parameter(f"value must have 1 to {_LONGEST_VALUE} characters")
    allowed = (
        [each for block in blocks(key.inputs, "validator") for each in texts(block, "values")] if key else []
    )
    if allowed and value not in allowed:
        raise invalid_parameter(f"value {value!r} is not one of the values of the tag")
    names = ("compartmentId", "tagDefinitionId")
    for other in call.cloud.all(DEFAULT):
        mine = call.old is not None and other.id == call.old.id
        if not mine and all(other.inputs.get(name) == call.inputs.get(name) for name in names):
            raise conflict("A tag default for this tag already exists in the compartment")
