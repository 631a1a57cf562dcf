"""What a replacement deletes first must not be in use by resources that stay until the new one exists."""

import json
from collections.abc import Iterator, Mapping, Sequence

import pytest

from facts.provider_fields import resource_fields
from infra.offline.recording import Registered
from sandbox.oci.diff import changes, deletes_first
from sandbox.oci.engine_values import UNKNOWN
from sandbox.oci.foresight import Planned, refused_deletions
from tests.infra.test_unique_names import STACKS, cloud_of, created, forcing, some_of_each_type

REASONS: Mapping[str, str] = {
    "oci:LoadBalancer/backendSet:BackendSet": "only another balancer replaces it, and the listeners go with that",
}
"""By type: why it is deleted first although others use it."""


def goes_first(resource: Registered) -> bool:
    fields = resource_fields(resource.type) or {}
    if not [*forcing(fields, resource.inputs)]:
        return False
    if resource.delete_before_replace is not None:
        return resource.delete_before_replace
    return deletes_first(fields, resource.inputs, resource.inputs)


def gone_with(resource: Registered, others: Sequence[Registered]) -> Iterator[Registered]:
    """What the engine deletes before it. Source: calculateDependentReplacements in step_generator.go of pulumi 3.259:
    each input that depends on a replaced resource becomes unknown, and the provider says whether that replaces."""
    gone = [resource]
    for other in others:
        if not any(each.urn in other.depends_on for each in gone):
            continue
        changed = {
            name: UNKNOWN
            for name, value in other.inputs.items()
            if any(_refers(json.dumps(value), each, other) for each in gone)
        }
        fields = resource_fields(other.type) or {}
        if changed and any(
            each.replaces for each in changes(fields, other.inputs, {**other.inputs, **changed})
        ):
            gone.append(other)
    yield from reversed(gone)


def _refers(text: str, to: Registered, by: Registered) -> bool:
    """By its OCID, or as a bucket by its name."""
    return to.id in text or (to.urn in by.depends_on and f'"{to.inputs.get("name")}"' == text)


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_deleted_first_is_not_in_use_by_what_stays(stack: str) -> None:
    cloud, found, used = cloud_of(stack), created(stack), dict[str, str]()
    for each in some_of_each_type(stack):
        if goes_first(each) and each.type not in used:
            plan = [Planned(one.id, None) for one in gone_with(each, found[found.index(each) + 1 :])]
            refused = refused_deletions(cloud, plan)
            if refused:
                used[each.type] = f"{each.name}: {refused[0][1].answer}"
    assert [said for kind, said in used.items() if kind not in REASONS] == []
