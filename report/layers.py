"""The layer (noun) of a resource: the layer of its outermost component."""

from collections.abc import Iterable

from facts.components import BY_NOUN, NOUNS
from report.resources import STACK_TYPE, Resource, type_chain

OTHER = "other"

_BY_MODULE = {
    "Core": "network",
    "Identity": "identity",
    "Kms": "vault",
    "Vault": "vault",
    "ObjectStorage": "storage",
    "FileStorage": "storage",
    "Lustre": "storage",
    "Database": "database",
    "Psql": "database",
    "Redis": "database",
    "Opensearch": "database",
    "ContainerEngine": "cluster",
    "Ons": "observability",
    "Monitoring": "observability",
    "Logging": "observability",
    "Budget": "governance",
    "Limits": "governance",
}
"""For resources outside our components."""


def layer_of(resource: Resource) -> str:
    """The noun of a resource, or `other`."""
    for token in type_chain(resource.urn):
        noun = NOUNS.get(token.rsplit(":", 1)[-1]) if token.startswith("genai:") else None
        if noun:
            return noun
    package, _, rest = resource.type.partition(":")
    if package == "kubernetes":
        return "serving"
    return _BY_MODULE.get(rest.split("/")[0], OTHER) if package == "oci" else OTHER


def by_layer(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    """Resources in a cloud or a cluster, grouped by noun, in the order of the nouns."""
    layers: dict[str, list[Resource]] = {noun: [] for noun in (*BY_NOUN, OTHER)}
    for resource in resources:
        if resource.custom and not resource.is_provider and resource.type != STACK_TYPE:
            layers[layer_of(resource)].append(resource)
    return {noun: found for noun, found in layers.items() if found}


def in_order(resources: Iterable[Resource]) -> list[Resource]:
    """Resources in the order of the nouns, and of their URNs. A program registers in any order what does not depend on
    each other, and a report must not differ for that."""
    places = {noun: place for place, noun in enumerate((*BY_NOUN, OTHER))}
    return sorted(resources, key=lambda each: (places[layer_of(each)], each.urn))
