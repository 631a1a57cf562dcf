"""Identity: tag namespaces and their keys."""

from sandbox.oci.errors import conflict
from sandbox.oci.rules import Call, rule
from sandbox.oci.services.identity.names import same_name


@rule("oci:Identity/tagNamespace:TagNamespace")
def namespace_name(call: Call) -> None:
    """409: tag namespaces are unique in the tenancy, whatever the case."""
    if any(
        same_name(each.inputs.get("name"), call.inputs.get("name")) for each in call.cloud.all(call.token)
    ):
        raise conflict(
            f"TagNamespace '{call.inputs.get('name')}' already exists", "TagNamespaceAlreadyExists"
        )


@rule("oci:Identity/tag:Tag")
def tag_name(call: Call) -> None:
    """409: tag keys are unique in their namespace."""
    for other in call.cloud.all(call.token):
        if other.inputs.get("tagNamespaceId") == call.inputs.get("tagNamespaceId") and same_name(
            other.inputs.get("name"), call.inputs.get("name")
        ):
            name = call.inputs.get("name")
            raise conflict(f"TagDefinition '{name}' already exists", "TagDefinitionAlreadyExists")
