"""Which layer (noun) a resource belongs to: the folder that its outermost component lives in."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from report.resources import STACK_TYPE, Resource, type_chain

NOUNS = (
    "network",
    "identity",
    "vault",
    "storage",
    "database",
    "cluster",
    "gpu",
    "serving",
    "observability",
    "governance",
)
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
"""For resources outside any component of ours."""


def layer_of(resource: Resource, components: Mapping[str, str] | None = None) -> str:
    """The noun of a resource. `components` names the noun of each component class; by default as installed."""
    known = installed_components() if components is None else components
    for token in type_chain(resource.urn):
        noun = known.get(token.rsplit(":", 1)[-1]) if token.startswith("genai:") else None
        if noun:
            return noun
    package, _, rest = resource.type.partition(":")
    if package == "kubernetes":
        return "serving"
    return _BY_MODULE.get(rest.split("/")[0], OTHER) if package == "oci" else OTHER


def by_layer(
    resources: Iterable[Resource], components: Mapping[str, str] | None = None
) -> dict[str, list[Resource]]:
    """Resources that stand in a cloud or a cluster, by noun, in the order of the nouns."""
    layers: dict[str, list[Resource]] = {noun: [] for noun in (*NOUNS, OTHER)}
    for resource in resources:
        if resource.custom and not resource.is_provider and resource.type != STACK_TYPE:
            layers[layer_of(resource, components)].append(resource)
    return {noun: found for noun, found in layers.items() if found}


@cache
def installed_components() -> Mapping[str, str]:
    """Class name to noun, from where the class's file lies: one noun, one folder; one class, one file."""
    return {
        **_classes_in("components", lambda path: path.parent.name),
        **_classes_in("serving", lambda _path: "serving"),
    }


def _classes_in(package: str, noun_of: Callable[[Path], str]) -> dict[str, str]:
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec and spec.submodule_search_locations else ()
    return {
        name: noun_of(path)
        for folder in folders
        for path in sorted(Path(folder).glob("*/*.py"))
        for name in re.findall(
            r"^class (\w+)\(.*ComponentResource", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
