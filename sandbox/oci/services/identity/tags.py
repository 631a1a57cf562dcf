"""Identity: tag namespaces and their keys.

A namespace must be retired before it is deleted. A retired one keeps its name. Its deletion takes up to 48 hours:
docs.oracle.com/iaas/tools/oci-cli/latest/oci_cli_docs/cmdref/iam/tag-namespace/cascade-delete.html
"""

from typing import Final

from sandbox.oci.errors import conflict
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.references import refers
from sandbox.oci.services.identity.names import same_name

NAMESPACE: Final = "oci:Identity/tagNamespace:TagNamespace"
TAG: Final = "oci:Identity/tag:Tag"

describe(NAMESPACE, "oci:Identity/tagDefault:TagDefault", region="none")
describe(TAG, ocid="tagdefinition", region="none", id="tagNamespaces/{tagNamespaceId}/tags/{name}")
refers(TAG, tagNamespaceId=(NAMESPACE,))


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
