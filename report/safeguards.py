"""What a change leaves without a safeguard: it deletes the safeguard, and what it protects stays."""

from collections.abc import Iterator, Sequence

from facts.holders import SAFEGUARDS
from report.changes import Change
from report.public_doors import BUCKET
from report.resources import Resource, as_sequence


def unguarded(changes: Sequence[Change]) -> Iterator[tuple[Change, str]]:
    """Each deletion of a safeguard, with its effect. Not if the change also deletes what the safeguard protects."""
    deleted = [each for each in changes if each.operation == "delete"]
    gone = {name for each in deleted for name in _names(each.resource)}
    # The attachment of a user says the same, and only it names the cache.
    attached = {user for each in deleted for user in as_sequence(each.resource.inputs.get("ociCacheUsers"))}
    for each in deleted:
        effect = SAFEGUARDS.get(each.resource.type)
        if effect and gone.isdisjoint(_texts(each.resource)) and each.resource.id not in attached:
            yield each, effect


def _names(resource: Resource) -> Iterator[str]:
    """How a safeguard refers to this resource: by its OCID, or to a bucket by its name."""
    for each in (resource.id, resource.inputs.get("name") if resource.type == BUCKET else None):
        if isinstance(each, str):
            yield each


def _texts(resource: Resource) -> Iterator[str]:
    return (each for each in resource.inputs.values() if isinstance(each, str))
