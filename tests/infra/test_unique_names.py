"""A replacement with the name of the old resource: the components delete first, or say why they need not."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from facts.provider_fields import Field, resource_fields
from facts.unique_names import UNIQUE
from infra.offline.recording import Registered
from report.changes import at
from sandbox.oci.cloud import Cloud
from sandbox.oci.diff import deletes_first
from sandbox.oci.foresight import refusal
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call
from sandbox.store import open_store
from tests.infra.snapshots import run

STACKS = ("staging", "prod", "hub-network", "nfs-weights", "lustre-weights")
"""Together they have every type of the table."""

REASONS: Mapping[str, str] = {
    "oci:Core/subnet:Subnet": "nodes and endpoints use it and are not replaced with it, so it cannot go first",
    "oci:Database/autonomousDatabase:AutonomousDatabase": "a clone's source changes only with the primary, and "
    "nothing that the component sets replaces a primary",
    "oci:Vault/secret:Secret": "a deleted secret keeps its name until its deletion ends, so going first does not help",
}
"""Why a resource of a type is created first although its replacement needs the same name. The report foresees it."""

NEVER_CHANGES: Mapping[tuple[str, str], str] = {
    (
        "oci:FileStorage/export:Export",
        "fileSystemId",
    ): "what replaces the file system replaces the mount target too",
    ("oci:Logging/log:Log", "logType"): "each component creates one type",
    ("oci:Waf/appFirewall:AppFirewall", "backendType"): "OCI knows one type",
}
"""By type and path: why the value that would replace the resource stays."""

COUNTED = ("LimitExceeded", "QuotaExceeded")
"""Refusals of a second resource because of its number. The engine's steps do not say how many fit."""

OTHER = {
    "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule": "only another group replaces a rule",
    "oci:ObjectStorage/replicationPolicy:ReplicationPolicy": "its name is the provider's reason to delete first",
    "oci:Redis/redisClusterAttachOciCacheUser:RedisClusterAttachOciCacheUser": "the name is that of the user, whose "
    "replacement has another name",
}
"""Refused beside themselves by a rule that the table cannot state, with the reason why no replacement meets it."""


def created(stack: str) -> list[Registered]:
    return [each for each in run(stack).resources if each.type.startswith("oci:")]


def some_of_each_type(stack: str) -> list[Registered]:
    """Three of a type, because each costs milliseconds and there are hundreds of security rules."""
    counts: Counter[str] = Counter()
    found = created(stack)
    return [each for each in found if counts.update([each.type]) or counts[each.type] <= 3]


def forcing(fields: Mapping[str, Field], inputs: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """The paths of the inputs whose change replaces the resource. Of a nested one, the inner paths if they force."""
    for name, value in inputs.items():
        field = fields.get(name)
        if field is None or value is None:
            continue
        inner = [*_inner(field, value, f"{above}{name}.")]
        if inner or field.replaces:
            yield from inner or [f"{above}{name}"]


def _inner(field: Field, value: Any, above: str) -> Iterator[str]:
    if isinstance(field.of, Mapping) and isinstance(value, Mapping):
        yield from forcing(field.of, value, above)


def colliding(resource: Registered) -> list[str]:
    """The paths that replace the resource while all values of a unique set stay."""
    fields = resource_fields(resource.type) or {}
    found: list[str] = []
    for paths in UNIQUE[resource.type].paths if resource.type in UNIQUE else ():
        if all(at(resource.inputs, path) for path in paths):
            found += [path for path in forcing(fields, resource.inputs) if path not in paths]
    return [each for each in found if (resource.type, each) not in NEVER_CHANGES]


@pytest.mark.parametrize("stack", STACKS)
def test_a_replacement_that_needs_the_old_name_deletes_first_or_has_a_reason(stack: str) -> None:
    late = {
        resource.type: (resource.name, colliding(resource))
        for resource in created(stack)
        if colliding(resource) and not resource.delete_before_replace
    }
    assert {kind: said for kind, said in late.items() if kind not in REASONS} == {}


def test_every_type_and_reason_is_used() -> None:
    found = [each for stack in STACKS for each in created(stack)]
    assert set(UNIQUE) == {each.type for each in found} & set(UNIQUE)
    late = {each.type for each in found if colliding(each) and not each.delete_before_replace}
    assert set(REASONS) <= late, "a reason for what deletes first"


def cloud_of(stack: str) -> Cloud:
    """The sandbox's cloud with everything that the stack registers."""
    cloud = Cloud(open_store(":memory:"))
    for each in created(stack):
        place = str(each.inputs.get("compartmentId") or "")
        outputs = dict(each.outputs or {})
        cloud.save(
            Entry(each.id, each.type, each.urn, "us-ashburn-1", place, "ACTIVE", dict(each.inputs), outputs)
        )
    return cloud


@pytest.mark.parametrize("stack", STACKS)
def test_the_table_knows_what_the_sandbox_refuses_beside_the_old_resource(stack: str) -> None:
    cloud, unknown = cloud_of(stack), dict[str, str]()
    seen = {each.type for each in created(stack)} & set(UNIQUE)
    for each in some_of_each_type(stack):
        fields, inputs = resource_fields(each.type) or {}, dict(each.inputs)
        said = refusal(Call(cloud, each.type, "create", "us-ashburn-1", inputs, None, each.urn))
        if said is None or said.status == 404:
            continue
        seen.discard(each.type)
        known = each.type in UNIQUE or each.type in OTHER or deletes_first(fields, inputs, inputs)
        if not known and said.code not in COUNTED:
            unknown[each.type] = said.answer
    assert unknown == {}
    assert seen == set(), "the sandbox accepts a second one"
