"""Former URNs of a resource: by its own aliases, and by those of its parents."""

from collections.abc import Mapping

from .recording import Registered


def urns_of(resource: Registered, by_urn: Mapping[str, Registered]) -> set[str]:
    """The resource's URN, and its former URNs by its own aliases or those of its parents."""
    prefix = resource.urn.split("::")[:2]
    above = by_urn.get(resource.parent)
    parents = urns_of(above, by_urn) if above else {""}
    urns = {resource.urn}
    for parent in parents:
        for name in names_under(resource, above, parent):
            urns.add(compose(prefix, parent, resource.type, name))
    for alias in resource.aliases:
        candidates = {""} if alias.no_parent else {alias.parent} if alias.parent else parents
        urns.add(alias.urn)
        for parent in candidates:
            urns.add(compose(prefix, parent, alias.type or resource.type, alias.name or resource.name))
    return urns - {""}


def names_under(resource: Registered, above: Registered | None, parent: str) -> set[str]:
    """The names that a child may have had under a former parent. A child's name begins with its parent's name."""
    names = {resource.name}
    if above and resource.name.startswith(above.name):
        names.add(parent.rsplit("::", maxsplit=1)[-1] + resource.name.removeprefix(above.name))
    return names


def compose(prefix: list[str], parent: str, kind: str, name: str) -> str:
    """A URN in the engine's format."""
    chain = f"{parent.split('::')[2]}${kind}" if parent else kind
    return "::".join([*prefix, chain, name])
